"""Short ways of asking the API, for tests."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from knox.models import AuthToken
from rest_framework.response import Response
from rest_framework.test import APIClient

from api.tokens import seal
from enterprises.models import Account
from tests.factories import PDF

V1 = "/api/v1"


def client_of(account: Account | None) -> APIClient:
    """A client that carries a token of the account; None: a stranger's."""
    client = APIClient()
    if account is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(account, prefix=seal(account))[1]}")
    return client


def get(client: APIClient, path: str, expected: int = 200, /, **query: Any) -> Any:
    """The body of an answer, which must have this status."""
    return _body(client.get(f"{V1}/{path}", query), expected)


def post(client: APIClient, path: str, body: Any, status: int = 201, **headers: str) -> Any:
    return _body(client.post(f"{V1}/{path}", body, format="json", headers=headers), status)


def patch(client: APIClient, path: str, body: Any, status: int = 200, **headers: str) -> Any:
    return _body(client.patch(f"{V1}/{path}", body, format="json", headers=headers), status)


def upload(client: APIClient, number: str, requirement: str, content: bytes = PDF, name: str = "材料.pdf") -> Response:
    body = {"requirement": requirement, "file": SimpleUploadedFile(name, content)}
    return client.post(f"{V1}/applications/{number}/evidence/", body, format="multipart")


def hand_in(
    client: APIClient, content: str, name: str = "企业.csv", kind: str = "enterprises", **said: str
) -> Response:
    """A table for the import bench."""
    body = {"file": SimpleUploadedFile(name, content.encode()), "kind": kind, **said}
    return client.post(f"{V1}/imports/", body, format="multipart")


def act(client: APIClient, number: str, action: str, status: int = 200, **more: Any) -> Any:
    return post(client, f"applications/{number}/actions/", {"action": action, **more}, status)


def _body(response: Response, status: int) -> Any:
    assert response.status_code == status, response.content.decode()
    if status >= 400:
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == status
    return response.json() if response.content else None


def codes(problem: dict[str, Any]) -> set[str]:
    """The codes of a problem's reasons."""
    return {reason["code"] for reason in problem.get("errors", [])}
