"""Every list with what it is asked with: the address of its endpoint, its page, and who sees something in it."""

from dataclasses import dataclass, field

from certification.models import ImportFile
from enterprises.roles import Role
from tests.scene import Scene

FIGURE = "guanbiao_enterprises"


@dataclass(frozen=True)
class Known:
    """One list. `path`: of its endpoint, `key`: (what names a row there, the column that does in the export).

    `shares`: what tells it there from the other list at the same address.
    """

    kind: str
    path: str = ""
    key: tuple[str, str] = ("", "")
    needs: dict[str, str] = field(default_factory=dict)
    reader: str = Role.CITY_REVIEWER
    shares: dict[str, str] = field(default_factory=dict)


KNOWN = [
    Known("register"),
    Known("enterprises", "enterprises/", ("uscc", "uscc")),
    Known("applications", "applications/", ("number", "number")),
    Known("reviews", reader=Role.TOWNSHIP_REVIEWER),
    Known("achievements"),
    Known("certificates", "certificates/", ("number", "number")),
    Known("papers", "certificates/", ("number", "number"), shares={"issuer": "bureau"}),
    Known("titles", "titles/", ("number", "number")),
    Known("priorities", "priorities/", ("number", "number")),
    Known("figures", "figures/", ("number", "number")),
    Known("credit-checks", "credit-checks/", ("number", "number")),
    Known("findings", "findings/", ("number", "number")),
    Known("timeline", "enterprises/{enterprise}/timeline/", ("title", "title"), {"enterprise": "{enterprise}"}),
    Known("plans", "plans/", ("code", "code")),
    Known("indicators", "plans/{plan}/indicators/", ("indicator", "indicator"), {"plan": "13th"}),
    Known("outcome", "plans/{plan}/outcome/", ("name", "name"), {"plan": "12th"}),
    Known("totals", "totals/", ("indicator", "indicator")),
    Known("series", "totals/{indicator}/series/", ("month", "month"), {"indicator": FIGURE}),
    Known(
        "counted",
        "totals/{indicator}/enterprises/",
        ("enterprise", "uscc"),
        {"indicator": FIGURE},
        Role.MONITOR,
    ),
    Known("divisions", "divisions/", ("code", "code")),
    Known("reporting-units", "reporting-units/", ("code", "code")),
    Known("programmes", "programmes/", ("code", "code")),
    Known("audit", "audit/", ("request_id", "request_id"), reader=Role.AUDITOR),
    Known("grants", reader=Role.AUDITOR),
    Known("checkpoints", "ledger/checkpoints/", ("root", "root"), reader=Role.AUDITOR),
    Known("imports", "imports/", ("filename", "filename")),
    Known("import-errors", "imports/{file}/errors/", ("reason", "reason"), {"file": "{file}"}),
    Known("import-rows", "imports/{file}/rows/", ("ledger_number", "ledger_number"), {"file": "{file}"}),
    Known("batches", "batches/", ("code", "code")),
    Known("evaluations", "evaluations/", ("application", "application")),
    Known(
        "enterprise-changes",
        "enterprises/{enterprise}/changes/",
        ("after", "after"),
        {"enterprise": "{enterprise}"},
    ),
    Known(
        "application-changes",
        "applications/{application}/changes/",
        ("after", "after"),
        {"application": "{application}"},
    ),
    Known("notifications", "notifications/", ("title", "title"), reader=Role.APPLICANT),
    Known("ledger", "ledger/", ("hash", "hash"), reader=Role.AUDITOR),
]
BY_KIND = {known.kind: known for known in KNOWN}


def needed(known: Known, scene: Scene) -> dict[str, str]:
    """What the list must be asked with, in a scene."""
    found = ImportFile.objects.order_by("id").first()
    row = scene.application
    said = {"enterprise": row.enterprise.uscc, "application": row.number, "file": found.key if found else ""}
    return {name: value.format(**said) for name, value in known.needs.items()}
