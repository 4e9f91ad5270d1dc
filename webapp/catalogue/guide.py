"""What a citizen wants to know of a procedure, from its bundle where there is one, else as it was published.

Nothing is worked out here that binds anybody: the counter reckons date and fee of one dossier with the rules
themselves; these are the words about them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from engine.base.money import dong
from engine.catalog.models import Procedure, ProcedureVersion, VersionKind
from webapp.labels import CHANNELS, LEVELS, Words, label
from webapp.spans import span
from webapp.unit import house

#: `satisfied_by` of a component -> where we may take the paper from without asking for it.
HOLDERS: Words = {
    "population": ("Cơ sở dữ liệu quốc gia về dân cư", "National population database"),
    "residence": ("Cơ sở dữ liệu về cư trú", "Residence database"),
    "civil_status": ("Cơ sở dữ liệu hộ tịch điện tử", "Civil-status database"),
    "land": ("Cơ sở dữ liệu đất đai", "Land database"),
    "land_office": ("Cơ quan đăng ký đất đai", "Land registration office"),
    "health": ("Cơ sở dữ liệu y tế", "Health database"),
    "social": ("Cơ sở dữ liệu an sinh xã hội", "Social security database"),
    "own_records": ("Hồ sơ lưu của cơ quan", "The agency's own records"),
    "warehouse": ("Kho dữ liệu điện tử của bạn", "Your electronic data store"),
    "e_identity": ("Căn cước điện tử trên VNeID", "Electronic identity in VNeID"),
}
#: Conditions that only say how the dossier comes.
_BY_CHANNEL = re.compile(r'channel = "(online|post)"')
_NOT_ONLINE = 'channel != "online"'
_PER_COPY = re.compile(r"(\d+) \* copies_count")


@dataclass(frozen=True)
class Answer:
    """A large word, and what must be said beside it."""

    big: str
    small: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """One paper of the list; `held_by` are the places from which we may take it ourselves."""

    name: str
    counts: str = ""
    #: In which case it is asked for.
    note: str = ""
    form: str = ""
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Papers:
    """Papers under one heading of the published list; without a heading, all that there are."""

    title: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Channel:
    """One way to hand in, with its own limit and fee."""

    name: str
    limit: str
    fee: str
    description: str


@dataclass(frozen=True)
class Guide:
    """The page of one procedure."""

    code: str
    name: str
    #: The official name, when the page is read in another language.
    official_name: str
    field: str
    levels: tuple[str, ...]
    decided_by: str
    decision: str
    online_level: str | None
    limit: Answer
    fee: Answer
    place: Answer
    #: Always to be brought; only in some cases; looked up by the officer.
    bring: tuple[Papers, ...]
    sometimes: tuple[Paper, ...]
    looked_up: tuple[Paper, ...]
    applicants: tuple[str, ...]
    results: tuple[str, ...]
    legal_basis: tuple[Mapping[str, Any], ...]
    channels: tuple[Channel, ...]
    steps: tuple[str, ...]
    conditions: tuple[str, ...]
    #: Why it is not lodged online; empty: it is.
    not_online: str
    #: Number of the version in force; None: the procedure cannot be lodged today.
    version: int | None
    #: Whether it has a diagram of its own, or runs on the frame.
    own_diagram: bool


def guide_of(procedure: Procedure, version: ProcedureVersion | None) -> Guide:
    """`version` is the one in force: the procedure's own, the frame's, or none."""
    own = version.record if version and version.kind == VersionKind.PROCEDURE else None
    limit = _own_limit(own) if own else _published_limit(procedure)
    fee = _own_fee(own) if own else _published_fee(procedure)
    bring, sometimes, looked_up = _own_papers(own) if own else (_published_papers(procedure), (), ())
    fallback = (limit.big, fee.big) if own else (_("Chưa công bố"), _("Không công bố mức thu"))
    name = _said(own["name"]) if own else procedure.name_vi
    return Guide(
        code=procedure.code,
        name=name,
        official_name=procedure.name_vi if name != procedure.name_vi and _english() else "",
        field=_said(own["field"]) if own else procedure.field,
        levels=tuple(label(LEVELS, level) for level in procedure.levels),
        decided_by=_said(own["decided_by"]) if own else procedure.deciding_agency or "",
        decision=procedure.decision or "",
        online_level=procedure.online_level,
        limit=limit,
        fee=fee,
        place=_place(procedure),
        bring=bring,
        sometimes=sometimes,
        looked_up=looked_up,
        applicants=tuple(_said(row) for row in own["applicants"]) if own else tuple(procedure.applicants),
        results=tuple(_said(row) for row in own["results"])
        if own
        else tuple(row["name"] for row in procedure.results if row.get("name")),
        legal_basis=tuple(own["legal_basis"] if own else procedure.legal_basis),
        channels=tuple(_channel(row, *fallback) for row in _by_channel(procedure)),
        steps=_paragraphs(procedure.steps_text),
        conditions=_paragraphs(procedure.conditions_text),
        not_online=_not_online(own.get("channels")) if own else "",
        version=version.number if version else None,
        own_diagram=own is not None,
    )


def _not_online(row: Mapping[str, Any] | None) -> str:
    if row is None or "online" in row["only"]:
        return ""
    return _("Không nộp trực tuyến: %(why)s (%(article)s).", why=_said(row), article=row["article"])


def _english() -> bool:
    return str(get_locale()) == "en"


def _said(row: Mapping[str, Any]) -> str:
    return str((row.get("en") if _english() else None) or row["vi"])


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# ---- how long ----------------------------------------------------------------------------------------


def _own_limit(record: Mapping[str, Any]) -> Answer:
    rows = record["limits"]
    texts = _distinct(_said(row["text"]) for row in rows)
    big = span([(row["value"], row["unit"]) for row in rows]) or _("Tùy trường hợp")
    return Answer(big, texts)


def _published_limit(procedure: Procedure) -> Answer:
    rows = procedure.channels
    spans = [
        (row["limit_value"], row["limit_unit"]) for row in rows if row["limit_value"] and row["limit_unit"]
    ]
    texts = _distinct(row["limit_text"] for row in rows)
    if not texts:
        return Answer(_("Chưa công bố"), (_("Ngày hẹn được ghi trên giấy tiếp nhận hồ sơ."),))
    plain = len(spans) == len(rows)
    big = span(spans) if plain else ""
    since = _("Tính từ khi hồ sơ được tiếp nhận đủ và hợp lệ.")
    if big:
        return Answer(big, (since,))
    short = [text for text in texts if len(text) <= 40 and not text.isdigit()]
    return Answer(short[0] if len(texts) == 1 and short else _("Tùy cách nộp và trường hợp"), (since,))


# ---- how much ----------------------------------------------------------------------------------------


def _own_fee(record: Mapping[str, Any]) -> Answer:
    """One line for each fee; an exemption has the name of its fee and the amount 0."""
    amounts: dict[str, list[str]] = {}
    fixed: list[int] = []
    today = house().clock.today()
    binding = [row for row in record["fees"] if row.get("share") is None and _binds(row, today)]
    for row in sorted(binding, key=lambda row: str(row.get("amount")) != "0"):
        words_of = _by_pages(row["tariff"]) if row.get("tariff") else _amount(str(row["amount"]))
        amounts.setdefault(_said(row), []).append(words_of)
        fixed += [int(row["amount"])] if str(row.get("amount", "")).isdigit() else []
    if not amounts:
        return Answer(_("Không thu phí"))
    between = " " + _("hoặc") + " "
    words = {name: between.join(_distinct(given)) for name, given in amounts.items()}
    fixed.sort()
    if len(words) == 1:
        big = next(iter(words.values()))
    elif not fixed:
        big = _("Tùy trường hợp")
    elif fixed[0] == fixed[-1]:
        big = dong(fixed[0])
    else:
        big = _("%(low)s đến %(high)s", low=dong(fixed[0]), high=dong(fixed[-1]))
    return Answer(big, tuple(f"{name}: {amount}" for name, amount in words.items()))


def _binds(row: Mapping[str, Any], today: date) -> bool:
    return (row.get("effective_from") or "") <= today.isoformat() < (row.get("effective_to") or "9999")


def _by_pages(tariff: Mapping[str, Any]) -> str:
    """2.000 đ mỗi trang, 1.000 đ từ trang 3, tối đa 200.000 đ một bản."""
    first, *others = tariff["steps"]
    words = [_("%(amount)s mỗi trang", amount=dong(first["each"]))]
    words += [_("%(amount)s từ trang %(page)s", amount=dong(one["each"]), page=one["from_page"]) for one in others]
    if tariff.get("cap") is not None:
        words.append(_("tối đa %(amount)s một bản", amount=dong(tariff["cap"])))
    return ", ".join(words)


def _amount(feel: str) -> str:
    if feel.isdigit():
        return dong(int(feel))
    per_copy = _PER_COPY.fullmatch(feel)
    return _("%(amount)s mỗi bản sao", amount=dong(int(per_copy[1]))) if per_copy else _("theo tờ khai")


def _published_fee(procedure: Procedure) -> Answer:
    rows = procedure.channels
    texts = _distinct(_fee_words(row) for row in rows)
    if not texts:
        return Answer(
            _("Không công bố mức thu"), (_("Cán bộ tiếp nhận báo mức thu, nếu có, trước khi nhận hồ sơ."),)
        )
    known = {row["fee_amount"] for row in rows}
    if None not in known:
        low, high = min(known), max(known)
        big = dong(low) if low == high else _("%(low)s đến %(high)s", low=dong(low), high=dong(high))
        return Answer(big)
    return Answer(_("Tùy trường hợp"), (_("Xem mức thu của từng cách nộp ở dưới."),))


def _fee_words(row: Mapping[str, Any]) -> str:
    return re.sub(r"(?<=\S)\(", " (", row["fee_text"] or "")


# ---- where -------------------------------------------------------------------------------------------


def _place(procedure: Procedure) -> Answer:
    """Any centre of the province takes what province and communes decide (Decree 118/2025, art. 14)."""
    online = any(row["channel"] == "online" for row in procedure.channels)
    if not {"province", "commune"} & set(procedure.levels):
        return Answer(_("Tại cơ quan trung ương"), _distinct([procedure.deciding_agency]))
    big = _("Trên mạng, hoặc quầy gần nhất") if online else _("Quầy gần nhất")
    return Answer(big, (_("Mọi Trung tâm Phục vụ hành chính công trong tỉnh đều nhận."),))


def _by_channel(procedure: Procedure) -> list[dict[str, Any]]:
    """At the counter first; several rows of one channel stay in the order in which they were published."""
    return sorted(procedure.channels, key=lambda row: list(CHANNELS).index(row["channel"]))


def _channel(row: Mapping[str, Any], limit: str, fee: str) -> Channel:
    """`limit` and `fee` stand where the row has none of its own."""
    value, unit = row["limit_value"], row["limit_unit"]
    said = span([(value, unit)]) if value and unit else row["limit_text"] or ""
    return Channel(
        name=label(CHANNELS, row["channel"]),
        # A bare number was published without its unit and says nothing.
        limit=limit if not said or said.isdigit() else said,
        fee=_fee_words(row) or fee,
        description=row["description"] or "",
    )


# ---- papers ------------------------------------------------------------------------------------------


def _own_papers(
    record: Mapping[str, Any],
) -> tuple[tuple[Papers, ...], tuple[Paper, ...], tuple[Paper, ...]]:
    """(always, in some cases, looked up): what the rules ask for only when a look-up fails need not be brought."""
    bring: list[Paper] = []
    sometimes: list[Paper] = []
    looked_up: list[Paper] = []
    for row in record["components"]:
        condition = row.get("required_when") or "true"
        if condition == "false":
            continue
        holders = _distinct(label(HOLDERS, one) for one in row.get("satisfied_by", ()) if one in HOLDERS)
        channel = _BY_CHANNEL.match(condition)
        note = _("khi nộp %(channel)s", channel=label(CHANNELS, channel[1])) if channel else ""
        paper = Paper(_said(row), _counts(row), note=note, held_by=holders)
        if holders and "lookup." in condition and row["kind"] != "declaration":
            looked_up.append(paper)
        elif condition == "true" or (row["kind"] == "declaration" and condition == _NOT_ONLINE):
            bring.append(paper)
        else:
            sometimes.append(paper)
    always = (Papers("", tuple(bring)),) if bring else ()
    return always, tuple(sometimes), tuple(looked_up)


def _published_papers(procedure: Procedure) -> tuple[Papers, ...]:
    """Under the headings under which they were published, in that order."""
    groups: dict[str, list[Paper]] = {}
    for row in procedure.components:
        title = (row.get("group") or "").strip("*+-: ")
        groups.setdefault(title, []).append(Paper(row["name"], _counts(row), form=row.get("form") or ""))
    return tuple(Papers(title, tuple(papers)) for title, papers in groups.items())


def _counts(row: Mapping[str, Any]) -> str:
    kinds = (
        ("originals", _("%(n)s bản chính", n=row.get("originals"))),
        ("certified", _("%(n)s bản sao chứng thực", n=row.get("certified"))),
        ("copies", _("%(n)s bản sao", n=row.get("copies"))),
    )
    return ", ".join(words for kind, words in kinds if row.get(kind))
