"""Verification of the bureau's papers, without a login; how often, is counted together with the page."""

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from certification.errors import Refusal
from certification.paperwork import plain_code, spaced
from certification.services.guessing import count_file, examined_file, looked_up
from certification.services.verification import proof_on_file_of
from enterprises.origin import origin

from ..answers import verify
from ..base import ApiView, today
from ..errors import NeverIssued
from ..operations import Operation, anyone
from ..shapes.certificates import FileForm
from ..shapes.verify import ExaminedShape, VerifiedShape
from .certificates import MULTIPART_OVERHEAD

SHOWN = 40


class VerifyCode(ApiView):
    """A paper by the code that is printed on it."""

    tag = "verify"
    operations = {"GET": Operation(anyone, VerifiedShape, problems=(409, 429))}

    def get(self, request: Request, code: str) -> Response:
        """How the paper stands today, and the proof that it was issued; 404 `never_issued` where there is none."""
        found = looked_up(code, address=origin().address, on=today())
        if found is None:
            raise _never_issued(code)
        return Response(verify.verified(found, proof_on_file_of(found.ledger_number)))


def _never_issued(code: str) -> NeverIssued:
    shown = spaced(plain_code(code)[:SHOWN])
    message = _("本系统没有签发过查验码为“%(code)s”的证书或文书") % {"code": shown}
    remedy = _("请照纸面核对查验码；仍查不到的，请向签发机关核实")
    return NeverIssued([Refusal("never_issued", message, field="code", remedy=remedy)])


class VerifyFile(ApiView):
    """A PDF that somebody has."""

    tag = "verify"
    parser_classes = [MultiPartParser]
    max_body_bytes = settings.VERIFY_MAX_BYTES + MULTIPART_OVERHEAD
    operations = {"POST": Operation(anyone, ExaminedShape, body=FileForm, problems=(429,))}

    def post(self, request: Request) -> Response:
        """Whether the file is, byte for byte, the one that was issued. It is compared, not kept."""
        count_file(origin().address)
        given = self.body(request)
        return Response(verify.examined(examined_file(given["file"], on=today())))
