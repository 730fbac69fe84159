"""Shapes of the ledger."""

from rest_framework import serializers

from .base import Shape, display
from .codes import VERBS


class EntryShape(Shape):
    """An entry of the ledger."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="UTC, as it is hashed")
    actor = serializers.CharField()
    role = serializers.CharField()
    role_display = display()
    verb = serializers.ChoiceField(VERBS)
    verb_display = display()
    subject = serializers.CharField()
    enterprise = serializers.CharField(allow_null=True)
    enterprise_seq = serializers.IntegerField(allow_null=True)
    payload = serializers.DictField(child=serializers.JSONField())
    supersedes = serializers.IntegerField(allow_null=True)
    prev = serializers.CharField()
    hash = serializers.CharField()


class FaultShape(Shape):
    """A place where the ledger, or a fact held against it, does not fit."""

    number = serializers.IntegerField()
    reason = serializers.CharField()


class VerificationShape(Shape):
    """Result of walking the ledger: its first fault, or up to 20 roots and facts that differ from it.

    A long ledger is walked by the worker: the answer is the last result and its time, and `job` is what is under way.
    """

    ok = serializers.BooleanField(allow_null=True, help_text="null: not verified yet")
    checked = serializers.IntegerField(help_text="How many entries were walked")
    faults = FaultShape(many=True)
    verified_at = serializers.DateTimeField(allow_null=True, help_text="Of when this result is")
    job = serializers.UUIDField(allow_null=True, help_text="The verification under way; see `jobs/{id}/`")


class EntryDetailShape(EntryShape):
    """An entry with its exact bytes and its neighbours."""

    canonical = serializers.CharField(help_text="The text whose UTF-8 bytes are hashed")
    enterprise_prev = serializers.CharField()
    previous = serializers.IntegerField(allow_null=True)
    next = serializers.IntegerField(allow_null=True)
    enterprise_previous = serializers.IntegerField(allow_null=True, help_text="In the enterprise's own chain")
    enterprise_next = serializers.IntegerField(allow_null=True)
    superseded_by = serializers.IntegerField(allow_null=True, help_text="The later entry that corrects or ends it")


class ProofShape(Shape):
    """What shows, without the database, that an entry is in the ledger; `verify_offline.py` checks it."""

    form = serializers.CharField()
    number = serializers.IntegerField()
    canonical = serializers.CharField(help_text="The text whose UTF-8 bytes are hashed")
    hash = serializers.CharField(help_text="SHA-256 of these bytes")
    index = serializers.IntegerField(help_text="Leaf of the tree, from 0")
    size = serializers.IntegerField(help_text="Entries under the checkpoint")
    path = serializers.ListField(child=serializers.CharField(), help_text="Hashes from the leaf to the root (RFC 6962)")
    checkpoint = serializers.CharField(help_text="Signed note: size, root, time, Ed25519 signature")
    key = serializers.CharField(help_text="Which public key signed; take the key itself from `ledger/key/`")


class KeyShape(Shape):
    """The public key that checks the ledger's checkpoints."""

    name = serializers.CharField()
    algorithm = serializers.CharField()
    key = serializers.CharField(help_text="`name+id+key`, as signed-note tools take it")
    former_keys = serializers.ListField(child=serializers.CharField())


class CheckpointShape(Shape):
    """A signed statement: the first `size` entries have this root."""

    size = serializers.IntegerField()
    at = serializers.DateTimeField()
    root = serializers.CharField()
    note = serializers.CharField(help_text="The text that was signed, with its signature")


class ConsistencyShape(Shape):
    """What shows that the ledger of `size` entries begins with that of `old` entries."""

    form = serializers.CharField()
    old = serializers.IntegerField()
    size = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())
    old_checkpoint = serializers.CharField()
    checkpoint = serializers.CharField()
    key = serializers.CharField()
