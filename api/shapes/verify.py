"""Shapes of a verification: what anybody who has a paper of the bureau may know of it."""

from rest_framework import serializers

from .base import Shape, display
from .codes import PAPER_FINDINGS, PAPER_KINDS, PAPER_STANDINGS
from .ledger import ProofShape


class AttestedShape(Shape):
    """A paper that the bureau issued, and how it stands today."""

    number = serializers.CharField()
    kind = serializers.ChoiceField(PAPER_KINDS)
    kind_display = display()
    title = serializers.CharField(help_text="As it is printed")
    holder = serializers.CharField(help_text="Name of the enterprise on the day of issue")
    issuing_body = serializers.CharField(help_text="As it is printed")
    issued_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="The last day; null: no end is set")
    status = serializers.ChoiceField(PAPER_STANDINGS)
    status_display = display()
    status_since = serializers.DateField(allow_null=True, help_text="null: from the beginning")
    replaced_by = serializers.CharField(allow_null=True, help_text="Number of the paper that took its place")
    sha256 = serializers.CharField(allow_null=True, help_text="Of the file as it was issued; null: not made yet")
    ledger_number = serializers.IntegerField()


class VerifiedShape(AttestedShape):
    """The same with the proof that its issue is in the ledger."""

    proof = ProofShape(allow_null=True, help_text="null until a signed checkpoint covers the entry")


class ExaminedShape(Shape):
    """What a PDF that was handed in is."""

    finding = serializers.ChoiceField(PAPER_FINDINGS)
    finding_display = display()
    is_signature_intact = serializers.BooleanField()
    altered_at = serializers.IntegerField(
        allow_null=True, help_text="First byte, counted from 1, that differs from the file as it was issued"
    )
    attested = AttestedShape(allow_null=True, help_text="The paper that the file is, or says that it is")
