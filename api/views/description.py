"""The API's description and its reader, both without any network; and the answer to unknown addresses."""

import json
from functools import cache
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import resolve
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from .. import problems
from ..authentication import AccessToken

# No badge from a validator on the network. Some hundred operations and shapes are not drawn at once: the reader opens
# a section, where each operation shows the shapes that it takes and gives.
READER_SETTINGS = {
    "deepLinking": True,
    "validatorUrl": None,
    "tagsSorter": "alpha",
    "docExpansion": "none",
    "defaultModelsExpandDepth": -1,
}


@cache
def document(language: str) -> dict[str, Any]:
    """The description, made once per process and language."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as JSON."""
    return JsonResponse(document(get_language() or ""), json_dumps_params={"ensure_ascii": False})


# The reader sets style attributes; scripts stay as strict as everywhere.
@method_decorator(csp_replace({"style-src": [SELF, UNSAFE_INLINE]}), name="dispatch")
class Reader(SpectacularSwaggerSplitView):
    """Swagger UI from the installed packages."""

    url_name = "api-schema"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().get(request, *args, **kwargs)
        if "settings" in response.data:
            response.data["settings"] = json.dumps(READER_SETTINGS)
        return response


@csrf_exempt
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """No such address: a problem, or for a reader who left out the last slash the way to it."""
    with_slash = f"{request.path_info}/"
    if request.method in ("GET", "HEAD") and resolve(with_slash).func is not unknown:
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    _name_the_caller(request)
    return problems.as_json(problems.not_found())


def _name_the_caller(request: HttpRequest) -> None:
    """The account of a token, so that the trail names who asked; without a right one it stays as it is."""
    try:
        known = AccessToken().authenticate(Request(request))
    except AuthenticationFailed:
        return
    if known:
        request.user = known[0]
