"""Reading a table in a process of its own: whatever a file does to its reader, it does to this process alone.

Run as `python -m certification.bench.child SOURCE TARGET LIMITS`; it knows no database and no secret. The rows go to
TARGET, one JSON list `[line, [cell, ...]]` a line; the outcome, as JSON, to standard output.
"""

import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from enterprises.errors import Refused
from enterprises.imports.spreadsheets import Limits
from enterprises.imports.tables import open_table


def limit(*, memory: int, cpu: int, output: int) -> None:
    """From now on this process gets no more: bytes of address space, processor seconds, bytes in one file."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    """Write the rows of `source` to `target`; how many there are without the header, and the file's encoding."""
    table = open_table(source, limits=limits)
    written = 0
    with target.open("w", encoding="utf-8") as file:
        for row in table.rows():
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
            file.write("\n")
            written += 1
    return {"rows": max(written - 1, 0), "encoding": table.encoding}


def main(arguments: Sequence[str]) -> int:
    source, target, given = arguments
    asked = json.loads(given)
    settings.configure(USE_I18N=False)  # stored results speak Chinese, the language of the code
    limit(**asked["process"])
    try:
        outcome = read(Path(source), Path(target), Limits(**asked["table"]))
    except Refused as refused:
        outcome = {
            "refusals": [
                {"code": each.code, "message": each.message, "field": each.field, "remedy": each.remedy}
                for each in refused.refusals
            ]
        }
    json.dump(outcome, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
