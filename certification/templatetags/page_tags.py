"""What the frame of every page is made of."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.translation import get_language

register = template.Library()


class SameForAll(template.Node):
    """Its content as it was rendered the first time in each language.

    An error page may be made without a request, and so without the names of the site: that is not kept.
    """

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._rendered: dict[str | None, str] = {}

    def render(self, context: Any) -> Any:
        language = get_language()
        if language in self._rendered:
            return self._rendered[language]
        rendered = self.nodelist.render(context)
        if getattr(context, "request", None) is not None:
            self._rendered[language] = rendered
        return rendered


@register.tag
def same_for_all(parser: Parser, token: Token) -> SameForAll:
    """A part that depends on nothing but the language: rendered once in a process, not once a page.

    Nothing of the request, the account or the database may stand in it.
    """
    nodelist = parser.parse(("endsame_for_all",))
    parser.delete_first_token()
    return SameForAll(nodelist)
