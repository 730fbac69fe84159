"""The Celery application. Tasks carry ids only; what they work on is read from the database."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

from enterprises.origin import Channel, coming_from

from .lease import LeaseStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")


class OriginTask(Task):  # type: ignore[type-arg]
    """A task whose changes keep that nobody made them by hand."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with coming_from(Channel.TASK):
            return super().__call__(*args, **kwargs)


app = Celery("registry", task_cls=OriginTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
app.steps["consumer"].add(LeaseStep)


@worker_ready.connect
def catch_up(**_kwargs: Any) -> None:
    """A fresh worker beats and takes up what was left, without waiting for the next tick of the schedule."""
    for name in (
        "certification.heartbeat",
        "certification.resume_jobs",
        "certification.fold_totals",
        "ledger.checkpoint",
        "certification.make_fonts",
    ):
        app.send_task(name)
