"""QUERY: find a procedure by its code or by words, with or without diacritics, what a citizen means first.

PostgreSQL finds the candidates (folded words, prefix matching, GIN index); the order is ours, because full-text rank
knows neither that "khai sinh" means the plain registration, nor that a name is better the less else it says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, column, func, literal_column, select
from sqlalchemy.orm import Session

from engine.base.text import fold, nfc
from engine.catalog.models import Procedure, ProcedureVersion, VersionState

#: More candidates than this are cut by PostgreSQL's own rank before ours looks at them.
_CANDIDATES = 300
#: A word in fewer procedures than this may be a slip of the finger.
_COMMON = 3
_WORD = re.compile(r"\w+")
_SCORED = (
    *(Procedure.code, Procedure.name_vi, Procedure.search_name, Procedure.search_rest),
    Procedure.levels,
    Procedure.applicants.contains(["Công dân Việt Nam"]).label("for_citizens"),
)
_LOWEST_FIRST = ("commune", "province", "ministry", "other")

#: What people say -> what the catalogue says; folded, whole words.
_EVERYDAY = {
    "bang lai xe": "giay phep lai xe",
    "bang lai": "giay phep lai xe",
    "gplx": "giay phep lai xe",
    "gpxd": "giay phep xay dung",
    "giay phep xay nha": "giay phep xay dung nha o",
    "xay nha": "giay phep xay dung nha o",
    "khai sinh cho con": "khai sinh",
    "khai sinh cho be": "khai sinh",
    "so do": "giay chung nhan quyen su dung dat",
    "so hong": "giay chung nhan quyen su dung dat",
    "sang ten": "bien dong chuyen nhuong",
    "ho khau": "dang ky thuong tru",
    "doc than": "tinh trang hon nhan",
    "can cuoc cong dan": "can cuoc",
    "chung minh nhan dan": "can cuoc",
    "cccd": "can cuoc",
    "cmnd": "can cuoc",
    "bao tu": "khai tu",
    "passport": "ho chieu",
    "bhyt": "bao hiem y te",
    "bhxh": "bao hiem xa hoi",
    "dang ki": "dang ky",
    "li lich": "ly lich",
    "voi nguoi nuoc ngoai": "co yeu to nuoc ngoai",
}
_FILLERS = {"cho", "voi", "cua", "tai", "o", "va", "de", "toi", "em", "minh", "nhu", "the", "nao", "dau"}
#: How a question begins; the catalogue's names begin otherwise.
_PREAMBLE = re.compile(r"^ (?:(?:toi|can|muon|xin|lam|hoi|ve|thu tuc) )+(?=\S)(?!cuoc )")

#: A name with one of these is a special case; who means it, says it.
_SPECIAL = tuple(
    f" {case} "
    for case in (
        "lai, doi, gia han, dieu chinh, sua doi, sua chua, thu hoi, xoa, huy, cham dut, mat, luu dong, bien gioi, "
        "yeu to nuoc ngoai, nguoi nuoc ngoai, ghi vao so, lien thong, ket hop, da co ho so, trung uong, thay doi, "
        "tam ngung, tam dung, dung thuc hien, khoi phuc, nhap khau, xuat khau, trinh bao"
    ).split(", ")
)
_PLAIN_ACTS = (" dang ky ", " cap ", " chung thuc ")


@dataclass(frozen=True)
class Hit:
    """A line of the result list."""

    code: str
    name: str
    field: str
    #: the lowest level that handles it
    level: str
    #: as published ("5 Ngày làm việc")
    limit_text: str | None
    online_level: str | None
    #: a published version of its own; else it runs on the frame
    has_diagram: bool


def folded_words(text: str) -> str:
    """`Đăng ký, cấp GCN` -> `dang ky cap gcn`: the shape of the search columns."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def folded_search(name: str, field_name: str, results: list[dict[str, str | None]]) -> dict[str, str]:
    """The columns that search looks at."""
    rest = " ".join([field_name, *(result["name"] or "" for result in results)])
    return {"search_name": folded_words(name), "search_rest": folded_words(rest)}


def search(
    session: Session, text: str, *, limit: int = 20, level: str | None = None, field: str | None = None
) -> list[Hit]:
    """The best matches; without any words, the procedures of the level and field."""
    text = nfc(text)[:200]
    query: Select[*tuple[Any, ...]] = select(*_SCORED)
    if level:
        query = query.where(Procedure.levels.contains([level]))
    if field:
        query = query.where(Procedure.field == field)
    if code := re.search(r"\d\.\d{6}|^[\s\d.]*\d{3,}[\s\d.]*$", text):
        part = code[0].strip(" .")
        query = query.where(Procedure.code.contains(part, autoescape=True))
        found = session.scalars(
            query.order_by(func.strpos(Procedure.code, part), Procedure.code).limit(limit)
        )
        return _hits(session, list(found))
    words = _meant(text)
    marked = set(_WORD.findall(text.lower())) if fold(text) != " ".join(text.lower().split()) else set()
    scored = [(-_score(row, words, marked), row.code) for row in _candidates(session, query, words)]
    return _hits(session, [code for _, code in sorted(scored)[:limit]])


def _meant(text: str) -> list[str]:
    """The words to look for, in the catalogue's language."""
    phrase = _PREAMBLE.sub(" ", f" {folded_words(text)} ")
    for said, meant in _EVERYDAY.items():
        phrase = phrase.replace(f" {said} ", f" {meant} ")
    words = list(dict.fromkeys(phrase.split()[:12]))
    return [word for word in words if word not in _FILLERS] or words


def _candidates(session: Session, query: Select[*tuple[Any, ...]], words: list[str]) -> Sequence[Row[Any]]:
    """Rows with all words; if they only stand scattered, rows that lack one; else misspelt words corrected, or any."""
    if not words:
        return session.execute(query).all()
    rows = _matching(session, query, _every(words))
    if any(_answers(row, words) for row in rows):
        return rows
    if 3 <= len(words) <= 8:
        lacking_one = (_every(words[:i] + words[i + 1 :]) for i in range(len(words)))
        rows = _matching(session, query, " | ".join(lacking_one))
    return (
        rows
        or _matching(session, query, _every(_corrected(session, words)))
        or _matching(session, query, " | ".join(f"{word}:*" for word in words))
    )


def _answers(row: Row[Any], words: list[str]) -> bool:
    """Whether the name has all words, or the field or result has them side by side."""
    return all(f" {word}" in f" {row.search_name}" for word in words) or " ".join(words) in row.search_rest


def _every(words: list[str]) -> str:
    return "(" + " & ".join(f"{word}:*" for word in words) + ")"


def _matching(session: Session, query: Select[*tuple[Any, ...]], question: str) -> Sequence[Row[Any]]:
    wanted = func.to_tsquery(literal_column("'simple'"), question)
    rank = func.ts_rank(Procedure.search_vector, wanted, 1)
    found = query.where(Procedure.search_vector.op("@@")(wanted)).order_by(rank.desc()).limit(_CANDIDATES)
    return session.execute(found).all()


def _corrected(session: Session, words: list[str]) -> list[str]:
    """Each word that the catalogue hardly knows, replaced by one a letter apart: by the commonest beside its neighbour."""
    lexemes = func.ts_stat("SELECT search_vector FROM procedure").table_valued(column("word"), column("ndoc"))
    known: dict[str, int] = dict(session.execute(select(lexemes.c.word, lexemes.c.ndoc)).all())
    slips = [i for i, word in enumerate(words) if known.get(word, 0) < _COMMON]
    names = [f" {name} " for name in session.scalars(select(Procedure.search_name))] if slips else []
    better = list(words)
    for i in slips:
        before = f" {better[i - 1]}" if i and i + 1 == len(words) else ""
        after = f" {words[i + 1]} " if i + 1 < len(words) else " "
        near = [other for other in known if _one_letter_apart(words[i], other)]
        times = {other: sum(f"{before} {other}{after}" in name for name in names) for other in near}
        better[i] = max(near, key=lambda other: (times[other], known[other]), default=words[i])
    return better


def _one_letter_apart(a: str, b: str) -> bool:
    """One letter changed, missing, too many, or two swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    if len(a) != len(b):
        return rest_a[1:] == rest_b or rest_a == rest_b[1:]
    return rest_a[1:] == rest_b[1:] or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])


def _score(row: Row[Any], words: list[str], marked: set[str]) -> float:
    """How well a procedure answers the words: most by its name, some by its result and field."""
    name = f" {row.search_name.removeprefix('thu tuc ')} "
    score = {"commune": 0.3, "province": 0.15}.get(_lowest(row.levels), 0.0)
    score += 0.2 * row.for_citizens + 0.2 * name.startswith(_PLAIN_ACTS)
    asked = f" {' '.join(words)} "
    score -= 0.35 * sum(case in name and case not in asked for case in _SPECIAL)
    if not words:
        return score
    rest = f" {row.search_rest} "
    found = sum(
        1.0 if f" {w} " in name else 0.6 if f" {w}" in name else 0.4 * (f" {w} " in rest) for w in words
    )
    run, at = _longest_run(words, name)
    elsewhere, _ = _longest_run(words, rest)
    score += (3.0 * found + max(1.5 * run, 1.2 * elsewhere)) / len(words)
    score += 0.8 * min(run / (row.name_vi.partition("(")[0].count(" ") + 1), 1.0) + 0.4 / (1 + at)
    if marked:
        score += 0.8 * len(marked.intersection(_WORD.findall(row.name_vi.lower()))) / len(marked)
    return score


def _longest_run(words: list[str], padded: str) -> tuple[int, int]:
    """How many words of the question stand there side by side (the last may go on), and after how many others."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            at = padded.find(f" {' '.join(words[start : start + length])}")
            if at >= 0:
                return length, padded.count(" ", 0, at)
    return 0, padded.count(" ")


def _lowest(levels: list[str]) -> str:
    return next((level for level in _LOWEST_FIRST if level in levels), "other")


def _hits(session: Session, codes: list[str]) -> list[Hit]:
    """The rows of the page, in the order of the codes."""
    own = select(ProcedureVersion.code).where(
        ProcedureVersion.code.in_(codes), ProcedureVersion.state == VersionState.PUBLISHED
    )
    columns = (Procedure.code, Procedure.name_vi, Procedure.field, Procedure.levels, Procedure.online_level)
    query = select(*columns, Procedure.channels, Procedure.code.in_(own).label("drawn"))
    rows = {row.code: row for row in session.execute(query.where(Procedure.code.in_(codes)))}
    return [
        Hit(
            code=code,
            name=row.name_vi,
            field=row.field,
            level=_lowest(row.levels),
            limit_text=next(
                (channel["limit_text"] for channel in row.channels if channel["limit_text"]), None
            ),
            online_level=row.online_level,
            has_diagram=row.drawn,
        )
        for code, row in ((code, rows[code]) for code in codes)
    ]
