"""QUERY: find a procedure by its code or by words, with or without diacritics, what a citizen means first.

PostgreSQL finds the candidates (folded words, prefix matching, GIN index); the order is ours, because full-text rank
knows neither that "khai sinh" means the plain registration, nor that a name is better the less else it says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Row, Select, Text, cast, func, literal_column, select
from sqlalchemy.orm import Session

from engine.base.kept import Kept
from engine.base.text import fold, nfc
from engine.catalog.models import Procedure, ProcedureVersion, VersionState

#: More candidates than this are cut by PostgreSQL's own rank before ours looks at them.
_CANDIDATES = 300
#: Of the catalogue as it was last written; older ones are not asked for again.
_vocabularies: Kept[tuple[Any, ...], tuple[Mapping[str, int], Sequence[str]]] = Kept(4)
#: A word in fewer procedures than this may be a slip of the finger.
_COMMON = 3
_WORD = re.compile(r"\w+")
_SCORED = (
    *(Procedure.code, Procedure.name_vi, Procedure.search_name, Procedure.search_rest),
    Procedure.levels,
    Procedure.applicants.contains(["Công dân Việt Nam"]).label("for_citizens"),
)
_LOWEST_FIRST = ("commune", "province", "ministry", "other")

#: What people say -> what the catalogue says; folded, whole words, the longer before the shorter.
_EVERYDAY = {
    "bang lai xe": "giay phep lai xe",
    "bang lai": "giay phep lai xe",
    "gplx": "giay phep lai xe",
    "gpxd": "giay phep xay dung",
    "giay phep xay nha": "giay phep xay dung nha o",
    "phep xay nha": "giay phep xay dung nha o",
    "xay nha": "giay phep xay dung nha o",
    "sua nha": "giay phep xay dung sua chua nha o",
    "mat so do": "cap lai giay chung nhan do bi mat",
    "mat so hong": "cap lai giay chung nhan do bi mat",
    "cap lai so do": "cap lai giay chung nhan do bi mat",
    "so do": "giay chung nhan quyen su dung dat",
    "so hong": "giay chung nhan quyen su dung dat",
    "sang ten xe": "dang ky sang ten xe",
    "dang ky xe may": "dang ky xe lan dau",
    "sang ten": "bien dong chuyen nhuong",
    "tach ho khau": "tach ho",
    "tach khau": "tach ho",
    "nhap khau cho con": "dang ky thuong tru",
    "nhap khau cho vo": "dang ky thuong tru",
    "nhap ho khau": "dang ky thuong tru",
    "chuyen ho khau": "dang ky thuong tru",
    "ho khau": "dang ky thuong tru",
    "doc than": "tinh trang hon nhan",
    "can cuoc cho con": "can cuoc cho nguoi duoi 14 tuoi",
    "can cuoc cho be": "can cuoc cho nguoi duoi 14 tuoi",
    "cccd cho con": "can cuoc cho nguoi duoi 14 tuoi",
    "can cuoc cong dan": "can cuoc",
    "chung minh nhan dan": "can cuoc",
    "cccd": "can cuoc",
    "cmnd": "can cuoc",
    "bao tu": "khai tu",
    "nam sinh": "ho tich",
    "ngay sinh": "ho tich",
    "thay doi ho ten": "thay doi cai chinh ho tich",
    "doi ho ten": "thay doi cai chinh ho tich",
    "doi ten cho con": "thay doi cai chinh ho tich",
    "passport": "ho chieu",
    "bhyt": "bao hiem y te",
    "bhxh": "bao hiem xa hoi",
    "mo cua hang": "dang ky thanh lap ho kinh doanh",
    "giai the ho kinh doanh": "cham dut hoat dong ho kinh doanh",
    "dong cua ho kinh doanh": "cham dut hoat dong ho kinh doanh",
    "dang ky ma so thue": "dang ky thue lan dau",
    "cap ma so thue": "dang ky thue lan dau",
    "nuoc ngam": "nuoc duoi dat",
    "the chap nha dat": "bien phap bao dam quyen su dung dat",
    "the chap so do": "bien phap bao dam quyen su dung dat",
    "dang ky the chap": "dang ky bien phap bao dam quyen su dung dat",
    "xoa the chap": "xoa dang ky bien phap bao dam quyen su dung dat",
    "dang ki": "dang ky",
    "li lich": "ly lich",
    "voi nguoi nuoc ngoai": "co yeu to nuoc ngoai",
}
_SAID = re.compile(rf"\b(?:{'|'.join(sorted(_EVERYDAY, key=len, reverse=True))})\b")
#: For whom in the family: no name of a procedure says so.
_KIN = re.compile(r" cho (?:con|be|bo|cha|me|ong|ba|vo|chong)(?= )")
#: What a question of nothing else means: the plain case of many.
_ALONE = {
    "can cuoc": "can cuoc cho nguoi tu du 14 tuoi",
    "chuyen khau": "dang ky thuong tru",
    "doi ten": "thay doi cai chinh ho tich",
    "giay chung nhan quyen su dung dat": "dang ky dat dai tai san cap giay chung nhan quyen su dung dat lan dau",
    "giay phep xay dung": "giay phep xay dung moi nha o",
    "ma so thue": "dang ky thue lan dau ca nhan",
}
_FILLERS = {"cho", "voi", "cua", "o", "va", "toi", "em", "minh"}
#: How a question begins and ends; the catalogue's names begin otherwise.
_PREAMBLE = re.compile(r"^ (?:(?:toi|can|muon|xin|lam|hoi|ve|thu tuc) )+(?=\S)(?!cuoc )")
_ENDING = re.compile(r"(?: (?:nhu the nao|the nao|o dau|tai dau|can gi|can giay to gi|bao nhieu tien))+ $")

#: A name with one of these is a special case; who means it, says it.
_SPECIAL = tuple(
    f" {case} "
    for case in (
        "lai, doi, gia han, dieu chinh, sua doi, sua chua, thu hoi, xoa, huy, cham dut, mat, luu dong, bien gioi, "
        "yeu to nuoc ngoai, nguoi nuoc ngoai, ghi vao so, lien thong, ket hop, da co ho so, trung uong, thay doi, "
        "tam thoi, tam ngung, tam dung, dung thuc hien, duong sat, duong ngang, cap dac biet, khoi phuc, nhap khau, xuat khau, trinh bao"
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
    # what a group opens (`3.000722.03`) is not lodged by itself
    query: Select[*tuple[Any, ...]] = select(*_SCORED).where(func.length(Procedure.code) <= len("N.NNNNNN"))
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
    rows, words = _candidates(session, query, words)
    scored = [(-_score(row, words, marked), row.code) for row in rows]
    return _hits(session, [code for _, code in sorted(scored)[:limit]])


def _meant(text: str) -> list[str]:
    """The words to look for, in the catalogue's language."""
    phrase = _ENDING.sub(" ", _PREAMBLE.sub(" ", f" {folded_words(text)} "))
    phrase = _KIN.sub("", _SAID.sub(lambda said: _EVERYDAY[said[0]], phrase))
    phrase = _ALONE.get(phrase.strip(), phrase)
    words = list(dict.fromkeys(phrase.split()[:12]))
    return [word for word in words if word not in _FILLERS] or words


def _candidates(
    session: Session, query: Select[*tuple[Any, ...]], words: list[str]
) -> tuple[Sequence[Row[Any]], list[str]]:
    """Rows with all words; if they only stand scattered, rows that lack one; else misspelt words corrected, or any.

    With the words that they were found by.
    """
    if not words:
        return session.execute(query).all(), words
    rows = _matching(session, query, _every(words))
    if any(_answers(row, words) for row in rows):
        return rows, words
    if 3 <= len(words) <= 8:
        lacking_one = (_every(words[:i] + words[i + 1 :]) for i in range(len(words)))
        rows = _matching(session, query, " | ".join(lacking_one))
    if not rows and (better := _corrected(session, words)) != words:
        words, rows = better, _matching(session, query, _every(better))
    rows = rows or _matching(session, query, " | ".join(f"{word}:*" for word in words))
    return [row for row in rows if _is_near(row, words)], words


def _answers(row: Row[Any], words: list[str]) -> bool:
    """Whether the name has all words, or the field or result has them side by side."""
    return all(f" {word}" in f" {row.search_name}" for word in words) or " ".join(words) in row.search_rest


def _is_near(row: Row[Any], words: list[str]) -> bool:
    """Whether most words are there, and two of them side by side: what only shares a syllable misleads."""
    text = f" {row.search_name} {row.search_rest} "
    found = sum(f" {word}" in text for word in words)
    return len(words) < 2 or (found >= 0.6 * len(words) and _longest_run(words, text)[0] >= 2)


def _every(words: list[str]) -> str:
    """All of them; the last may go on, because it may still be typed."""
    return "(" + " & ".join([*words[:-1], f"{words[-1]}:*"]) + ")"


def _matching(session: Session, query: Select[*tuple[Any, ...]], question: str) -> Sequence[Row[Any]]:
    wanted = func.to_tsquery(literal_column("'simple'"), question)
    rank = func.ts_rank(Procedure.search_vector, wanted, 1)
    found = query.where(Procedure.search_vector.op("@@")(wanted)).order_by(rank.desc()).limit(_CANDIDATES)
    return session.execute(found).all()


def _corrected(session: Session, words: list[str]) -> list[str]:
    """Each word that the catalogue hardly knows, replaced by one a letter apart: by the commonest beside its neighbour."""
    known, names = _vocabulary(session)
    slips = [i for i, word in enumerate(words) if known.get(word, 0) < _COMMON]
    better = list(words)
    for i in slips:
        before = f" {better[i - 1]}" if i and i + 1 == len(words) else ""
        after = f" {words[i + 1]} " if i + 1 < len(words) else " "
        near = [other for other in known if _one_letter_apart(words[i], other)]
        times = {other: sum(f"{before} {other}{after}" in name for name in names) for other in near}
        better[i] = max(near, key=lambda other: (times[other], known[other]), default=words[i])
    return better


def _vocabulary(session: Session) -> tuple[Mapping[str, int], Sequence[str]]:
    """In how many procedures each word is, and all names; read again when a procedure was written."""
    written = func.max(cast(cast(literal_column("procedure.xmin"), Text), BigInteger))
    edition = session.execute(
        select(func.current_database(), func.count(), written).select_from(Procedure)
    ).one()

    def read() -> tuple[Mapping[str, int], Sequence[str]]:
        rows = session.execute(select(Procedure.search_name, Procedure.search_rest)).all()
        known = Counter(word for name, rest in rows for word in {*name.split(), *rest.split()})
        return known, [f" {name} " for name, _ in rows]

    return _vocabularies.get(tuple(edition), read)


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
    if elsewhere == len(
        words
    ):  # the field or the result says just this; a name that has the words scattered does not
        found = max(found, 0.8 * elsewhere)
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
