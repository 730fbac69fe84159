"""The frame of every page: what is rendered once in a process is right for every reader all the same."""

import pytest
from django.template import Context, RequestContext, engines
from django.test import Client, RequestFactory
from django.utils.translation import override

SOURCE = "{% load i18n page_tags %}{% same_for_all %}{% trans '企业名录' %}{{ name }}{% endsame_for_all %}{{ name }}"


@pytest.fixture
def page():
    return engines["django"].from_string(SOURCE).template


def asked(**said):
    return RequestContext(RequestFactory().get("/"), said)


def test_same_for_all_is_rendered_once_in_each_language(page):
    with override("zh-hans"):
        assert page.render(asked(name="a")) == "企业名录aa"
        assert page.render(asked(name="b")) == "企业名录ab"
    with override("en"):
        assert page.render(asked(name="c")) == "Enterprisescc"
        assert page.render(asked(name="d")) == "Enterprisescd"


def test_what_an_error_page_lacks_is_not_kept(page):
    """Error pages are made without a request: nothing of the site is known there."""
    with override("zh-hans"):
        assert page.render(Context()) == "企业名录"
        assert page.render(asked(name="a")) == "企业名录aa"


@pytest.mark.django_db
def test_frame_follows_the_language_of_each_reader():
    chinese, english = Client(), Client()
    english.cookies["django_language"] = "en"
    for _ in range(2):
        first, second = (client.get("/verify/").content.decode() for client in (chinese, english))
        assert "常州市知识产权局" in first
        assert "企业名录" in first
        assert "Changzhou Intellectual Property" in second
        assert "企业名录" not in second
