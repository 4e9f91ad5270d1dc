"""Reads the flattened words of the national publication into values.

The page's tables reach us without their cell borders ("Trực tuyến20 NgàyMiễn phí(...)Trực tiếp15 Ngày..."), and its
structured fields are known to be wrong now and then (a fee of 700 for 700.000 đ, a time "1" without a unit). So a
value is taken only where the words leave no doubt; else it is None and the words are what people see.
"""

from __future__ import annotations

import re
from typing import Any

from engine.base.ids import digest_of
from engine.base.text import fold

_CHANNELS = {"Trực tuyến": "online", "Trực tiếp": "in_person", "Dịch vụ bưu chính": "post"}
_UNITS = {"Ngày làm việc": "wd", "Ngày": "d", "Giờ": "h", "Tháng": "month", "Năm": "year"}
_LEVELS = {"Cấp bộ": "ministry", "Cấp tỉnh": "province", "Cấp xã": "commune", "Cơ quan khác": "other"}
_UNKNOWN = "Không có thông tin"

_FEE = rf"(?:Miễn phí|{_UNKNOWN}|[\d.,]+ ?(?:VNĐ|Việt Nam Đồng|USD))"
_LIMIT = rf"(?:\d[\d.,]*(?: ?(?:{'|'.join(_UNITS)}))?|{_UNKNOWN}|Không(?: [^\d(]{{0,60}}?)?)"
#: A channel, its limit and its fee stand together only where a row begins.
_ROW = re.compile(rf"({'|'.join(_CHANNELS)})({_LIMIT})(?={_FEE})")
#: The first row may hold any words for its limit.
_FIRST_ROW = re.compile(rf"({'|'.join(_CHANNELS)})(.{{0,300}}?)(?={_FEE})", re.DOTALL)
_FEE_HERE = re.compile(_FEE)

_COMPONENTS_HEAD = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
_COPIES = re.compile(r"(?:(\d+) bản chính)(?:,(\d+) bản sao)?|(\d+) bản sao")
_FORM_FILE = re.compile(r"(?<=[^\W\d_A-Z]|[.;,:)])(?=[A-ZĐ\d])(\S[^;]*?\.(?:docx?|pdf|xlsx?|rtf|zip))$")

_BASIS_HEAD = re.compile(r"^(?:Tên văn bản pháp lýMã văn bản|[:\s]+)")
_ISSUERS = (
    "CP|TTg|VPCP|VPQH|UBTVQH|QH\\d\\d|UBND|HĐND|NHNN\\d?|BHXH|TANDTC|HĐTP|VKSNDTC|TTCP|UBDT|CTN"
    "|BNNPTNT|BNNMT|BNN|BNG|BNV|BTNMT|BTTTT|BTC|BTP|BCA|BCT|BXD|BGTVT|BGDĐT|BKHĐT|BKHCN|BQP|BYT|BLĐTBXH|BVHTTDL|BDTTG"
)
_KINDS = "NĐ|ND|NQ|QĐ|TT|TTLT|CT|PL|L|VBHN|LT"
#: A number ends a row when the next title is glued to it, or the text ends; one that a title quotes is followed by a
#: blank, a stop, or by the digits of the row's own number.
_BASIS_NUMBER = re.compile(
    rf"(?<!\d)(?P<run>\d{{1,8}})(?P<tail>/(?:\d{{4}}/)?"
    rf"(?>(?:PL-)?(?:UBTV)?QH\d{{1,2}}|(?:{_KINDS})[-_] ?(?>{_ISSUERS})(?:-(?>{_ISSUERS}))*))"
    r"(?=\.*\s*$|\n|[^\W\d_])"
)
_KIND_AT_END = re.compile(
    r"(?<=[a-zà-ỹđ0-9)])(?:Luật|Nghị định|Nghị quyết|Thông tư|Quyết định|Pháp lệnh)(?: số)?\s*$"
)

#: KQ.G15.000031, and the older 000.00.00.G04-KQ3336
_RESULT_CODE = re.compile(r"Mã: ?([A-Z\d][A-Z\d.-]*?\d{4,6})(?!\d)")


def levels(text: str) -> list[str]:
    return [_LEVELS[level] for level in _LEVELS if level in text]


def applicants(text: str) -> list[str]:
    """Split at the commas that divide kinds, not at those inside brackets or inside one kind's name."""
    text = text.replace("Cán bộ, công chức, viên chức", "Cán bộ\0 công chức\0 viên chức")
    return [kind.replace("\0", ",").strip() for kind in re.split(r",(?![^(]*\))", text) if kind.strip()]


def channels(text: str) -> list[dict[str, Any]]:
    """One value for each row of the table of channels; a channel may have several rows."""
    body = text.removeprefix("Hình thức nộpThời gianPhí, lệ phíMô tả")
    rows = list(_ROW.finditer(body))
    first = _FIRST_ROW.match(body)
    if first and (not rows or rows[0].start() > 0):
        rows = [first, *(row for row in rows if row.start() >= first.end())]
    ends = [*(row.start() for row in rows[1:]), len(body)][: len(rows)]
    return [
        _channel(row[1], row[2].strip(), body[row.end() : end]) for row, end in zip(rows, ends, strict=True)
    ]


def _channel(name: str, limit: str, rest: str) -> dict[str, Any]:
    fees, described = _fees(rest)
    amount = _amount(fees)
    value, unit = _limit(limit)
    return {
        "channel": _CHANNELS[name],
        "limit_text": None if limit == _UNKNOWN else limit,
        "limit_value": value,
        "limit_unit": unit,
        "fee_text": None if fees == [_UNKNOWN] else "; ".join(fees),
        "fee_amount": amount,
        "description": described.strip() or None,
    }


def _limit(text: str) -> tuple[int | None, str | None]:
    """A whole number with a unit, or nothing: a bare "1" may be hours, days or a form number."""
    found = re.fullmatch(rf"(\d+) ?({'|'.join(_UNITS)})", text)
    return (int(found[1]), _UNITS[found[2]]) if found else (None, None)


def _fees(rest: str) -> tuple[list[str], str]:
    """The fees with their remarks in brackets, and the description behind them."""
    fees, at = [], 0
    while fee := _FEE_HERE.match(rest, at):
        end = fee.end()
        if rest[end : end + 1] == "(":
            end = _closing(rest, end)
        fees.append(rest[at:end])
        at = end
    return fees, rest[at:]


def _closing(text: str, start: int) -> int:
    """Where the bracket that opens at `start` is closed; the end of the text where it never is."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at + 1
    return len(text)


def _amount(fees: list[str]) -> int | None:
    """Dong, where there is one fee and its remark names no other amount; 0 where it is free without a remark."""
    if len(fees) != 1:
        return None
    found = re.fullmatch(rf"({_FEE})(?:\((.*)\))?", fees[0], re.DOTALL)
    if not found:
        return None
    fee, remark = found[1], (found[2] or "").strip()
    if fee == "Miễn phí":
        return (
            0 if fold(remark).rstrip(".") in {"", "khong", "khong co", "khong thu phi", "mien phi"} else None
        )
    amount = re.fullmatch(r"(\d{1,3}(?:,\d{3})*) ?(?:VNĐ|Việt Nam Đồng)", fee)
    if not amount or int(amount[1].replace(",", "")) < 1000:
        return None
    named = {int(n.replace(".", "")) for n in re.findall(r"(?<![\d/])\d{1,3}(?:\.\d{3})+(?![\d/])", remark)}
    value = int(amount[1].replace(",", ""))
    return value if named <= {value} else None


def components(text: str) -> list[dict[str, Any]]:
    """The papers asked for; `group` is the case they belong to ("Đối với trường hợp ...").

    The publication does not tell certified copies from plain ones, so `certified` is always None. Rows of
    0 originals and 0 copies are remarks of the ministry that stand among the papers.
    """
    pieces = text.split(_COMPONENTS_HEAD)
    found: list[dict[str, Any]] = []
    group = pieces[0].strip(" -\n\t") or None
    for piece in pieces[1:]:
        at = 0
        for count in _COPIES.finditer(piece):
            name = " ".join(piece[at : count.start()].split())
            at = count.end()
            if name.strip(" -+*.;"):
                found.append(_component(name, count, group))
        group = piece[at:].strip(" -\n\t") or None
    return _with_keys(found)


def _component(name: str, count: re.Match[str], group: str | None) -> dict[str, Any]:
    form = None
    if "." in name[-5:] and (file := _FORM_FILE.search(name)):
        name, form = name[: file.start(1)], file[1]
    originals = int(count[1] or 0)
    copies = int(count[2] or count[3] or 0)
    return {
        "name": name.lstrip("-+* ").rstrip(";. "),
        "originals": originals,
        "certified": None,
        "copies": copies,
        "group": group,
        "form": form,
    }


def _with_keys(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A key from the words, so that it stays when the ministry reorders its list."""
    seen: dict[str, int] = {}
    keyed = []
    for component in found:
        key = "c" + digest_of([component["group"], component["name"]])[:10]
        seen[key] = seen.get(key, 0) + 1
        keyed.append({"key": key if seen[key] == 1 else f"{key}_{seen[key]}", **component})
    return keyed


def legal_basis(text: str) -> list[dict[str, str | None]]:
    """Titles with their numbers; where no number can be told apart, the words as they are without one."""
    if _UNKNOWN in text[:30]:
        return []
    body = _BASIS_HEAD.sub("", text)
    found: list[dict[str, str | None]] = []
    at = 0
    for match in _BASIS_NUMBER.finditer(body):
        borrowed = _digits_of_title(body[: match.start()], match["run"])
        number = match["run"][borrowed:] + match["tail"]
        title = " ".join(_KIND_AT_END.sub("", body[at : match.start() + borrowed]).split())
        found.append({"number": number, "title": title or number})
        at = match.end()
    if rest := " ".join(body[at:].split()).strip(" .;"):
        found.append({"number": None, "title": rest})
    return found


def _digits_of_title(before: str, run: str) -> int:
    """How many digits of a glued run belong to the title: "Luật Khiếu nại năm 2011|02/2011/QH13"."""
    if before.endswith("QH") and len(run) >= 3:
        return 2
    if len(run) >= 5 and run[:2] in {"19", "20"}:
        return 4
    return 0


def results(text: str) -> list[dict[str, str | None]]:
    """Results with their national codes."""
    if _UNKNOWN in text[:30]:
        return []
    found: list[dict[str, str | None]] = []
    at = 0
    for match in _RESULT_CODE.finditer(text):
        if name := " ".join(text[at : match.start()].split()):
            found.append({"code": match[1], "name": name})
        at = match.end()
    if rest := " ".join(text[at:].split()):
        found.append({"code": None, "name": rest})
    return found
