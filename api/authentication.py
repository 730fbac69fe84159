"""Who is asking: an access token in the header, or a browser's session with its CSRF token."""

from hmac import compare_digest

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from enterprises.models import Account

from .tokens import SEAL_LENGTH, seal


class AccessToken(TokenAuthentication):
    """`Authorization: Token <token>`; only the SHA-512 of a token is stored.

    A token begins with the seal of its account, so that it ends with the password, the role or the account.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[Account, AuthToken]:
        """The account of a token; bytes that no token of ours can hold are as wrong as an unknown one."""
        if not token.isascii() or not token.isalnum():
            raise AuthenticationFailed()
        account, row = super().authenticate_credentials(token)
        if not compare_digest(token[:SEAL_LENGTH].decode(), seal(account)):
            raise AuthenticationFailed()
        return account, row

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Whether the token has expired. Old ones are cleared when a new one is issued, not at each request."""
        return auth_token.expiry is not None and auth_token.expiry <= timezone.now()


class BrowserSession(SessionAuthentication):
    """The session cookie of the pages; writing needs the CSRF token."""


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """How the API description names the token."""

    target_class = AccessToken
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <token>`, with the token of `POST /api/v1/auth/token/`",
        }


class BrowserSessionScheme(OpenApiAuthenticationExtension):
    """How the API description names the session."""

    target_class = BrowserSession
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The browser's session; writing also needs the header `X-CSRFToken`",
        }
