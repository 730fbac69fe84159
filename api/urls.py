"""The addresses of the API."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from .converters import register
from .views import (
    applications,
    bulk,
    description,
    enterprises,
    exports,
    filters,
    history,
    imports,
    jobs,
    ledger,
    notifications,
    places,
    plans,
    programmes,
    sessions,
    totals,
    trail,
)

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
    path("enterprises/<uscc:uscc>/changes/", history.EnterpriseEdits.as_view()),
    path("applications/", applications.ApplicationList.as_view()),
    path("applications/bulk-actions/", bulk.BulkActions.as_view()),
    path("applications/<application:number>/", applications.ApplicationDetail.as_view()),
    path("applications/<application:number>/evidence/", applications.ApplicationEvidence.as_view()),
    path("applications/<application:number>/actions/", applications.ApplicationActions.as_view()),
    path("applications/<application:number>/changes/", history.ApplicationEdits.as_view()),
    path("applications/<application:number>/comparison/", history.ApplicationComparison.as_view()),
    path("saved-filters/", filters.SavedFilters.as_view()),
    path("saved-filters/<code:code>/", filters.SavedFilterDetail.as_view()),
    path("evidence/<uuid:key>/", applications.EvidenceFile.as_view(), name="api-evidence-file"),
    path("plans/", plans.Plans.as_view()),
    path("plans/<code:code>/indicators/", plans.PlanIndicators.as_view()),
    path("plans/<code:code>/outcome/", plans.PlanOutcome.as_view()),
    path("totals/", totals.Totals.as_view()),
    path("totals/recount/", jobs.Recount.as_view()),
    path("totals/<code:indicator>/series/", totals.TotalSeries.as_view()),
    path("totals/<code:indicator>/enterprises/", totals.TotalEnterprises.as_view()),
    *exports.routes(),
    path("exports/files/<uuid:key>/", exports.ExportFile.as_view(), name="api-export-file"),
    path("jobs/<uuid:key>/", jobs.JobDetail.as_view()),
    path("imports/", imports.ImportList.as_view()),
    path("imports/<uuid:key>/", imports.ImportDetail.as_view()),
    path("imports/<uuid:key>/errors/", imports.ImportErrors.as_view()),
    path("imports/<uuid:key>/rows/", imports.ImportRows.as_view()),
    path("imports/<uuid:key>/rejected/", imports.ImportRejected.as_view()),
    path("imports/<uuid:key>/closing/", imports.ImportClosing.as_view()),
    path("imports/<uuid:key>/confirm/", imports.ImportConfirm.as_view()),
    path("imports/<uuid:key>/undo/", imports.ImportUndo.as_view()),
    path("ledger/", ledger.Ledger.as_view()),
    path("ledger/verify/", ledger.LedgerVerification.as_view()),
    path("ledger/key/", ledger.LedgerKey.as_view()),
    path("ledger/checkpoints/", ledger.LedgerCheckpoints.as_view()),
    path("ledger/checkpoints/<count:old>/<count:size>/", ledger.LedgerConsistency.as_view()),
    path("ledger/<count:number>/", ledger.LedgerEntryDetail.as_view()),
    path("ledger/<count:number>/proof/", ledger.LedgerProof.as_view()),
    path("notifications/", notifications.Notifications.as_view()),
    path("notifications/read/", notifications.NotificationsRead.as_view()),
    path("notifications/<count:key>/read/", notifications.NotificationRead.as_view()),
    path("audit/", trail.Audit.as_view()),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", description.schema, name="api-schema"),
    path("docs/", description.Reader.as_view(), name="api-docs"),
    path("", RedirectView.as_view(pattern_name="api-docs")),
    re_path(r"^(?P<rest>[\s\S]*)$", description.unknown),  # a line end in the address is no way round it
]
