"""Every page's address. Names are used by templates and tests; the paths are the contract's."""

from django.urls import include, path

from . import (
    batches,
    casework,
    certificates,
    documents,
    evaluations,
    exports,
    findings,
    imports,
    ledger,
    monitor,
    notifications,
    officers,
    public,
    register,
    titles,
    trail,
    verify,
)

urlpatterns = [
    path("", public.home, name="home"),
    *casework.urlpatterns,
    *documents.urlpatterns,
    *certificates.urlpatterns,
    *titles.urlpatterns,
    path("enterprises/", register.enterprise_list, name="enterprise-list"),
    path("enterprises/<str:uscc>/", register.enterprise_file, name="enterprise-file"),
    path("enterprises/<str:uscc>/linked-data/", register.enterprise_data, name="enterprise-data"),
    path("plans/<slug:code>/", public.plan_outcome, name="plan-outcome"),
    path("monitor/", monitor.monitor, name="monitor"),
    path("monitor/indicators/<slug:code>/", monitor.indicator, name="monitor-indicator"),
    *evaluations.urlpatterns,
    *batches.urlpatterns,
    *findings.urlpatterns,
    *officers.urlpatterns,
    *ledger.urlpatterns,
    *notifications.urlpatterns,
    *imports.urlpatterns,
    *trail.urlpatterns,
    *exports.urlpatterns,
    path("notices/", public.notices, name="notices"),
    *verify.urlpatterns,
    path("accounts/", include("enterprises.views.urls")),
]
