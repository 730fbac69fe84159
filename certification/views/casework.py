"""Addresses of the applicant's and the reviewers' pages (urls.py takes them in)."""

from django.urls import path

from . import applicant, applications, bulk, enterprise_changes, filling, filters, history, reviewer

urlpatterns = [
    path("workspace/", applicant.workspace, name="workspace"),
    path("workspace/register/", applicant.register, name="workspace-register"),
    path("workspace/applications/", applicant.open_draft, name="application-open"),
    path("reviews/", reviewer.reviews, name="reviews"),
    path("filters/", filters.saved, name="filters"),
    path("filters/<int:key>/", filters.change, name="filter"),
    path("reviews/bulk/", bulk.bulk, name="reviews-bulk"),
    path("applications/<str:number>/", applications.application, name="application"),
    path("applications/<str:number>/actions/", applications.act, name="application-act"),
    path("applications/<str:number>/fields/", filling.fields, name="application-fields"),
    path("applications/<str:number>/modules/", filling.modules, name="application-modules"),
    path("applications/<str:number>/evidence/", filling.evidence, name="application-evidence"),
    path("applications/<str:number>/evidence/<uuid:key>/", applications.evidence, name="evidence"),
    path("applications/<str:number>/evidence/<uuid:key>/off/", filling.evidence_off, name="evidence-off"),
    path("applications/<str:number>/check/", filling.check, name="application-check"),
    path("applications/<str:number>/history/", history.application_history, name="application-history"),
    path("enterprises/<str:uscc>/history/", history.enterprise_history, name="enterprise-history"),
    path("enterprises/new/", enterprise_changes.register, name="enterprise-register"),
    path("enterprises/<str:uscc>/amend/", enterprise_changes.amend_file, name="enterprise-amend"),
    path("enterprises/<str:uscc>/rename/", enterprise_changes.rename_file, name="enterprise-rename"),
    path("enterprises/<str:uscc>/relocate/", enterprise_changes.relocate_file, name="enterprise-relocate"),
    path("enterprises/<str:uscc>/high-tech/", enterprise_changes.high_tech_file, name="enterprise-high-tech"),
    path("enterprises/<str:uscc>/high-tech/<int:key>/end/", enterprise_changes.high_tech_end, name="high-tech-end"),
    path("enterprises/<str:uscc>/advisers/", enterprise_changes.advising, name="advising"),
    path("enterprises/<str:uscc>/advisers/<int:key>/end/", enterprise_changes.advising_end, name="advising-end"),
    path(
        "enterprises/<str:uscc>/achievements/<int:ledger_number>/end/", enterprise_changes.end, name="achievement-end"
    ),
]
