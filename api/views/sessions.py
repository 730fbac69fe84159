"""Logging in and out of the API."""

from typing import ClassVar

from django.contrib.auth import logout
from knox.models import AuthToken
from rest_framework.request import Request
from rest_framework.response import Response

from .. import tokens
from ..base import ApiView, now
from ..labels import moment
from ..operations import Operation, anyone, signed_in
from ..shapes.accounts import CredentialsForm, TokenShape
from ..shapes.base import Nothing


class Token(ApiView):
    """Getting a token."""

    tag = "auth"
    authentication_classes: ClassVar = []
    operations = {"POST": Operation(anyone, TokenShape, body=CredentialsForm, problems=(401, 403, 429))}

    def post(self, request: Request) -> Response:
        """Exchange a user name and password for a token. Five failures lock the account for 15 minutes (429)."""
        given = self.body(request)
        account = tokens.log_in(request._request, **given)
        row, text = tokens.issue(account, at=now())
        return Response({"token": text, "expires_at": moment(row.expiry)})


class Logout(ApiView):
    """Taking a token back."""

    tag = "auth"
    operations = {"POST": Operation(signed_in, None, body=Nothing, status=204)}

    def post(self, request: Request) -> Response:
        """End this token, or this browser session, at once."""
        self.body(request)
        if isinstance(request.auth, AuthToken):
            request.auth.delete()
        else:
            logout(request._request)
        return Response(status=204)
