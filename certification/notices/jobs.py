"""What kinds of jobs are called, and where their results are read."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# kind -> name, page; the page may take the job's key.
JOBS = {
    "recount": (_("全部指标复核"), "monitor"),
    "export": (_("数据导出"), "exports"),
    "import_check": (_("导入文件检查"), "imports"),
    "import_apply": (_("数据导入"), "imports"),
    "import_undo": (_("撤回导入"), "imports"),
    "verify_ledger": (_("台账核验"), "ledger-verify"),
}


def job_name(kind: str) -> str:
    return str(JOBS[kind][0]) if kind in JOBS else kind


def job_page(kind: str, key: str) -> str:
    """The address where a job's result is read; empty: there is no page for it."""
    page = JOBS[kind][1] if kind in JOBS else ""
    for arguments in ([], [key]):
        try:
            return reverse(page, args=arguments) if page else ""
        except NoReverseMatch:
            continue
    return ""
