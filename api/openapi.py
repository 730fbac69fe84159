"""The API's description, read from each view's declared operations."""

import re
from typing import TYPE_CHECKING, Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from . import problems
from .params import documented
from .shapes.base import Form
from .shapes.problem import ProblemShape

if TYPE_CHECKING:
    from .operations import Operation

IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The `ETag` of what was read; if it has changed since, the answer is 412 and nothing changes",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,200}$"},
    OpenApiParameter.HEADER,
    description="The same key and content within 24 hours get the first answer; another content is 409",
)
ETAG = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The version, for `If-Match`",
    response=["200", "201"],
)
BYTES = "application/octet-stream"  # what generated clients know every file as, whatever its own type
WRITING = ("POST", "PUT", "PATCH")


class RegistrySchema(AutoSchema):
    """Describes an ApiView by its `operations`; the sentence comes from the method's docstring."""

    @property
    def operation(self) -> "Operation":
        return self.view.operations[self.method]

    def is_excluded(self) -> bool:
        return self.method not in getattr(self.view, "operations", {})

    def get_operation_id(self) -> str:
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self.view).__name__).lower()
        return f"{words}_{self.method.lower()}"

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        return str(super().get_serializer_name(serializer, direction)).removesuffix("Shape").removesuffix("Form")

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_description(self) -> str:
        handler = getattr(self.view, self.method.lower())
        return " ".join((handler.__doc__ or "").split())

    def get_override_parameters(self) -> list[Any]:
        declared: list[Any] = [documented(param) for param in self.operation.query]
        if self.operation.conditional:
            declared.append(IF_MATCH)
        if self._heeds_key():
            declared.append(IDEMPOTENCY_KEY)
        return [*declared, ETAG] if self.operation.versioned else declared

    def _heeds_key(self) -> bool:
        return getattr(getattr(self.view, self.method.lower()), "heeds_key", False)

    def get_request_serializer(self) -> Any:
        return self.operation.body

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """The schema of a shape; a form says that it takes no other keys, which is what `Form` holds."""
        schema = super()._map_basic_serializer(serializer, direction)
        return schema | {"additionalProperties": False} if isinstance(serializer, Form) else schema

    def get_response_serializers(self) -> Any:
        answer, later = self.operation.answer, self.operation.later
        found: dict[Any, Any] = {202: later} if later else {}
        if isinstance(answer, OpenApiTypes):
            kinds = dict.fromkeys((BYTES, *self.operation.media))
            return {(self.operation.status, kind): answer for kind in kinds} | found
        return {self.operation.status: answer} | found

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [*super().get_auth(), *([{}] if self.operation.is_public else [])]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for code in sorted(self._refusals()):
            content = self._get_response_for_code(ProblemShape, str(code), [problems.MEDIA_TYPE], direction)
            bodies[str(code)] = content | {"description": str(problems.TITLES[code])}
        return bodies

    def _refusals(self) -> set[int]:
        """The refusals that this operation may answer with."""
        found = {400, *self.operation.problems}
        if not self.operation.is_public:
            found |= {401, 403}
        if "{" in self.path:
            found.add(404)
        if self.method in WRITING and self.operation.body:
            found |= {413, 415}
        if self._heeds_key():
            found.add(409)
        if self.operation.conditional:
            found |= {409, 412}
        return found
