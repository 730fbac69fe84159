"""Who is asking: an access token in the header, or a browser's session with its CSRF token."""

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from enterprises.models import Account


class AccessToken(TokenAuthentication):
    """`Authorization: Token <token>`; only the SHA-512 of a token is stored."""

    def authenticate_credentials(self, token: bytes) -> tuple[Account, AuthToken]:
        """The account of a token; bytes that no token of ours can hold are as wrong as an unknown one."""
        if not token.isascii() or not token.isalnum():
            raise AuthenticationFailed()
        return super().authenticate_credentials(token)

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
