"""Pages that say what went wrong: in words, with a way back, without a trace."""

import re

import pytest
from django.db import OperationalError
from django.template.loader import get_template
from django.test import Client

from ..factories import account
from .reading import text_of
from .world import sign_in

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.mark.django_db
def test_404_says_so_and_leads_home(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到该页面" in text_of(answer)
    assert "nowhere" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("missing", "out_of_scope"),
    [
        ("/monitor/indicators/nothing/", "/monitor/indicators/guanbiao_enterprises/?unit=liyang"),
        ("/nowhere/", "/plans/13th/"),
    ],
)
def test_404_is_the_same_for_missing_and_out_of_scope(missing, out_of_scope):
    client = sign_in(account("district_reviewer"))
    bodies = {TOKEN.sub("", client.get(path).content.decode()) for path in (missing, out_of_scope)}
    assert len(bodies) == 1


@pytest.mark.django_db
def test_403_says_so():
    answer = sign_in(account("expert")).get("/monitor/")
    assert answer.status_code == 403
    assert "您的账户不能进行此操作" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "words"), [("400.html", "请求无法处理"), ("500.html", "系统暂时出错"), ("503.html", "系统正忙")]
)
def test_pages_for_a_broken_system_need_nothing_of_it(name, words):
    """No database, no request, no context: these are shown when those fail."""
    html = get_template(name).render()
    assert words in html
    assert html.count("<h1") == html.count("<main") == 1


@pytest.mark.django_db
def test_500_shows_no_trace(settings, monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("certification.views.public.board", broken)
    client = Client(raise_request_exception=False)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "系统暂时出错" in text_of(answer)
    assert "secret" not in answer.content.decode()
    assert "content-security-policy" in {name.lower() for name in answer.headers}


@pytest.mark.django_db
def test_a_busy_database_is_said_so_and_to_come_again(monkeypatch):
    """As SQLite is for everybody else while a large import is being written."""

    def locked(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("certification.views.public.board", locked)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "系统正忙" in text_of(answer)
    assert "locked" not in answer.content.decode()


@pytest.mark.django_db
def test_429_page_is_there():
    assert "操作过于频繁" in get_template("429.html").render({"site": {"name": ""}})
