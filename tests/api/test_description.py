"""The description is valid, is served offline, and says what is really answered."""

import ast
import copy
import inspect
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from rest_framework.test import APIClient

from api.urls import v1
from certification.models import Application, ImportFile
from certification.notices.outbox import tell
from certification.services.findings import Found, record_finding
from certification.tasks import run_job
from certification.totals.checkpoint import fold
from enterprises.models import Account
from enterprises.roles import Role
from ledger.checkpoints import make as checkpoint
from tests import factories
from tests.scene import ABSENT_NUMBER

from .asking import V1, client_of, hand_in, post, upload
from .conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(APIClient().get("/api/schema/").json())


def test_description_is_valid_openapi_31_without_warnings(
    document: dict[str, Any], tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
    assert capsys.readouterr().err == ""


def test_description_names_every_address_method_and_refusal(document: dict[str, Any]) -> None:
    for pattern in v1:
        for method, operation in pattern.callback.cls.operations.items():
            path = f"{V1}/{pattern.pattern}".replace("<", "{").replace(">", "}")
            for kind in (
                "code:",
                "uscc:",
                "application:",
                "certificate:",
                "finding:",
                "uuid:",
                "sheet:",
                "count:",
                "str:",
            ):
                path = path.replace("{" + kind, "{")
            described = document["paths"][path][method.lower()]
            assert described["description"], path
            assert str(operation.status) in described["responses"]
            problem = described["responses"]["400"]["content"]["application/problem+json"]["schema"]
            assert problem == {"$ref": "#/components/schemas/Problem"}
            assert ({"token": []} in described.get("security", [])) is (path != f"{V1}/auth/token/")


class Describing:
    """Holds answers against the description, which must name every key of them."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = copy.deepcopy(document)
        self.checked: set[str] = set()
        for component in self.document["components"]["schemas"].values():
            if "properties" in component:
                component["additionalProperties"] = False

    def check(self, operation: str, answer: Any) -> None:
        found = [
            described
            for methods in self.document["paths"].values()
            for described in methods.values()
            if described["operationId"] == operation
        ]
        content = found[0]["responses"][str(answer.status_code)]["content"][answer["Content-Type"]]
        schema = {"components": self.document["components"], **content["schema"]}
        errors = list(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(answer.json()))
        assert not errors, (operation, errors[0].json_path, errors[0].message)
        self.checked.add(f"{operation} {answer.status_code}")


def imported(city: APIClient) -> ImportFile:
    """A file with a row that was taken and one that was not."""
    rows = f"uscc,name,township\n{factories.credit_code()},常州试验有限公司,320412100\n1,2,3\n"
    answer = hand_in(city, rows, dry_run="false", skip_bad_rows="true")
    file = ImportFile.objects.select_related("job").get(key=answer.json()["id"])
    run_job(str(file.job_id))
    return file


def found_in(row: Application, city: Account) -> str:
    """The number of a finding."""
    found = Found("4.1", "未见清单", "minor", timezone.localdate())
    return record_finding(row, found, actor=city, at=timezone.now()).number


def test_answers_are_what_the_description_says(document: dict[str, Any]) -> None:
    describing = Describing(document)
    applicant, staff = factories.applicant(), factories.reviewers()
    approved = factories.approved(applicant, staff)
    factories.achievement(applicant.enterprise, "guanbiao.certification", date(2020, 1, 1), certificate_number="A1")
    factories.achievement(factories.enterprise(), "guanbiao.implementation", date(2020, 1, 1))
    fold(at=timezone.now())
    tell(at=timezone.now())
    own, city = client_of(applicant), client_of(staff["city"])
    monitor, auditor = client_of(factories.account(Role.MONITOR)), client_of(factories.account(Role.AUDITOR))
    draft = factories.draft(applicant_of := factories.applicant())
    job = post(city, "totals/recount/", {}, 202)["job"]
    run_job(job)
    uscc = applicant.enterprise.uscc
    signed = checkpoint(at=timezone.now()).size
    file = imported(city)
    there, paper = factories.advising(applicant.enterprise), approved.documents.latest("id")
    factories.lookup(certificate := factories.certificate(applicant.enterprise))
    asked = [
        ("organisations_get", own, "organisations/"),
        ("enterprise_advisers_get", own, f"enterprises/{uscc}/advisers/"),
        ("certificate_list_get", city, "certificates/?count=exact"),
        ("certificate_detail_get", own, f"certificates/{certificate.number}/"),
        ("certificate_list_get", city, "certificates/?issuer=bureau&count=exact"),
        ("certificate_detail_get", own, f"certificates/{paper.number}/"),
        ("certificate_events_get", own, f"certificates/{paper.number}/events/"),
        ("verify_code_get", client_of(None), f"verify/{paper.code}/"),
        ("verify_code_get", client_of(None), "verify/nobodys-code/"),
        ("divisions_get", city, "divisions/"),
        ("reporting_units_get", city, "reporting-units/"),
        ("programmes_get", city, "programmes/"),
        ("programme_detail_get", city, "programmes/guanbiao/"),
        ("programme_detail_get", city, "programmes/honour/"),
        ("enterprise_list_get", city, "enterprises/?count=exact&page_size=1"),
        ("enterprise_detail_get", own, f"enterprises/{uscc}/"),
        ("enterprise_timeline_get", own, f"enterprises/{uscc}/timeline/"),
        ("application_list_get", city, "applications/"),
        ("application_detail_get", own, f"applications/{approved.number}/"),
        ("application_detail_get", client_of(applicant_of), f"applications/{draft.number}/"),
        ("enterprise_edits_get", city, f"enterprises/{uscc}/changes/"),
        ("application_edits_get", own, f"applications/{approved.number}/changes/"),
        ("application_comparison_get", city, f"applications/{approved.number}/comparison/"),
        ("application_comparison_get", city, f"applications/{approved.number}/comparison/?from=3&to=2"),
        ("finding_list_get", city, "findings/"),
        ("finding_detail_get", own, f"findings/{found_in(approved, staff['city'])}/"),
        ("application_findings_get", own, f"applications/{approved.number}/findings/"),
        ("plans_get", city, "plans/"),
        ("plan_indicators_get", city, "plans/13th/indicators/"),
        ("plan_outcome_get", city, "plans/12th/outcome/"),
        ("totals_get", monitor, "totals/"),
        ("total_series_get", monitor, "totals/guanbiao_enterprises/series/"),
        ("total_enterprises_get", monitor, "totals/guanbiao_enterprises/enterprises/"),
        ("job_detail_get", city, f"jobs/{job}/"),
        ("import_list_get", city, "imports/"),
        ("import_detail_get", auditor, f"imports/{file.key}/"),
        ("import_errors_get", city, f"imports/{file.key}/errors/"),
        ("import_rows_get", city, f"imports/{file.key}/rows/"),
        ("import_closing_get", city, f"imports/{file.key}/closing/"),
        ("ledger_get", auditor, "ledger/"),
        ("ledger_verification_get", auditor, "ledger/verify/"),
        ("ledger_key_get", client_of(None), "ledger/key/"),
        ("ledger_entry_detail_get", auditor, "ledger/1/"),
        ("ledger_proof_get", auditor, "ledger/1/proof/"),
        ("ledger_checkpoints_get", auditor, "ledger/checkpoints/"),
        ("ledger_consistency_get", auditor, f"ledger/checkpoints/{signed}/{signed}/"),
        ("audit_get", auditor, "audit/"),
        ("notifications_get", own, "notifications/"),
        # refusals
        ("enterprise_list_get", city, "enterprises/?page_size=1e9"),
        ("enterprise_list_get", client_of(None), "enterprises/"),
        ("ledger_get", city, "ledger/"),
        ("enterprise_detail_get", city, "enterprises/91350100M000100Y43/"),
    ]
    for operation, client, path in asked:
        describing.check(operation, client.get(f"{V1}/{path}"))
    _certificates(describing, certificate.number, there.pk, uscc, city)
    describing.check(
        "import_list_post", hand_in(city, f"uscc,name,township\n{factories.credit_code()},常州,320412100\n")
    )
    describing.check("application_evidence_post", upload(client_of(applicant_of), draft.number, "commitment_letter"))
    several = {"action": "accept", "applications": [{"number": approved.number}, {"number": ABSENT_NUMBER}]}
    kept = {"list": "reviews", "name": "超期", "query": {"overdue": "on"}}
    describing.check("saved_filters_post", city.post(f"{V1}/saved-filters/", kept, format="json"))
    describing.check("saved_filters_get", city.get(f"{V1}/saved-filters/"))
    describing.check("bulk_actions_post", city.post(f"{V1}/applications/bulk-actions/", several, format="json"))
    message = applicant.messages.latest("id")
    for operation, path in (("notification_read_post", f"{message.pk}/read/"), ("notifications_read_post", "read/")):
        describing.check(operation, own.post(f"{V1}/notifications/{path}", {}, format="json"))
    credentials = {"username": applicant.username, "password": factories.PASSWORD}
    describing.check("token_post", APIClient().post(f"{V1}/auth/token/", credentials, format="json"))
    # A file, an empty answer and the writing twins of what was checked are left.
    written = {"logout_post", "recount_post", "enterprise_list_post", "application_list_post"}
    changed = {"saved_filter_detail_patch", "saved_filter_detail_delete"}
    changed |= {
        "application_actions_post",
        "application_findings_post",
        "finding_answers_post",
        "finding_actions_post",
        "enterprise_detail_patch",
        "application_detail_patch",
    }
    changed |= {
        "certificate_list_post",
        "certificate_lookups_post",
        "certificate_scan_post",
        "enterprise_advisers_post",
        "verify_file_post",
    }
    files = {
        "certificate_scan_get",
        "finding_file_get",
        "certificate_file_view_get",
        "evidence_file_get",
        "evidence_file_delete",
        "import_rejected_get",
    }
    files |= {name for name in everything_described(document) if name.startswith("export_")}
    everything = everything_described(document)
    changed |= {"import_confirm_post", "import_undo_post"}
    assert everything - {name.split()[0] for name in describing.checked} == written | changed | files | ALONG


def _certificates(describing: Describing, number: str, advising: int, uscc: str, city: APIClient) -> None:
    """What happened to a certificate, and the end of advising."""
    happened = {"kind": "suspend", "on": "2025-12-01", "reason": "认证机构通知"}
    path = f"{V1}/certificates/{number}/events/"
    describing.check("certificate_events_post", city.post(path, happened, format="json"))
    describing.check("certificate_events_get", city.get(path))
    end, said = f"{V1}/enterprises/{uscc}/advisers/{advising}/end/", {"last_day": "2025-01-01", "reason": "期满"}
    describing.check("enterprise_adviser_end_post", city.post(end, said, format="json"))
    _titles(describing, city, uscc)


def _titles(describing: Describing, city: APIClient, uscc: str) -> None:
    """A title is recorded, corrected, re-examined and ended; a year is guided."""
    said = {name: str(value) for name, value in factories.TITLE.items()} | {"enterprise": uscc}
    made = city.post(f"{V1}/titles/", said, format="json")
    describing.check("title_list_post", made)
    again = {name: value for name, value in said.items() if name != "enterprise"} | {"ground": "文号有误"}
    corrected = city.post(f"{V1}/titles/{made.json()['number']}/correction/", again, format="json")
    describing.check("title_correction_post", corrected)
    path = f"{V1}/titles/{corrected.json()['number']}/"
    held = {"passed": True, "examined_on": "2026-11-02", "words": "属实"}
    describing.check("title_reexaminations_post", city.post(f"{path}reexaminations/", held, format="json"))
    describing.check("title_reexaminations_get", city.get(f"{path}reexaminations/"))
    ended = {"reason": "revoked", "ended_on": "2026-11-03", "ground": "撤销"}
    describing.check("title_end_post", city.post(f"{path}end/", ended, format="json"))
    describing.check("title_detail_get", city.get(path))
    guided = {**said, "stage": "intensive.cultivation", "effective_on": "2026-03-02"}
    year = city.post(f"{V1}/titles/", guided, format="json").json()["number"]
    step = {"on": "2026-06-01", "by": "指导组", "done": "辅导"}
    describing.check("title_guidance_post", city.post(f"{V1}/titles/{year}/guidance/", step, format="json"))
    describing.check("title_guidance_get", city.get(f"{V1}/titles/{year}/guidance/"))
    describing.check("title_list_get", city.get(f"{V1}/titles/?count=exact"))


# Held against the description along their own way, in test_evaluations.py.
PANELS = {
    "application_result_get", "batch_actions_post", "batch_detail_get", "batch_detail_patch", "batch_list_get",
    "batch_list_post", "notice_detail_get", "notice_list_get",
    "evaluation_actions_post", "evaluation_detail_get", "evaluation_list_get", "evaluation_scores_get",
    "evaluation_scores_put", "self_assessment_get", "self_assessment_put", "visits_post",
}  # fmt: skip

# The same, in test_selection.py.
RANKED = {
    "batch_terms_view_get", "batch_terms_view_put", "batch_late_entries_post", "batch_ranking_get",
    "batch_ranking_post", "batch_seal_post", "batch_recommendation_get", "batch_recommendation_put",
}  # fmt: skip


# Held against it in test_inputs.py.
INPUTS = {
    "credit_check_list_get", "credit_check_list_post", "credit_check_detail_get", "credit_check_correction_post",
    "credit_check_annulment_post", "credit_check_papers_post", "credit_check_paper_get", "credit_standing_get",
    "credit_sources_get",
    "priority_list_get", "priority_list_post", "priority_detail_get", "priority_end_post", "priority_correction_post",
    "priority_annulment_post", "priority_papers_post", "priority_paper_file_get", "priorities_held_get",
    "priority_kinds_get", "figure_items_get", "figure_list_get", "enterprise_figures_get", "enterprise_figures_put",
}  # fmt: skip


ALONG = PANELS | INPUTS | RANKED


def everything_described(document: dict[str, Any]) -> set[str]:
    return {described["operationId"] for methods in document["paths"].values() for described in methods.values()}


def test_reader_needs_no_network_and_loosens_styles_only(stranger: APIClient) -> None:
    page = stranger.get("/api/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "http" not in text.replace("http-equiv", "")
    policy = {part.split()[0]: part.split()[1:] for part in page["Content-Security-Policy"].split("; ")}
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["script-src"] == ["'self'"]
    script = stranger.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert "validatorUrl" in script.content.decode()
    assert "'unsafe-inline'" not in stranger.get(f"{V1}/plans/")["Content-Security-Policy"]


def test_unforeseen_error_is_a_problem_that_says_nothing_of_itself(
    as_: As, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("api.views.enterprises.enterprises_matching", broken)
    answer = as_(factories.account(Role.CITY_REVIEWER)).get(f"{V1}/enterprises/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "hunter2" not in answer.content.decode()
    assert "unforeseen error in the API" in caplog.text


def test_actions_of_views_are_short() -> None:
    """A view's method is at most 15 lines."""
    long = []
    for pattern in v1:
        tree = ast.parse(inspect.getsource(inspect.getmodule(pattern.callback.cls)))
        methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        long += [node.name for node in methods if node.body[-1].end_lineno - node.body[0].lineno + 1 > 15]
    assert long == []


# Codes whose words stand in another key (`name`), or that are nobody's words: an opaque account, a credit code of the
# ledger, a status of HTTP; `step`, the stage's `edition`, a programme's `stages` are objects; a
# certificate's edition is named by its code.
WORDLESS = {
    "Figure.indicator", "Indicator.indicator", "Series.indicator", "Entry.actor", "Entry.enterprise",
    "EntryDetail.actor", "EntryDetail.enterprise", "Event.status", "Problem.status", "Stage.edition",
    "Application.step", "ApplicationRow.step", "Programme.stages",
    "Certificate.edition", "CertificateRow.edition", "CertificateEvent.edition",
}  # fmt: skip
CODES = {
    "stage", "reporting_unit", "township", "enterprise", "indicator", "plan", "programme", "edition", "role", "level",
    "status", "kind", "verb", "step", "actor", "state", "stages",
}  # fmt: skip


def test_every_code_has_its_words_beside_it(document: dict[str, Any]) -> None:
    shapes = document["components"]["schemas"]
    closed = {f"#/components/schemas/{name}" for name, shape in shapes.items() if "enum" in shape}
    bare = set()
    for name, shape in shapes.items():
        columns = {} if name.endswith("Request") else shape.get("properties", {})
        for column, schema in columns.items():
            parts = [schema, *schema.get("oneOf", []), *schema.get("allOf", [])]
            is_code = column in CODES or any("enum" in part or part.get("$ref") in closed for part in parts)
            if is_code and f"{column}_display" not in columns:
                bare.add(f"{name}.{column}")
    assert bare == WORDLESS
