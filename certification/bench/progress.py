"""How far the worker is with a file: in the job's row, and while one transaction writes, which nobody sees into
before it ends, in a small file beside the table.
"""

from ..models import ImportFile
from .intake import path_of


def mark(file: ImportFile, done: int, total: int) -> None:
    """Put down how far it is; the last mark is seen until `clear`."""
    target = path_of(file).with_suffix(".progress")
    partial = target.with_suffix(".marking")
    partial.write_text(f"{done} {total}", encoding="ascii")
    partial.replace(target)


def clear(file: ImportFile) -> None:
    path_of(file).with_suffix(".progress").unlink(missing_ok=True)


def how_far(file: ImportFile) -> tuple[int, int]:
    """(done, total) of what is being done with a file; total 0: not known yet."""
    job = file.job
    if job is None:
        return 0, 0
    try:
        done, total = map(int, path_of(file).with_suffix(".progress").read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return job.done, job.total
    return (done, total) if done > job.done else (job.done, job.total)
