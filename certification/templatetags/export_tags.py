"""The menu by which a list's page is taken away, and the list's columns for its header."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from ..exports.columns import Columns
from ..exports.listings import LISTINGS
from ..exports.sheets import FORMS

register = template.Library()


@register.inclusion_tag("components/export_menu.html", takes_context=True)
def export_menu(context: Any, kind: str, **more: Any) -> dict[str, Any]:
    """Links to the list in each form with the filters of the page; nothing for those who may not have it.

    `more`: filters that stand elsewhere in the page's address, or under another name.
    """
    listing, request = LISTINGS[kind], context["request"]
    if not listing.allows(request.user):
        return {"links": []}
    names = [param.name for param in listing.filters]
    asked = {name: _written(request.GET[name]) for name in names if request.GET.get(name)}
    asked |= {name: str(value) for name, value in more.items() if value}
    query = f"?{urlencode(asked)}" if asked else ""
    links = [(form, reverse("export-list", args=[kind, form]) + query) for form in FORMS]
    return {"links": links, "list_name": listing.name}


def _written(value: str) -> str:
    """A ticked box is sent as `on`."""
    return "true" if value == "on" else value


@register.simple_tag
def columns_of(kind: str) -> Columns:
    """The columns of a list, by code and (`on_page`) in the order of its page."""
    return LISTINGS[kind].columns
