"""Uploading papers: several files for several papers at once; each one that is refused says why."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from ..errors import NotAllowed, Refused
from ..gates import EvidenceNeed
from ..papers.uploads import MEDIA_TYPES, megabytes, safe_filename
from .refusable import STATE

PREFIX = "file-"
Keep = Callable[[str, "UploadedFile[bytes]"], Any]


class PapersForm:
    """One file input per paper. A refused file does not hold up the others."""

    accept = ",".join(f".{extension}" for extension in MEDIA_TYPES)

    def __init__(self, needs: tuple[EvidenceNeed, ...], files: Mapping[str, Any] | None = None) -> None:
        self.needs = needs
        self.files: MultiValueDict[str, Any] = files if isinstance(files, MultiValueDict) else MultiValueDict()
        self._refused: dict[str, dict[str, list[str]]] = {}
        self.none_chosen = False
        self.status = HTTPStatus.OK

    @property
    def was_refused(self) -> bool:
        return bool(self._refused) or self.none_chosen

    @property
    def errors(self) -> dict[str, list[str]]:
        """By paper, what was refused: a reason that says no name is given once, with the names of its files."""
        return {
            code: [_told(reason, names) for reason, names in found.items()] for code, found in self._refused.items()
        }

    def keep_each(self, keep: Keep) -> int:
        """Hand each file to the service; how many were kept. What concerns the whole application is passed on."""
        chosen = [(need.code, file) for need in self.needs for file in self.files.getlist(PREFIX + need.code)]
        kept = sum(self._kept(code, file, keep) for code, file in chosen)
        self.none_chosen = not chosen
        if self.was_refused:
            self.status = HTTPStatus.BAD_REQUEST
        return kept

    def _kept(self, code: str, file: "UploadedFile[bytes]", keep: Keep) -> bool:
        try:
            keep(code, file)
        except (NotAllowed, *STATE):
            raise
        except Refused as refused:
            reasons = self._refused.setdefault(code, {})
            for refusal in refused.refusals:
                said = _("；").join(filter(None, [refusal.message, refusal.remedy]))
                reasons.setdefault(said, []).append(safe_filename(file.name or ""))
            return False
        return True

    @property
    def most_megabytes(self) -> int:
        return megabytes(settings.EVIDENCE_MAX_BYTES)

    @property
    def message(self) -> str:
        """What to say above the papers."""
        return _("请先选择要上传的文件") if self.none_chosen else ""


def _told(reason: str, names: list[str]) -> str:
    """A reason, with the names of the files that it does not name itself."""
    if all(name in reason for name in names):
        return reason
    return _("%(reason)s；未收下：%(names)s") % {"reason": reason, "names": _("、").join(names)}
