"""The base of every API view: deny by default, strict input, problems as answers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from .authentication import AccessToken, BrowserSession
from .errors import TooLarge
from .openapi import RegistrySchema
from .operations import Operation
from .params import read_all
from .parsers import StrictJSON
from .shapes.base import Nothing


class AlwaysJson(DefaultContentNegotiation):
    """The API answers in JSON, whatever a client says it would rather have."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class DeclaredRight(BasePermission):
    """The right that the view declares for the method, or a request that was answered when the caller had it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(view.operation(request).right(request.user)) or view.was_answered(request)


class ApiView(APIView):
    """A view whose methods are declared in `operations`; a method that is not there does not exist."""

    operations: ClassVar[Mapping[str, Operation]] = {}
    tag: ClassVar[str] = ""
    max_body_bytes: ClassVar[int] = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    authentication_classes = [AccessToken, BrowserSession]
    permission_classes = [DeclaredRight]
    parser_classes = [StrictJSON]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJson
    metadata_class = None
    throttle_classes = []
    schema = RegistrySchema()

    asked: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # who it is comes first: a refusal is noted with its caller
        if _declared_length(request) > self.max_body_bytes:
            raise TooLarge
        self.asked = read_all(request.GET, self.operation(request).query)

    def operation(self, request: Request) -> Operation:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in self.operations:
            raise MethodNotAllowed(method)
        return self.operations[method]

    def was_answered(self, request: Request) -> bool:
        """Whether this is a request again whose effect took the right to it: then its answer is given again."""
        return False

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def body(self, request: Request, narrower: type[BaseSerializer[Any]] | None = None) -> dict[str, Any]:
        """The validated body; ValidationError names every wrong field. `narrower`: what fits here of the form."""
        form = narrower or self.operation(request).body or Nothing
        read = form(data=request.data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


def _declared_length(request: Request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return timezone.localdate()


def created(body: Any, location: str) -> Response:
    """201 with the address of what was made."""
    return Response(body, status=201, headers={"Location": location})
