"""From any exception to the problem that the caller reads. Bad input never becomes a 500."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from certification.errors import Duplicate, NotAllowed, NotPossible, Refused, Stale
from certification.services.guessing import TooOften

from . import problems
from .problems import Problem

logger = logging.getLogger(__name__)
TOO_LARGE_CODES = {"file_too_large"}
CHALLENGE = {"WWW-Authenticate": "Token"}


class TooLarge(exceptions.APIException):
    """The body is larger than this address takes."""


class NeverIssued(Refused):
    """There is no paper of this code."""


class SecondStepMissing(Refused):
    """The password was right; a code of the account's device was not, or is missing."""


def problem_response(error: Exception, context: dict[str, Any]) -> Response:
    """The REST framework's exception handler."""
    set_rollback()
    found = problem_of(error, context["request"])
    return Response(found.body(), status=found.status, headers=found.headers, content_type=problems.MEDIA_TYPE)


def problem_of(error: Exception, request: Request) -> Problem:
    """The problem that stands for an exception; an unforeseen one is logged and says nothing of itself."""
    for kind, answer in ANSWERS:
        if isinstance(error, kind):
            return answer(error, request)
    logger.error("unforeseen error in the API", exc_info=error)
    return Problem(500, _("系统内部错误，已记录；请稍后再试"))


def _refused(error: Refused, request: Request) -> Problem:
    large = all(refusal.code in TOO_LARGE_CODES for refusal in error.refusals) and error.refusals
    return problems.of_refusals(413 if large else 400, error.refusals)


def _stale(error: Stale, request: Request) -> Problem:
    """412 answers a condition that the caller set; without one it is a race that someone else won."""
    return problems.of_refusals(412 if "If-Match" in request.headers else 409, error.refusals)


def _conflict(error: Refused, request: Request) -> Problem:
    return problems.of_refusals(409, error.refusals)


def _not_allowed(error: Refused, request: Request) -> Problem:
    return problems.of_refusals(403, error.refusals)


def _invalid(error: exceptions.ValidationError, request: Request) -> Problem:
    errors = tuple(flattened(error.get_full_details()))
    listed = _("；").join(_("：").join(filter(None, (item["field"], item["message"]))) for item in errors)
    return Problem(400, listed or _("请求内容有误"), errors)


def flattened(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """The leaves of the REST framework's nested details, each with its dotted field name."""
    if isinstance(details, dict) and set(details) == {"message", "code"} and not isinstance(details["code"], dict):
        yield {"field": path, "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for key, inner in details.items():
            yield from flattened(inner, path if key == "non_field_errors" else f"{path}.{key}".lstrip("."))
    else:
        for index, inner in enumerate(details):
            is_leaf = isinstance(inner, dict) and set(inner) == {"message", "code"}
            yield from flattened(inner, path if is_leaf or not inner else f"{path}.{index}".lstrip("."))


def _unparsed(error: exceptions.ParseError, request: Request) -> Problem:
    codes = error.get_codes()
    return Problem(400, str(error.detail), ({"field": "", "code": str(codes), "message": str(error.detail)},))


def _unauthenticated(error: Exception, request: Request) -> Problem:
    return Problem(401, _("请先登录，或提供访问令牌"), headers=CHALLENGE)


def _bad_credentials(error: exceptions.AuthenticationFailed, request: Request) -> Problem:
    if error.get_codes() == "wrong_credentials":
        return Problem(401, str(error.detail), headers=CHALLENGE)
    return Problem(401, _("访问令牌无效或已过期，请重新登录"), headers=CHALLENGE)


def _second_step(error: SecondStepMissing, request: Request) -> Problem:
    return replace(problems.of_refusals(401, error.refusals), headers=CHALLENGE)


def _never_issued(error: NeverIssued, request: Request) -> Problem:
    return problems.of_refusals(404, error.refusals)


def _forbidden(error: Exception, request: Request) -> Problem:
    if isinstance(error, exceptions.PermissionDenied) and str(error.detail).startswith("CSRF"):
        return Problem(403, _("页面已过期（CSRF 校验未通过），请刷新后再试"))
    return Problem(403, _("您的角色不能进行此操作"))


def _denied(error: PermissionDenied, request: Request) -> Problem:
    """Django's own: a stranger is asked to log in, as the REST framework's permissions do."""
    return _forbidden(error, request) if request.user.is_authenticated else _unauthenticated(error, request)


def _not_found(error: Exception, request: Request) -> Problem:
    return problems.not_found()


def _wrong_method(error: exceptions.MethodNotAllowed, request: Request) -> Problem:
    return Problem(405, _("该地址不支持 {method} 方法").format(method=request.method))


def _too_large(error: Exception, request: Request) -> Problem:
    return Problem(413, _("提交的内容过大，请压缩或拆分后再提交"))


def _wrong_type(error: exceptions.UnsupportedMediaType, request: Request) -> Problem:
    given = request.content_type or _("（未注明）")
    return Problem(415, _("不支持内容类型“{given}”，请见接口说明").format(given=given[:100]))


def _throttled(error: exceptions.Throttled, request: Request) -> Problem:
    wait = int(error.wait or 1)
    detail = _("尝试次数过多，请在 {seconds} 秒后再试").format(seconds=wait)
    return Problem(429, detail, headers={"Retry-After": str(wait)})


def _too_often(error: TooOften, request: Request) -> Problem:
    return _throttled(exceptions.Throttled(wait=error.wait), request)


def _malformed(error: Exception, request: Request) -> Problem:
    return Problem(400, _("请求格式有误"))


def _busy(error: Exception, request: Request) -> Problem:
    logger.error("database not available", exc_info=error)
    return Problem(503, _("系统繁忙，请稍后再试"), headers={"Retry-After": "2"})


Answer = Callable[[Any, Request], Problem]
# The first fitting line answers, so a narrower class stands before the wider one.
ANSWERS: tuple[tuple[type[Exception], Answer], ...] = (
    (Stale, _stale),
    (NotPossible, _conflict),
    (Duplicate, _conflict),
    (NotAllowed, _not_allowed),
    (SecondStepMissing, _second_step),
    (NeverIssued, _never_issued),
    (Refused, _refused),
    (exceptions.ValidationError, _invalid),
    (exceptions.ParseError, _unparsed),
    (exceptions.NotAuthenticated, _unauthenticated),
    (exceptions.AuthenticationFailed, _bad_credentials),
    (exceptions.PermissionDenied, _forbidden),
    (PermissionDenied, _denied),
    (exceptions.NotFound, _not_found),
    (Http404, _not_found),
    (exceptions.MethodNotAllowed, _wrong_method),
    (TooLarge, _too_large),
    (RequestDataTooBig, _too_large),
    (exceptions.UnsupportedMediaType, _wrong_type),
    (exceptions.Throttled, _throttled),
    (TooOften, _too_often),
    (SuspiciousOperation, _malformed),
    (UnreadablePostError, _malformed),
    (MultiPartParserError, _malformed),
    (OperationalError, _busy),
)
