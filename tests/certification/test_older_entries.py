"""Entries from before a column was held stay valid, and proofs are made once."""

from dataclasses import replace
from datetime import date

import pytest
from django.db.models import Q

from certification.audit import fact_faults
from certification.models import Evaluation
from certification.services import certificate_acts, certificate_files, findings, panel_records
from certification.services.certificate_events import Act, suspend
from ledger.checkpoints import make as sign
from ledger.models import LedgerEntry
from ledger.proofs import proof_on_file, proven
from tests import factories as make
from tests import panels
from tests.scene import make_scene

pytestmark = pytest.mark.django_db
LATER = ("file", "whence")


def older(recorded):
    """What recorded an entry before: without what has been added to it since."""

    def without(fact, **told):
        return recorded(replace(fact, payload={k: v for k, v in fact.payload.items() if k not in LATER}), **told)

    return without


def test_files_and_events_recorded_before_are_no_faults(monkeypatch):
    for module in (certificate_acts, certificate_files, findings):
        monkeypatch.setattr(module, "record", older(module.record))
    scene = make_scene()
    act = Act(date(2025, 12, 1), "通知〔2025〕1 号", make.account("city_reviewer"), make.NOW)
    suspend(scene.lookup.certificate, act)
    since = Q(verb__startswith="credit.") | Q(verb__startswith="priority.")  # of kinds that there were not before
    payloads = "".join(LedgerEntry.objects.exclude(since).values_list("payload", flat=True))
    assert not [name for name in LATER if f'"{name}"' in payloads]
    assert list(fact_faults(limit=9)) == []


def test_a_panel_digested_in_the_older_form_is_no_fault(monkeypatch):
    staff = make.reviewers()
    for _ in range(3):
        panels.expert(staff["city"])
    held = panels.batch(staff["city"])
    panels.sent(panels.ready(), staff)
    monkeypatch.setattr(panel_records, "FORM", 0)
    panels.drawn(held, staff["city"])
    assert list(fact_faults(limit=9)) == []
    monkeypatch.undo()
    panels.score(Evaluation.objects.select_related("application__batch__sheet", "expert")[0])
    assert '"form":1' in LedgerEntry.objects.latest("number").payload
    assert list(fact_faults(limit=9)) == []


def test_a_proof_on_file_is_made_once_and_anew_for_the_next_checkpoint(django_assert_num_queries):
    row = make.enterprise()
    number = LedgerEntry.objects.latest("number").number
    first = sign(at=make.NOW)
    proof = proof_on_file(number)
    assert (
        proof.size,
        proven({"canonical": proof.canonical, "checkpoint": proof.checkpoint, "path": proof.path})["enterprise"],
    ) == (first.size, row.uscc)
    with django_assert_num_queries(1):  # which checkpoint is the newest
        assert proof_on_file(number) == proof
    assert proof_on_file(number + 1) is None
    make.enterprise()
    assert proof_on_file(number + 1) is None
    second = sign(at=make.NOW)
    assert (proof_on_file(number).size, proof_on_file(number + 1).size) == (second.size, second.size)
