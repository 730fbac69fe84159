"""Query parameters as the API's description has them; they are declared and read in `certification.parameters`."""

from drf_spectacular.utils import OpenApiParameter

from certification.parameters import Param, address, boolean, choice, code, day, number, read_all, text

__all__ = ["Param", "address", "boolean", "choice", "code", "day", "documented", "number", "read_all", "text"]


def documented(param: Param) -> OpenApiParameter:
    return OpenApiParameter(
        param.name,
        dict(param.schema),
        OpenApiParameter.QUERY,
        description=param.description,
        enum=param.choices or None,
        required=param.required,
    )
