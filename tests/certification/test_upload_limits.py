"""What may be uploaded is said in one place, the settings; every text takes its numbers from there."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from certification.errors import Refused
from certification.services.dossiers import missing_for
from certification.services.evidence import attach, attach_upload
from certification.services.rulebooks import rules_for
from tests import factories as make
from tests.pages.visiting import page, visitor, words

pytestmark = pytest.mark.django_db
PAPER = "commitment_letter"


@pytest.fixture
def limits(settings: Any) -> Any:
    settings.EVIDENCE_MAX_BYTES = 3 * 1024 * 1024
    settings.EVIDENCE_MAX_FILES = 2
    return settings


def test_page_and_refusals_say_the_size_that_is_allowed(limits: Any) -> None:
    applicant = make.applicant()
    row = make.draft(applicant)
    shown = visitor(applicant).get(page(row, "evidence/"))
    assert "pdf、jpg、png、xlsx、docx，每个不超过 3 MB" in words(shown)
    assert 'accept=".pdf,.jpg,.jpeg,.png,.xlsx,.docx"' in shown.content.decode()
    missing = missing_for(row, rules_for(row, on=make.NOW.date()), on=make.NOW.date())
    remedies = {refusal.remedy for refusal in missing if refusal.code == "evidence_missing"}
    assert remedies == {"请上传 pdf、jpg、png、xlsx、docx，每个不超过 3 MB"}
    large = SimpleUploadedFile("大.pdf", make.PDF + b"0" * (4 * 1024 * 1024))
    with pytest.raises(Refused, match="超过 3 MB"):
        attach_upload(row, requirement=PAPER, upload=large, actor=applicant, at=make.NOW)


def test_as_many_files_as_the_settings_say_are_kept_of_a_paper(limits: Any) -> None:
    applicant = make.applicant()
    row = make.draft(applicant)
    sent = {"requirement": PAPER, "filename": "a.pdf", "content": make.PDF, "actor": applicant, "at": make.NOW}
    attach(row, **sent)
    attach(row, **sent)
    with pytest.raises(Refused, match="最多 2 个文件"):
        attach(row, **sent)


def test_the_api_describes_the_limits_of_the_settings() -> None:
    fields = APIClient().get("/api/schema/").json()["components"]["schemas"]["UploadRequest"]["properties"]
    assert fields["file"]["description"] == "At most 20 MB; at most 10 files for one paper"
