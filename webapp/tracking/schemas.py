"""The shape of what the tracking page sends: a code, its secret, and what the applicant says."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

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
class Said:
    """What the applicant typed along with an act, and what is wrong with it: field -> sentence."""

    text: str
    wrong: Mapping[str, str]


def read_key(given: Mapping[str, str]) -> Key:
    """From the address (the QR code) or from a form."""
    code, secret = (
        given.get(name, "").replace("\x00", "").strip()[:_LONGEST_KEY] for name in ("code", "secret")
    )
    return Key(code, secret)


def read_said(*, needed: bool, sure: bool) -> Said:
    """`needed`: the act asks for a sentence; `sure`: it cannot be undone and asks for a tick."""
    text = request.form.get("text", "").replace("\x00", "").strip()
    wrong = {}
    if needed and not text:
        wrong["text"] = _("Hãy viết vài chữ vào ô này.")
    if len(text) > LONGEST_TEXT:
        wrong["text"] = _("Nội dung tối đa 4.000 ký tự.")
    if sure and request.form.get("sure") != "yes":
        wrong["sure"] = _("Hãy đánh dấu để xác nhận.")
    return Said(text, wrong)
