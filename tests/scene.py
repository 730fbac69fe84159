"""An application under review in 湖塘镇, and every kind of caller: what permission matrices walk over."""

from dataclasses import dataclass, field

from django.core.files.base import ContentFile

from certification.models import (
    Achievement,
    Application,
    CreditCheck,
    Evidence,
    FindingAnswer,
    ImportFile,
    Job,
    LookupCheck,
    Message,
    Priority,
)
from certification.notices.outbox import tell
from certification.services.findings import Found, answer_finding, record_finding
from certification.services.jobs import queue_job
from enterprises.models import Account
from enterprises.roles import Role

from . import factories, facts
from .factories import NOW, OTHER_TOWN

ORDER = [
    "stranger", "own", "other", "town", "other town", "unit", "other unit",
    "city", "expert", "monitor", "manager", "system", "security", "auditor",
]  # fmt: skip
ABSENT_NUMBER, ABSENT_CODE = "SQ2026999999", "91350100M000100Y43"


@dataclass
class Scene:
    """What there is, and who asks for it; `message` is the town's."""

    application: Application
    evidence: Evidence
    job: Job
    message: Message
    file: ImportFile
    lookup: LookupCheck
    answer: FindingAnswer
    title: Achievement
    check: CreditCheck
    priority: Priority
    callers: dict[str, Account | None]
    placeholders: dict[str, str] = field(default_factory=dict)  # of the addresses of pages


def make_scene() -> Scene:
    own, staff = factories.applicant(), factories.reviewers()
    application = factories.step(factories.filled(own), "submit", own)
    manager = factories.account(Role.PLAN_MANAGER)
    callers: dict[str, Account | None] = {
        "stranger": None,
        "own": own,
        "other": factories.applicant(),
        "town": staff["township"],
        "other town": factories.account(Role.TOWNSHIP_REVIEWER, township=OTHER_TOWN),
        "unit": staff["district"],
        "other unit": factories.account(Role.DISTRICT_REVIEWER, unit="liyang"),
        "city": staff["city"],
        "expert": factories.account(Role.EXPERT),
        "monitor": factories.account(Role.MONITOR),
        "manager": manager,
        "system": factories.account(Role.SYSTEM_ADMIN),
        "security": factories.account(Role.SECURITY_ADMIN),
        "auditor": factories.account(Role.AUDITOR),
    }
    job = queue_job("recount", owner=manager, at=NOW)
    tell(at=NOW)
    message = Message.objects.get(recipient=staff["township"])
    file = ImportFile.objects.create(
        kind="enterprises", filename="企业.csv", size=1, sha256="0" * 64, uploaded_by=staff["city"], uploaded_at=NOW
    )
    lookup = factories.lookup(factories.certificate(application.enterprise))
    title = factories.title(application.enterprise)
    check = facts.check(application.enterprise, upload=ContentFile(factories.PDF, "查询截图.pdf"))
    facts.figures(application.enterprise, by=own)
    priority = facts.priority(application.enterprise, upload=ContentFile(factories.PDF, "名单.pdf"))
    found = Found("4.1", "未见文件清单", "minor", NOW.date())
    finding = record_finding(application, found, actor=staff["city"], at=NOW)
    said = {"text": "已补文件清单", "filename": "清单.pdf", "content": factories.PDF}
    answer = answer_finding(finding, **said, actor=own, at=NOW)
    return Scene(
        application, application.evidence.all()[0], job, message, file, lookup, answer, title, check, priority, callers
    )
