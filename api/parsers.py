"""Reading JSON strictly: UTF-8, no doubled keys, no control characters, no deep nesting, no NaN."""

import json
from collections.abc import Mapping
from email.message import Message
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from certification.parameters import FORBIDDEN

MAX_DEPTH = 20


class StrictJSON(BaseParser):
    """`application/json` in UTF-8. The size of the body was checked before (ApiView)."""

    media_type = "application/json"

    def parse(
        self, stream: BinaryIO, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        _refuse_other_charset(media_type or "")
        try:
            text = stream.read().decode("utf-8-sig")
            data = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
        except UnicodeDecodeError as error:
            raise ParseError(_("请求内容不是 UTF-8 编码"), "encoding") from error
        except RecursionError as error:
            raise _too_deep() from error
        except ValueError as error:
            raise ParseError(_("请求内容不是有效的 JSON"), "json_invalid") from error
        check_tree(data)
        return data


def check_tree(data: Any) -> None:
    """Refuse control characters in any string and nesting beyond MAX_DEPTH."""
    waiting = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            if FORBIDDEN.search(value):
                raise ParseError(_("文字中含有控制字符，请删除后再提交"), "control_characters")
        elif isinstance(value, dict | list):
            if depth > MAX_DEPTH:
                raise _too_deep()
            inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value
            waiting.extend((item, depth + 1) for item in inner)


def _too_deep() -> ParseError:
    return ParseError(_("JSON 嵌套超过 {depth} 层").format(depth=MAX_DEPTH), "json_too_deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError(_("JSON 中有重复的键"), "json_duplicate_key")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _refuse_other_charset(media_type: str) -> None:
    header = Message()
    header["Content-Type"] = media_type
    charset = header.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(media_type)
