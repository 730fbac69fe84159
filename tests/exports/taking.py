"""Taking lists away and reading them back as a spreadsheet program would."""

import csv
import io
from typing import Any

import openpyxl

from certification.exports.listings import LISTINGS
from certification.exports.sheets import MEDIA_TYPES
from tests.api.asking import V1

FORMS = ("csv", "xlsx")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def csv_rows(content: bytes) -> list[list[str]]:
    assert content.startswith("﻿".encode())
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def xlsx_rows(content: bytes) -> list[list[Any]]:
    return [list(row) for row in book(content).worksheets[0].iter_rows(values_only=True)]


def taken(client: Any, kind: str, form: str = "csv", /, **query: Any) -> list[dict[str, Any]]:
    """The rows of an export, by the codes of the columns."""
    answer = client.get(f"{V1}/exports/{kind}.{form}", query)
    content = body(answer)
    assert answer.status_code == 200, content.decode()
    assert answer["Content-Type"] == MEDIA_TYPES[form]
    columns = list(LISTINGS[kind].columns)
    header, *rows = csv_rows(content) if form == "csv" else xlsx_rows(content)
    assert header == [str(column.name) for column in columns]
    codes = [column.code for column in columns]
    return [dict(zip(codes, row, strict=True)) for row in rows]
