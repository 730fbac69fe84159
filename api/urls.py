"""The addresses of the API."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from .converters import register
from .views import applications, description, enterprises, jobs, ledger, places, plans, programmes, sessions, totals

register()

v1 = [
    path("auth/token/", sessions.Token.as_view()),
    path("auth/logout/", sessions.Logout.as_view()),
    path("divisions/", places.Divisions.as_view()),
    path("reporting-units/", places.ReportingUnits.as_view()),
    path("programmes/", programmes.Programmes.as_view()),
    path("programmes/<code:code>/", programmes.ProgrammeDetail.as_view()),
    path("enterprises/", enterprises.EnterpriseList.as_view(), name="api-enterprises"),
    path("enterprises/<uscc:uscc>/", enterprises.EnterpriseDetail.as_view()),
    path("enterprises/<uscc:uscc>/timeline/", enterprises.EnterpriseTimeline.as_view()),
    path("applications/", applications.ApplicationList.as_view()),
    path("applications/<application:number>/", applications.ApplicationDetail.as_view()),
    path("applications/<application:number>/evidence/", applications.ApplicationEvidence.as_view()),
    path("applications/<application:number>/actions/", applications.ApplicationActions.as_view()),
    path("evidence/<uuid:key>/", applications.EvidenceFile.as_view(), name="api-evidence-file"),
    path("plans/", plans.Plans.as_view()),
    path("plans/<code:code>/indicators/", plans.PlanIndicators.as_view()),
    path("plans/<code:code>/outcome/", plans.PlanOutcome.as_view()),
    path("totals/", totals.Totals.as_view()),
    path("totals/recount/", jobs.Recount.as_view()),
    path("totals/<code:indicator>/series/", totals.TotalSeries.as_view()),
    path("totals/<code:indicator>/enterprises/", totals.TotalEnterprises.as_view()),
    path("jobs/<uuid:key>/", jobs.JobDetail.as_view()),
    path("ledger/", ledger.Ledger.as_view()),
    path("ledger/verify/", ledger.LedgerVerification.as_view()),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", description.schema, name="api-schema"),
    path("docs/", description.Reader.as_view(), name="api-docs"),
    path("", RedirectView.as_view(pattern_name="api-docs")),
    re_path(r"^(?P<rest>.*)$", description.unknown),
]
