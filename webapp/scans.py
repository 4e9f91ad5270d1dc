"""What was seen in a file, in words beside its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.base.clock import VIETNAM
from engine.documents.checks import wanted
from engine.documents.files import Received
from engine.documents.models import DocumentFile
from webapp.unit import house


class _Seen(Protocol):
    @property
    def pages(self) -> int | None: ...
    @property
    def dpi(self) -> int | None: ...
    @property
    def blank_pages(self) -> Sequence[int] | None: ...


@dataclass(frozen=True)
class Facts:
    """`3 trang, 300 dpi, 240 KB`, and what could be better."""

    words: str
    warnings: list[str]


def facts_of(file: Received | DocumentFile) -> Facts:
    """Of a file on its way into a dossier, or of one that lies in it; judged by the rules of the day it came."""
    if isinstance(file, Received):
        return _facts(file.seen, file.size, house().clock.today())
    return _facts(file, file.size, file.stored_at.astimezone(VIETNAM).date())


def _facts(seen: _Seen, size: int, on: date) -> Facts:
    words, warnings = [], []
    if seen.pages:
        words.append(ngettext("%(num)s trang", "%(num)s trang", seen.pages))
    if seen.dpi:
        words.append(_("khoảng %(n)s dpi", n=seen.dpi))
        if seen.dpi < (least := wanted("wanted_dpi", on)):
            warnings.append(_("Nét thấp: nên quét từ %(n)s dpi.", n=least))
    words.append(file_size(size))
    if seen.blank_pages:
        warnings.append(_("Trang trắng: %(pages)s.", pages=", ".join(map(str, seen.blank_pages))))
    return Facts(", ".join(words), warnings)


def file_size(size: int) -> str:
    """`240 KB`, `1,3 MB`"""
    return f"{size / (1 << 20):.1f} MB".replace(".", ",") if size >= 1 << 20 else f"{max(1, size >> 10)} KB"
