"""A counter takes in a dossier with six scans: the server's time and requests, from the empty page to the accepted dossier.

The pieces are those of webapp/assets/upload.js on a line that is neither fast nor slow.
"""

import io
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from PIL import Image, ImageDraw
from sqlalchemy import select
from werkzeug.test import Client

from benchmarks.measures import Figure, browser, flat, median, timed
from engine.org.models import Account
from webapp.demo.lives import declaration
from webapp.wiring import House

OFFICER, CODE, PAPER = "tiepnhan.hacthanh", "2.000908", "id_paper"
SCANS, ROUNDS = 6, 12
#: Bytes of a piece.
_PIECE = 256 << 10
#: Dots of an A4 sheet at 200 dpi.
_A4, _DPI = (1654, 2339), 200


def intake(house: House, app: Flask) -> list[Figure]:
    """The same counter again and again, each time with scans that nobody has seen before."""
    app.config["WTF_CSRF_ENABLED"] = True
    with house.readers() as session:
        officer_id = session.scalar(select(Account.officer_id).filter_by(username=OFFICER))
    if officer_id is None:
        raise AssertionError("nobody sits at a counter")
    client, chance = browser(house, app, officer_id), random.Random(118)  # noqa: S311  nothing secret
    requests, wholes, singles = [], [], []
    for number in range(ROUNDS):
        scans = [_scan(chance, f"{number}.{one}") for one in range(SCANS)]
        counter = _Counter(house, client, chance)
        wholes.append(timed(lambda counter=counter, scans=scans: counter.take_in(scans)))
        requests.append(counter.requests)
        singles += counter.uploads
    return [
        Figure("intake_six_scans_ms", median(wholes), "ms", 2_000),
        Figure("intake_scan_ms", median(singles), "ms", 250),
        Figure("intake_requests", float(max(requests)), "requests", 20),
    ]


class _Counter:
    """One officer, one citizen."""

    def __init__(self, house: House, client: Client, chance: random.Random):
        self._client, self.requests, self.uploads = client, 0, list[float]()
        self._answers, _facts = declaration(CODE, chance, house.clock.today())

    def take_in(self, scans: list[bytes]) -> None:
        page = self._ask(self._client.get(f"/counter/{CODE}"), 200)
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]  # type: ignore[index]
        key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
        kept = []
        for number, one in enumerate(scans):
            self.uploads.append(timed(lambda number=number, one=one: kept.append(self._upload(f"{number}.pdf", one, token))))
        sent = dict(flat(self._answers)) | {"csrf_token": token, "key": key, "lookup": "missing", "decision": "accept"}
        sent[f"kept:{PAPER}"] = kept
        page = self._ask(self._client.post(f"/counter/{CODE}/estimate", data=sent), 200)
        self._ask(self._client.post(f"/counter/{CODE}", data=sent | dict(_judged(page))), 303)

    def _upload(self, name: str, content: bytes, token: str) -> str:
        headers = {"X-CSRFToken": token, "Accept": "application/json"}
        query: Mapping[str, Any] = {"name": name, "size": len(content), "for": PAPER}
        answer = self._client.post("/uploads", query_string=query, data=content[:_PIECE], headers=headers)
        self._ask(answer, 201)
        while "html" not in (told := answer.get_json()):
            at = told["offset"]
            piece = content[at : at + 2 * _PIECE]
            answer = self._client.patch(told["address"], data=piece, headers=headers | {"Upload-Offset": str(at)})
            self._ask(answer, 200)
        return str(re.search(r'value="([^"]+)"', told["html"])[1])  # type: ignore[index]

    def _ask(self, answer: Any, wanted: int) -> str:
        self.requests += 1
        page = answer.get_data(as_text=True)
        if answer.status_code != wanted:
            raise AssertionError(f"{answer.request.path}: {answer.status_code} {page[:2_000]}")
        return str(page)


def _judged(page: str) -> Iterator[tuple[str, str]]:
    """Every paper that is asked for is there and good; the others are not needed."""
    for key in set(re.findall(r'name="source:([^"]+)"', page)):
        spare = f'name="verdict:{key}" value="not_needed"' in page
        yield f"verdict:{key}", "not_needed" if spare else "ok"
        yield f"source:{key}", "" if spare else "scan"


def _scan(chance: random.Random, name: str) -> bytes:
    """A sheet of lines on paper that is not quite white, some 300 KB."""
    paper = Image.effect_noise(_A4, 12).point(lambda shade: min(255, shade + 110))
    draw = ImageDraw.Draw(paper)
    draw.text((200, 100), name, fill=0)
    for top in range(200, 2_200, 60):
        draw.rectangle((200, top, 400 + chance.randrange(1_000), top + 24), fill=30)
    out = io.BytesIO()
    paper.save(out, "PDF", resolution=_DPI, quality=40)
    return out.getvalue()
