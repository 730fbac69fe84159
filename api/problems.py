"""Problem details (RFC 9457): the one shape of every refusal that the API gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.errors import Refusal

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: _("请求内容有误"),
    401: _("未登录或登录已失效"),
    403: _("无权办理"),
    404: _("未找到"),
    405: _("不支持的请求方法"),
    409: _("当前状态下不能办理"),
    411: _("须写明内容长度"),
    412: _("内容已被他人修改"),
    413: _("内容过大"),
    415: _("不支持的内容类型"),
    429: _("请求过于频繁"),
    500: _("系统内部错误"),
    503: _("系统繁忙"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as it is answered: status, one sentence, and each single reason with its field."""

    status: int
    detail: str
    errors: tuple[dict[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "type": "about:blank",
            "title": str(TITLES[self.status]),
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            content["errors"] = list(self.errors)
        return content


def of_refusals(status: int, refusals: tuple[Refusal, ...], headers: Mapping[str, str] | None = None) -> Problem:
    """The problem that names all these refusals."""
    detail = gettext("；").join(sentence(refusal) for refusal in refusals)
    return Problem(status, detail, tuple(map(reason, refusals)), headers or {})


def sentence(refusal: Refusal) -> str:
    """The refusal and what to do about it, as one sentence."""
    if not refusal.remedy:
        return refusal.message
    return gettext("%(message)s（%(remedy)s）") % {"message": refusal.message, "remedy": refusal.remedy}


def reason(refusal: Refusal) -> dict[str, str]:
    """One item of `errors`; remedy, rule and first possible day only where there are any."""
    item = {"field": refusal.field, "code": refusal.code, "message": refusal.message}
    more = {"remedy": refusal.remedy, "rule": refusal.rule, "possible_on": str(refusal.possible_on or "")}
    return item | {key: value for key, value in more.items() if value}


def not_found() -> Problem:
    """Absent, or outside the caller's scope: the two look the same."""
    return Problem(404, gettext("您要找的内容不存在，或不在您的权限范围内"))


def as_json(problem: Problem) -> JsonResponse:
    """The problem as a plain Django answer, for addresses that no API view serves."""
    return JsonResponse(
        problem.body(),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
