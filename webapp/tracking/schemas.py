"""The shape of what the tracking page sends: a code, its secret, and what the applicant says and hands in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _

from engine.documents.files import Received
from webapp import once
from webapp.uploads import received

#: Longer than any code or secret of ours; what is longer is cut and matches nothing.
_LONGEST_KEY = 60
#: Enough for a reason; the same as on the officers' page.
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class Key:
    """What opens the page of one dossier."""

    code: str
    secret: str

    @property
    def is_whole(self) -> bool:
        return bool(self.code and self.secret)


@dataclass(frozen=True)
class Needs:
    """What an act asks for besides the button."""

    words: bool = False
    #: It cannot be undone, and asks for a tick.
    sure: bool = False
    #: Files, or words that say where the papers were handed in.
    papers: bool = False


@dataclass(frozen=True)
class Said:
    """What the applicant typed and chose along with an act, and what is wrong with it: field -> sentence."""

    text: str = ""
    #: Whoever says it, by a number of theirs.
    number: str = ""
    #: Made when the page was drawn: a second click brings the same and has one effect.
    key: uuid.UUID | None = None
    #: (key of the line of the request, file)
    papers: list[tuple[str, Received]] = field(default_factory=list)
    wrong: Mapping[str, str] = field(default_factory=dict)


def read_key(given: Mapping[str, str]) -> Key:
    """From the address (the QR code) or from a form."""
    return Key(_line(given, "code"), _line(given, "secret"))


def read_number() -> str:
    """The personal id, or the phone number, that opens a draft."""
    return _line(request.form, "number")


def _line(given: Mapping[str, str], name: str) -> str:
    """What is longer opens nothing."""
    return given.get(name, "").strip()[:_LONGEST_KEY]


def read_said(needs: Needs) -> Said:
    """Everything that came, right or wrong: what is wrong comes back beside it."""
    text = request.form.get("text", "").strip()
    wrong = {}
    papers, refused = received() if needs.papers else ([], None)
    if refused:
        wrong["papers"] = refused
    elif needs.papers and not papers and not text:
        wrong["text"] = _("Hãy đính kèm giấy tờ, hoặc viết bạn đã nộp ở đâu.")
    if needs.words and not text:
        wrong["text"] = _("Hãy viết vài chữ vào ô này.")
    if len(text) > LONGEST_TEXT:
        wrong["text"] = _("Nội dung tối đa 4.000 ký tự.")
    if needs.sure and request.form.get("sure") != "yes":
        wrong["sure"] = _("Hãy đánh dấu để xác nhận.")
    return Said(text, read_number(), once.key(), papers, wrong)
