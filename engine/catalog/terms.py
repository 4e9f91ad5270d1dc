"""What a version binds a dossier to: components, fees, limits, settings, as typed rules.

A procedure with a bundle of its own takes them from its record; one on the frame takes what the
ministry published about it, and the frame's settings.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

import feel
from engine.base.kept import Kept
from engine.catalog.models import Procedure, ProcedureVersion, VersionKind


@dataclass(frozen=True)
class ComponentRule:
    """One document type of the checklist. `required_when` None: listed, reception judges the need."""

    key: str
    name: str
    kind: str
    required_when: str | None
    originals: int = 0
    certified: int = 0
    copies: int = 0
    satisfied_by: tuple[str, ...] = ()
    article: str = ""
    #: Type codes under which a warehouse holds it; empty: it is never looked for there.
    held_as: tuple[str, ...] = ()


#: Of `applicant`: the path, or the paths, to the number of whoever the result belongs to.
OWNER = "owner_id"


@dataclass(frozen=True)
class ResultRule:
    """One kind of result, under the code by which a warehouse tells it from others (art. 22(4))."""

    type_code: str
    name: str
    #: granted | refused | notice
    kind: str


#: Of whom the law waives or reduces fees: what may be ticked and proved at a counter.
FEE_CLASSES = (
    "merit_family", "poor_household", "near_poor_household", "disabled", "child", "elderly", "minority_hard_area", "border_island", "orphan",
)  # fmt: skip


@dataclass(frozen=True)
class Tariff:
    """What is counted by pages: so much for each, from which page on, and never more than the cap for one paper."""

    #: FEEL: the pages of each paper, a list; or of the only one.
    pages: str
    #: FEEL: how many of each; None: one.
    times: str | None
    #: (from which page on, dong for each), the first from page 1.
    steps: tuple[tuple[int, int], ...]
    cap: int | None


@dataclass(frozen=True)
class FeeRule:
    """One fee or exemption; `amount` is FEEL and gives whole dong, unless a tariff says what it costs."""

    id: str
    kind: str
    name: str
    amount: str
    when: str | None
    moment: str
    article: str
    priority: int
    #: FEEL, may read `end_reason`: when a dossier that ends early gets this fee back; None: never (art. 21).
    refund: str | None = None
    #: Step whose answers take the place of the declaration's: what an officer counted is what is paid.
    counted_by: str | None = None
    #: Holds from this day to that (half open), by the day of lodging.
    effective_from: date | None = None
    effective_to: date | None = None
    #: Province or commune whose council set it; None: everywhere it set nothing of its own.
    place: str | None = None
    #: Empty: all.
    channels: tuple[str, ...] = ()
    #: Of whom one must be, and prove it; empty: anybody.
    classes: tuple[str, ...] = ()
    tariff: Tariff | None = None
    #: Of an exemption: how much of the others of its kind is still paid, in percent.
    share: int | None = None

    def holds_on(self, day: date | None) -> bool:
        return day is None or (
            (self.effective_from is None or self.effective_from <= day)
            and (self.effective_to is None or day < self.effective_to)
        )


@dataclass(frozen=True)
class LimitRule:
    """How long the procedure may take. Units: same_day, wh, wd, d, h."""

    when: str | None
    value: int
    unit: str
    text: str
    article: str
    #: Of a group: the law sets it for the whole, so that its parts share it; or not, so that it moves with its parts.
    whole: bool | None = None


@dataclass(frozen=True)
class ChildRule:
    """One dossier that a group opens for another office (Decree 118/2025, art. 20(2)). Every text but the name is FEEL."""

    kind: str
    procedure: str
    name: str
    #: The branch of administration that holds it; None: the office that decides the group.
    office: str | None
    #: Whether it belongs to this group's dossier; the first is opened alone, the others when it is done.
    when: str | None
    #: Whether others must confirm through VNeID before it is opened; that time does not count.
    consents_when: str | None
    #: The limit that the law of the group sets its office, instead of that of the procedure alone.
    limits: tuple[LimitRule, ...]
    #: Key of its declaration -> what the group's declaration says.
    answers: Mapping[str, str]


@dataclass(frozen=True)
class OnlyBy:
    """The channels by which a procedure is lodged where the law does not take all, and why."""

    channels: tuple[str, ...]
    why: str
    article: str


@dataclass(frozen=True)
class StepLimit:
    """How long a step may take."""

    #: `7 wd`
    limit: str
    #: By which article; None: that of the rule which the step names.
    article: str | None = None

    @classmethod
    def of(cls, row: str | Mapping[str, str]) -> "StepLimit":
        """As a record says it: the limit alone, or with its article."""
        return cls(row) if isinstance(row, str) else cls(row["limit"], row["article"])


@dataclass(frozen=True)
class Terms:
    """The rules of one procedure under one version."""

    code: str
    name: str
    declaration: str
    settings: Mapping[str, Any]
    step_limits: Mapping[str, StepLimit]
    #: By which the procedure goes its own way: supplement, silence, limit.
    articles: Mapping[str, str]
    components: tuple[ComponentRule, ...]
    fees: tuple[FeeRule, ...]
    limits: tuple[LimitRule, ...]
    variants: tuple[tuple[str, str | None], ...]
    #: Paths into the declaration: name, personal_id, phone, email, owner_name, return_way; of OWNER one or several.
    applicant: Mapping[str, Any]
    results: tuple[ResultRule, ...]
    #: FEEL over the declaration: the owner whom it names is an organisation; None: never.
    organisation_when: str | None = None
    allow_transitions: frozenset[str] = field(default_factory=frozenset)
    #: Of a group: the dossiers that it opens, the first one first.
    children: tuple[ChildRule, ...] = ()
    #: Of a group: what its law sets for steps of those dossiers, instead of their own; rows of `StepLimit.of`.
    part_step_limits: Mapping[str, Any] = field(default_factory=dict)
    #: Nobody lodges it by itself: a group opens it.
    only_in_group: bool = False
    #: None: by every channel.
    only_by: OnlyBy | None = None

    def limit(self, facts: Mapping[str, Any]) -> LimitRule | None:
        """The limit that applies, or None where nothing was published."""
        return next((rule for rule in self.limits if holds(rule.when, facts)), None)

    @property
    def fee_classes(self) -> tuple[str, ...]:
        """Of whom the fees ask whether the applicant is one of them, in the order of the record."""
        return tuple(dict.fromkeys(one for rule in self.fees for one in rule.classes))

    @property
    def owner_paths(self) -> tuple[str, ...]:
        """Where the numbers of the owners stand: as the record says, else the applicant's if they are the owner."""
        if paths := self.applicant.get(OWNER):
            return tuple(paths) if isinstance(paths, list) else (paths,)
        is_owner = self.applicant.get("owner_name", self.applicant["name"]) == self.applicant["name"]
        return (self.applicant["personal_id"],) if is_owner and "personal_id" in self.applicant else ()

    def variant(self, facts: Mapping[str, Any]) -> str | None:
        return next((key for key, when in self.variants if holds(when, facts)), None)


def holds(condition: str | None, facts: Mapping[str, Any]) -> bool:
    """Whether a FEEL condition is true; no condition is true, null is not."""
    return condition is None or feel.holds(condition, facts)


#: What tells one publication of a procedure from the next; the terms of a version follow from it.
EDITION = func.coalesce(Procedure.source_digest, Procedure.name_vi)

_terms: Kept[tuple[uuid.UUID, str, str], Terms] = Kept(4096)


def terms_for(session: Session, version_id: uuid.UUID, code: str, edition: str) -> Terms:
    """The terms of a dossier that runs already; read once for each version and edition of the procedure."""
    return _terms.get(
        (version_id, code, edition),
        lambda: terms_of(session.get_one(Procedure, code), session.get_one(ProcedureVersion, version_id)),
    )


def terms_of(procedure: Procedure, version: ProcedureVersion) -> Terms:
    """Read the rules that a dossier of this procedure has under this version."""
    record = version.record
    on_frame = version.kind == VersionKind.FRAME
    return Terms(
        code=procedure.code,
        name=procedure.name_vi,
        declaration=record["declaration"],
        settings=record.get("settings", {}),
        step_limits={step: StepLimit.of(row) for step, row in record.get("step_limits", {}).items()},
        articles=record.get("articles", {}),
        components=_published_components(procedure) if on_frame else _own_components(record),
        fees=_published_fees(procedure) if on_frame else _own_fees(record),
        limits=_published_limits(procedure) if on_frame else _own_limits(record),
        variants=tuple((row["key"], row.get("when")) for row in record.get("variants", [])),
        applicant=record["applicant"],
        results=results(procedure.code, procedure.results if on_frame else record.get("results", [])),
        organisation_when=record.get("organisation_when"),
        allow_transitions=frozenset(record.get("allow_transitions", [])),
        children=tuple(map(_child, record.get("children", []))),
        part_step_limits=record.get("part_step_limits", {}),
        only_in_group=record.get("only_in_group", False),
        only_by=_only_by(record.get("channels")),
    )


def _only_by(row: Mapping[str, Any] | None) -> OnlyBy | None:
    return OnlyBy(tuple(row["only"]), row["vi"], row["article"]) if row else None


def results(procedure: str, rows: Sequence[Mapping[str, Any]]) -> tuple[ResultRule, ...]:
    """Of the record or of the publication, which leaves out codes, and sometimes all results."""
    rows = rows or [{"name": "Kết quả giải quyết thủ tục hành chính"}]
    without = f"{procedure}-KQ"
    return tuple(
        ResultRule(
            row.get("code") or (f"{without}{number:02}" if len(rows) > 1 else without),
            row.get("vi") or row.get("name") or "",
            row.get("kind", "granted"),
        )
        for number, row in enumerate(rows, start=1)
    )


def _child(row: Mapping[str, Any]) -> ChildRule:
    return ChildRule(
        kind=row["kind"],
        procedure=row["procedure"],
        name=row["vi"],
        office=row.get("office"),
        when=row.get("when"),
        consents_when=row.get("consents_when"),
        limits=_own_limits(row),
        answers=row["answers"],
    )


def _own_components(record: Mapping[str, Any]) -> tuple[ComponentRule, ...]:
    return tuple(
        ComponentRule(
            key=row["key"],
            name=row["vi"],
            kind=row["kind"],
            required_when=row.get("required_when") or "true",
            originals=row.get("originals") or 0,
            certified=row.get("certified") or 0,
            copies=row.get("copies") or 0,
            satisfied_by=tuple(row.get("satisfied_by", ())),
            article=row.get("article") or "",
            held_as=tuple(row.get("held_as", ())),
        )
        for row in record.get("components", [])
    )


#: The publication does not say what may stand in for a paper: reception judges. What type of paper it is nobody says
#: either, so nothing is looked for in a warehouse.
_ANY_SOURCE = ("population", "vneid", "e_original", "e_certified")


def _published_components(procedure: Procedure) -> tuple[ComponentRule, ...]:
    return tuple(
        ComponentRule(
            key=row["key"],
            name=row["name"],
            kind="submit",
            required_when=None,
            originals=row.get("originals") or 0,
            certified=row.get("certified") or 0,
            copies=row.get("copies") or 0,
            satisfied_by=_ANY_SOURCE,
        )
        for row in procedure.components
    )


def _own_fees(record: Mapping[str, Any]) -> tuple[FeeRule, ...]:
    rows = [
        FeeRule(
            id=row["id"],
            kind=row["kind"],
            name=row["vi"],
            amount=str(row.get("amount", "0")),
            when=row.get("when"),
            moment=row.get("moment", "at_reception"),
            article=row.get("article", ""),
            priority=row.get("priority", 0),
            refund=row.get("refund"),
            counted_by=row.get("counted_by"),
            effective_from=_day(row.get("effective_from")),
            effective_to=_day(row.get("effective_to")),
            place=row.get("place"),
            channels=tuple(row.get("channels") or ()),
            classes=tuple(row.get("classes") or ()),
            tariff=_tariff(row.get("tariff")),
            share=row.get("share"),
        )
        for row in record.get("fees", [])
    ]
    return tuple(sorted(rows, key=lambda rule: -rule.priority))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _tariff(row: Mapping[str, Any] | None) -> Tariff | None:
    if row is None:
        return None
    steps = tuple((step["from_page"], step["each"]) for step in row["steps"])
    return Tariff(row["pages"], row.get("times"), steps, row.get("cap"))


def _published_fees(procedure: Procedure) -> tuple[FeeRule, ...]:
    return tuple(
        FeeRule(
            id=f"PUB-{row['channel']}",
            kind="phi",
            name="Phí, lệ phí theo công bố",
            amount=str(row["fee_amount"]),
            when=f'channel = "{row["channel"]}"',
            moment="at_reception",
            article=f"Thủ tục {procedure.code}, {procedure.decision or 'bản công bố'}",
            priority=0,
        )
        for row in procedure.channels
        if row.get("fee_amount")
    )


def _own_limits(record: Mapping[str, Any]) -> tuple[LimitRule, ...]:
    return tuple(
        LimitRule(
            row.get("when"), row["value"], row["unit"], row["text"]["vi"], row.get("article", ""), row.get("whole")
        )
        for row in record.get("limits", [])
    )


#: Civil Code 2015, art. 146: a month counts 30 days, a year 365.
DAYS = {"month": 30, "year": 365}


def _published_limits(procedure: Procedure) -> tuple[LimitRule, ...]:
    article = f"Thủ tục {procedure.code}, {procedure.decision or 'bản công bố'}"
    return tuple(
        LimitRule(
            when=f'channel = "{row["channel"]}"',
            value=row["limit_value"] * DAYS.get(row["limit_unit"], 1),
            unit="d" if row["limit_unit"] in DAYS else row["limit_unit"],
            text=row["limit_text"],
            article=article,
        )
        for row in procedure.channels
        if row.get("limit_value") and row.get("limit_unit")
    )
