"""Statutory slips as PDF/A: an HTML template filled with the slip's stored data, nothing looked up again."""

import re
from datetime import date, datetime

import segno
from flask import render_template
from flask_babel import force_locale
from weasyprint import HTML

from engine.base.actor import APPLICANT, SYSTEM
from engine.base.clock import VIETNAM
from engine.documents.models import Slip

#: Who signs nothing: a slip that a clock or the applicant brought about is signed by hand.
_NOBODY = (SYSTEM.name, APPLICANT.name)
#: Letters that fit on a line of the head.
_LINE = 28


def pdf(slip: Slip, public_url: str, *, with_secret: bool = True) -> bytes:
    """The slip on A5, archivable (PDF/A-2b). The same data give the same bytes.

    The secret opens the applicant's page: only the office that hands the slip out prints it.

    One page wherever that can be: what is a little too long is set smaller; what is much too long goes on.
    """
    usual, tight = (
        HTML(string=_page(slip, public_url, tight=tight, with_secret=with_secret)).render()
        for tight in (False, True)
    )
    document = tight if len(tight.pages) < len(usual.pages) else usual
    return bytes(document.write_pdf(pdf_variant="pdf/a-2b", pdf_identifier=slip.digest.encode()))


def _page(slip: Slip, public_url: str, *, tight: bool, with_secret: bool) -> str:
    data = slip.data
    code = data["code"] or data["reference"]
    secret = data["secret"] if with_secret else ""
    look_up = f"{public_url}/track?code={code}&secret={secret}"
    with force_locale("vi"):  # a state paper is Vietnamese, whatever its printer reads
        return render_template(
            f"papers/{slip.kind}.html",
            slip=slip,
            data=data,
            code=code,
            tight=tight,
            look_up=look_up,
            secret=secret,
            signer="" if data["officer"] in _NOBODY else data["officer"],
            look_up_host=public_url.partition("//")[2],
            qr=segno.make(look_up, error="m").svg_data_uri(border=0),
            headed=headed,
            spelled_day=spelled_day,
            spelled_time=spelled_time,
        )


def headed(office: str) -> list[str]:
    """An office as the head of a paper writes it: a long name in lines that end where its parts do."""
    return re.split(r" (?=(?:phường|xã|đặc khu|tỉnh|hành chính công) )", office) if len(office) > _LINE else [office]


def spelled_day(text: str) -> str:
    """`ngày 23 tháng 11 năm 2026`"""
    day = date.fromisoformat(text[:10])
    return f"ngày {day:%d} tháng {day:%m} năm {day.year}"


def spelled_time(text: str | None) -> str:
    """`09 giờ 42 phút, ngày 23/11/2026`"""
    if not text:
        return ""
    at = datetime.fromisoformat(text).astimezone(VIETNAM)
    return f"{at:%H} giờ {at:%M} phút, ngày {at:%d/%m/%Y}"
