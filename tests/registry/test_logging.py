"""What may stand in a log line, and what may not."""

import io
import json
import logging
import logging.config
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.logging import LOGGING, MASK, mask, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话 13812341234 已登记", "电话 138****1234 已登记"),
        ("320411199003071234", "320411********4"),
        ("code 91320411137188330X of an enterprise", "code 91320411137188330X of an enterprise"),
        ("ledger number 1381234123456", "ledger number 1381234123456"),
        ('{"password": "hunter2hunter2"}', '{"password": "' + MASK + '"}'),
        ("POST /login?password=hunter2&next=/", f"POST /login?password={MASK}&next=/"),
        ("token: abcdef012345", f"token: {MASK}"),
        ("the token has expired", "the token has expired"),
    ],
)
def test_text_is_masked_by_its_form(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "name",
    ["password", "new_password1", "Authorization", "auth_token", "sessionid_cookie", "contact_phone", "otp", "args"],
)
def test_values_are_masked_by_their_name(name: str) -> None:
    assert mask({name: "anything"}) == {name: MASK}


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text("甲乙丙 ,;", max_size=5), st.text("丁戊 ,;", max_size=5))
def test_no_mobile_number_survives(number: str, before: str, after: str) -> None:
    assert number not in json.dumps(mask({"event": [before + number + after]}), ensure_ascii=False)


def test_log_line_is_one_json_object_with_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    lines = logged('line one\nfake: {"level": "info"}\x1b[31m 13812341234', extra={"password": "x"})
    assert len(lines) == 1
    entry = json.loads(lines[0])
    assert entry["event"].startswith("line one\n")
    assert entry["password"] == MASK
    assert "13812341234" not in lines[0]
    assert "\x1b" not in lines[0]


def test_traceback_is_masked_too() -> None:
    try:
        raise ValueError("phone=13812341234")
    except ValueError:
        (line,) = logged("failed", exc_info=True)
    assert "ValueError" in line
    assert "13812341234" not in line


def logged(message: str, **options: Any) -> list[str]:
    formatter = LOGGING["formatters"]["json"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter["()"](**{key: value for key, value in formatter.items() if key != "()"}))
    logger = logging.getLogger("test.logging")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.error(message, **options)
    finally:
        logger.removeHandler(handler)
    return stream.getvalue().splitlines()
