"""Slips as PDF/A: a template that is data, filled with the slip's stored data, nothing looked up again.

The first print is kept: every later one of the same copy is those bytes, whatever has changed since in templates,
labels, fonts or libraries.
"""

import hashlib
import io
import re
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

import segno
from flask_babel import force_locale
from jinja2 import DictLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from weasyprint import HTML

from engine.base.actor import APPLICANT, SYSTEM
from engine.base.clock import VIETNAM
from engine.base.kept import Kept
from engine.base.money import dong, in_words
from engine.base.uow import UnitOfWork
from engine.documents.models import Slip
from engine.documents.paper_models import PaperTemplate
from engine.dossiers import printing
from webapp import labels
from webapp.filters import vndate, vndatetime, vnday
from webapp.unit import house, read_session

#: Who signs nothing: a slip that a clock or the applicant brought about is signed by hand.
_NOBODY = (SYSTEM.name, APPLICANT.name)
#: Letters that fit on a line of the head.
_LINE = 28
_environments: Kept[str, ImmutableSandboxedEnvironment] = Kept(256)


def print_slip(
    unit: AbstractContextManager[UnitOfWork], dossier_id: uuid.UUID, slip_id: uuid.UUID, copy: str
) -> bytes:
    """The bytes of a slip: those that were kept, or the first ones, which are kept now."""
    with read_session() as session:
        what = printing.printable(session, dossier_id, slip_id, copy)
    if what.sha256:
        return kept(what.sha256)
    secret = copy == printing.APPLICANT and what.slip.kind in printing.FOR_APPLICANT
    made = pdf(what.slip, what.template, house().settings.public_url, with_secret=secret)
    digest = hashlib.sha256(made).hexdigest()
    house().blobs.put(io.BytesIO(made), digest)
    with unit as uow:
        counts = printing.keep(uow, what, copy, digest)
    return made if counts == digest else kept(counts)


def kept(digest: str) -> bytes:
    """Bytes that were printed before."""
    with house().blobs.open(digest) as stored:
        return stored.read()


def pdf(slip: Slip, template: PaperTemplate, public_url: str, *, with_secret: bool = True) -> bytes:
    """The slip, archivable (PDF/A-2b). The same data give the same bytes.

    The secret opens the applicant's page: only the office that hands the slip out prints it.

    One page wherever that can be: what is a little too long is set smaller; what is much too long goes on.
    """
    facts = _facts(slip, public_url, with_secret=with_secret)
    document = HTML(string=page(template, tight=False, **facts)).render()
    if len(document.pages) > 1:
        tight = HTML(string=page(template, tight=True, **facts)).render()
        document = tight if len(tight.pages) < len(document.pages) else document
    return bytes(document.write_pdf(pdf_variant="pdf/a-2b", pdf_identifier=slip.digest.encode()))


def listed(template: PaperTemplate, **facts: Any) -> bytes:
    """A list as it stands now (a register), printed and not kept."""
    document = HTML(string=page(template, **facts)).render()
    return bytes(document.write_pdf(pdf_variant="pdf/a-2b"))


def page(template: PaperTemplate, **facts: Any) -> str:
    """The HTML of a paper. A state paper is Vietnamese, whatever its printer reads."""
    environment = _environments.get(template.digest, lambda: _environment(template.sources))
    with force_locale("vi"):
        return environment.get_template("main").render(**facts)


def _environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """Templates are data: they reach nothing but what is handed to them here."""
    made = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(sources)), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"vndate": vndate, "vndatetime": vndatetime, "vnday": vnday, "vnpaper": vnpaper, "vnnumber": vnnumber, "dong": dong}
    made.globals |= {
        "headed": headed,
        "spelled_day": spelled_day,
        "spelled_time": spelled_time,
        "in_words": in_words,
        "word": word,
    }
    return made


def _facts(slip: Slip, public_url: str, *, with_secret: bool) -> dict[str, Any]:
    data = slip.data
    code = data["code"] or data["reference"]
    secret = data["secret"] if with_secret else ""
    look_up = f"{public_url}/track?code={code}&secret={secret}"
    return {
        "slip": {"kind": slip.kind, "number": slip.number},
        "data": data,
        "code": code,
        "look_up": look_up,
        "secret": secret,
        "signer": "" if data["officer"] in _NOBODY else data["officer"],
        "look_up_host": public_url.partition("//")[2],
        "qr": segno.make(look_up, error="m").svg_data_uri(border=0),
    }


#: Lists of words that a template may name.
_WORDS = {
    "CHANNELS": labels.CHANNELS,
    "CHILDREN": labels.CHILDREN,
    "RETURN_WAYS": labels.RETURN_WAYS,
    "RELATIONS": labels.RELATIONS,
    "AUTHORITY_KINDS": labels.AUTHORITY_KINDS,
    "SCOPES": labels.SCOPES,
    "RESULT_KINDS": labels.RESULT_KINDS,
    "SOURCES": labels.SOURCES,
    "STATUSES": labels.STATUSES,
    "STANDINGS": labels.STANDINGS,
    "CASH_ENTRIES": labels.CASH_ENTRIES,
    "MONEY": labels.MONEY,
    "PAYMENT_WAYS": labels.PAYMENT_WAYS,
}


def word(words: str, code: str | None) -> str:
    """The Vietnamese for a code; for none, nothing, unless the list has a word for that."""
    known = _WORDS[words]
    return labels.label(known, code or ("" if "" in known else None))


def headed(office: str) -> list[str]:
    """An office as the head of a paper writes it: a long name in lines that end where its parts do."""
    return re.split(r" (?=(?:phường|xã|đặc khu|tỉnh|hành chính công) )", office) if len(office) > _LINE else [office]


def vnpaper(text: str | None) -> Markup:
    """An instant in a narrow column: the time above the day."""
    return Markup("<br>").join(vndatetime(text).split(" "))


def vnnumber(value: float | str | None) -> str:
    """`5,5`: the decimal comma."""
    return "" if value is None else str(value).replace(".", ",")


def spelled_day(text: str | None) -> str:
    """`ngày 23 tháng 11 năm 2026`; the month with a zero only where it could be changed (Decree 30/2020, annex I)."""
    if not text:
        return "ngày …… tháng …… năm ………"
    day = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).astimezone(VIETNAM).date()
    month = f"{day:%m}" if day.month < 3 else str(day.month)
    return f"ngày {day:%d} tháng {month} năm {day.year}"


def spelled_time(text: str | None) -> str:
    """`09 giờ 42 phút, ngày 23/11/2026`"""
    if not text:
        return "…… giờ …… phút, ngày …………"
    at = datetime.fromisoformat(text).astimezone(VIETNAM)
    return f"{at:%H} giờ {at:%M} phút, ngày {at:%d/%m/%Y}"
