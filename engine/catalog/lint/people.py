"""P: who does it, how long it may take, with which form; who takes over when a machine is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import feel
import forms
from engine.calendar import rules
from engine.calendar.due import Limit
from engine.catalog.findings import Finding
from engine.catalog.lint.registry import in_form, in_record, on, rule
from engine.catalog.lint.subject import Subject
from engine.catalog.lint.unfolded import Node
from engine.catalog.lint.variables import ENGINE_TOPICS, FACTS, LANES, SERVICE_TOPICS
from engine.runtime.machine import OUTSIDE
from engine.runtime.model import Element

#: After status 9 the office is on time; a result is fetched when the applicant comes.
_NO_LIMIT = {"hand_over_result"}
_HOURS_A_DAY = 8
#: Rules that no office may stretch which has no law of its own.
_RULES = {"T02", "T05", "T06"}
#: The general decree; an article of another law may give an office longer.
_GENERAL = re.compile(r"118/2025")
_PAUSED = {"awaiting_supplement", "awaiting_payment"}


_HOURS = {"wh": 1, "h": 1, "wd": _HOURS_A_DAY, "same_day": _HOURS_A_DAY, "d": _HOURS_A_DAY * 5 / 7}


def in_working_hours(value: float, unit: str) -> float:
    """A calendar day counts 5/7 of a working day, a clock hour one hour."""
    return value * _HOURS[unit]


def working_hours(limit: str) -> float:
    value, _, unit = limit.partition(" ")
    return in_working_hours(float(value), unit)


def is_countable(limit: str) -> bool:
    """Whether the calendar can count it: `8 wh`, `0.5 wh`, `15 d`; not `0 wh`, `2.5 wd`."""
    try:
        Limit.parse(limit)
    except ValueError:
        return False
    return True


def said_of_step(row: object) -> str:
    """The limit that a row of `step_limits` says, alone or with its article; empty where it says none that can be counted."""
    match row:
        case {"limit": limit, "article": str(article), **more} if article and not more:
            row = limit
    return row if isinstance(row, str) and is_countable(row) else ""


def limit_of(subject: Subject, element: Element) -> str:
    """The limit of an element: as the record has it, else its own, else that of the rule which it names."""
    if said := said_of_step((subject.bundle.record.get("step_limits") or {}).get(element.id)):
        return said
    named = rules.in_force(rules.newest(), date.max).by_code.get(element.rule)
    return element.limit or (str(named.limit) if named and named.is_time else "")


@rule("P01", "E", "Không bước nào thiếu người chịu trách nhiệm")
def every_step_has_a_lane_of_the_list(subject: Subject) -> Iterator[Finding]:
    known = {*LANES, *(subject.bundle.record.get("lanes") or ())}
    for one in subject.drawn.elements.values():
        if one.kind == "user" and not one.lane:
            yield on(one, f"Bước “{one.name}” chưa có người chịu trách nhiệm (không nằm trong làn nào).")
        elif one.lane and one.lane not in known:
            yield on(one, f"Làn “{one.lane}” của “{one.name}” không có trong danh mục vai trò.")


@rule("P02", "E", "Không bước nào thiếu thời hạn")
def every_step_has_a_limit(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if one.kind == "user" and one.id not in _NO_LIMIT and not limit_of(subject, one):
            yield on(one, f"Bước “{one.name}” chưa có thời hạn.")
        if one.kind == "events":
            behind = subject.drawn.after(one)
            if not any(event.kind == "timer" or limit_of(subject, event) for event in behind):
                yield on(one, f"“{one.name}” chờ mà không có thời hạn.")
        alone = one.kind in {"message", "signal"} and not one.attached_to and not _behind_events(subject, one)
        if alone and not (one.at or limit_of(subject, one)):
            yield on(one, f"“{one.name}” chờ mà không có thời hạn.")


def _behind_events(subject: Subject, one: Element) -> bool:
    model = subject.drawn
    return any(model.elements[model.flows[flow].source].kind == "events" for flow in one.incoming)


@rule("P02", "E", "Không bước nào thiếu thời hạn")
def every_limit_can_be_counted(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if one.limit and not is_countable(one.limit):
            yield on(
                one,
                f"Thời hạn “{one.limit}” của “{one.name}” không đếm được: "
                "viết số nguyên dương, chỉ giờ làm việc được có nửa giờ.",
            )


@rule("P03", "E", "Không bước nào thiếu biểu mẫu")
def every_step_has_a_form_that_compiles(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if one.kind == "user" and not one.form:
            yield on(one, f"Bước “{one.name}” chưa có biểu mẫu.")
        elif one.form and one.form not in subject.bundle.forms:
            yield on(one, f"Không có biểu mẫu “{one.form}” của bước “{one.name}”.")


@rule("P03", "E", "Không bước nào thiếu biểu mẫu")
def every_form_compiles(subject: Subject) -> Iterator[Finding]:
    for key, document in subject.bundle.forms.items():
        for wrong in forms.check(document):
            yield in_form(subject, key, wrong.message_vi, _field_at(document, wrong.path))


def _field_at(document: Mapping[str, Any], place: str) -> str:
    """`components[2].components[0].properties.check` -> the key of the component there."""
    here: Any = document
    for number in re.findall(r"components\[(\d+)\]", place):
        inner = here.get("components")
        here = inner[int(number)] if isinstance(inner, list) and int(number) < len(inner) else {}
        here = here if isinstance(here, dict) else {}
    key = here.get("key") or here.get("path")
    return key if isinstance(key, str) and here is not document else ""


@rule("P04", "E", "118/2025 Đ17(3)")
def steps_together_fit_the_published_limit(subject: Subject) -> Iterator[Finding]:
    for stage, topic in enumerate(_BEGINS, 1):
        yield from _fits(subject, stage, topic)


#: What begins the time of each stage; a procedure of one stage has no second.
_BEGINS = ("dossier.accept", "clock.open_stage")


def _fits(subject: Subject, stage: int, topic: str) -> Iterator[Finding]:
    limits = subject.bundle.record.get("limits") or ()
    # FEEL that reads `stage` is about one of them; X01 tells of what is none
    own = [row for row in limits if _of_stage(row.get("when"), stage)]
    allowed = [in_working_hours(row["value"], row["unit"]) for row in own]
    if not allowed:
        return
    hours, way = _longest(subject, topic)
    if way and hours > max(allowed):
        slowest, _ = max(way, key=lambda step: step[1])
        yield on(
            slowest.element,
            f"Các bước từ tiếp nhận đến ghi nhận kết quả cộng lại {hours:g} giờ làm việc, "
            f"dài hơn thời hạn {max(allowed):g} giờ của thủ tục.",
            of="" if not slowest.path else slowest.process,
        )


def _of_stage(when: str | None, stage: int) -> bool:
    """Whether a limit counts in a stage: one that names none counts in the first, one that names more besides may in each.

    The longer limit of what must be verified is not the one that the usual way has.
    """
    try:
        names = feel.reads(when) if when is not None else frozenset()
        if "verification" in names:
            return False
        if "stage" not in names:
            return stage == 1
        return len(names) > 1 or feel.holds(str(when), {"stage": stage})
    except feel.FeelError:
        return False


@rule("P04", "W", "118/2025 Đ17(3)")
def a_limit_that_names_its_stage_names_nothing_else(subject: Subject) -> Iterator[Finding]:
    """Of what else it reads nothing is known here: the steps of each stage are held against it, also of one that is not its own."""
    for number, row in enumerate(subject.bundle.record.get("limits") or ()):
        try:
            others = sorted(feel.reads(row.get("when") or "null") - {"stage"})
            both = others and "stage" in feel.reads(row["when"])
        except feel.FeelError:
            continue  # X01 says so
        if both:
            yield in_record(
                subject,
                f"Thời hạn này đọc `stage` cùng {', '.join(others)}: không biết nó thuộc giai đoạn nào, "
                "nên các bước của giai đoạn nào cũng được so với nó.",
                "limits",
                str(number),
            )


Way = list[tuple[Node, float]]


def _longest(subject: Subject, begins: str) -> tuple[float, Way]:
    """The longest way from the beginning of a stage to its end that enters no element twice: to the decision, or to a second file.

    Not counted: waits of the applicant, and a transfer, because the clock starts when the competent office has the
    dossier (118/2025 Đ20).
    """
    ways: dict[Node, set[Node]] = {}
    for here, after in subject.walk.steps.items():
        ways.setdefault(here.node, set()).update(there.node for there in after)
    walk = subject.walk
    paused = {p.node for p in walk.steps if p.status in _PAUSED}
    stood = walk.reach(walk.at(lambda node: node.element.topic == "clock.pause"), avoiding=_goes_on)
    paused |= {p.node for p in stood}
    sums: dict[Node, tuple[float, Way] | None] = {}

    def weight(node: Node) -> float:
        limit = limit_of(subject, node.element)
        counts = node.element.kind in {"user", "message", "signal"} and node.process != "transfer_dossier"
        return working_hours(limit) if limit and counts and node not in paused else 0

    def best(node: Node, above: frozenset[Node]) -> tuple[float, Way] | None:
        if node.element.topic in {"dossier.decide", "revision.open"}:
            return 0, []
        if node in sums:
            return sums[node]
        after = [
            found for there in ways[node] if there not in above and (found := best(there, above | {node}))
        ]
        longest = max(after, key=lambda found: found[0], default=None)
        hours = weight(node)
        sums[node] = (longest[0] + hours, [(node, hours), *longest[1]]) if longest else None
        return sums[node]

    start = next((node for node in ways if node.element.topic == begins), None)
    return (best(start, frozenset()) if start else None) or (0, [])


def _goes_on(node: Node) -> bool:
    return node.element.topic in {"clock.resume", "clock.start_anew"}


@rule("P05", "E", "118/2025 Đ17-20")
def no_limit_is_longer_than_its_rule(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        limit = limit_of(subject, one)
        if limit and one.rule in _RULES:
            rule = rules.in_force(rules.newest(), date.max)[one.rule]
            named = subject.articles.get("supplement") if one.rule == "T06" else None
            general = not one.article or _GENERAL.search(one.article)
            if working_hours(limit) > working_hours(str(rule.limit)) and general and not named:
                yield on(
                    one,
                    f"Thời hạn {limit} của “{one.name}” dài hơn {rule.article} mà không nêu luật chuyên ngành.",
                )


@rule("P06", "E", "118/2025 Đ17(5)")
def who_examines_does_not_sign(subject: Subject) -> Iterator[Finding]:
    walk = subject.walk

    def examined(node: Node) -> bool:
        return node.element.kind == "user" and node.element.lane not in {
            "leader",
            "clerk",
            "cashier",
            "return",
        }

    accepted = walk.at(lambda node: node.element.topic == "dossier.accept")
    alone = walk.reach(accepted, avoiding=examined)
    for position in alone:
        if position.node.id == "sign_draft":
            yield on(
                subject.drawn.elements[position.node.path[0]]
                if position.node.path
                else position.node.element,
                "Có đường tới bước ký mà chưa ai thẩm tra hồ sơ.",
            )


@rule("P07", "E", "118/2025 Đ29")
def a_silent_service_hands_over_to_a_person(subject: Subject) -> Iterator[Finding]:
    model = subject.drawn
    for one in model.elements.values():
        if one.kind != "service":
            continue
        timers = [event for event in model.boundaries(one.id) if event.kind == "timer"]
        if not timers:
            yield on(one, f"“{one.name}” chưa có hẹn giờ chuyển cho người khi hệ thống ngoài không trả lời.")
        for timer in timers:
            person = _next_person(subject, timer)
            if person is None or person.lane != one.lane:
                yield on(timer, f"Hẹn giờ “{timer.name}” phải dẫn tới một người trong làn “{one.lane}”.")


def _next_person(subject: Subject, start: Element) -> Element | None:
    """The first user task behind an event, past gateways and engine steps on their default way."""
    seen: set[str] = set()
    here = start
    while here.id not in seen:
        seen.add(here.id)
        after = subject.drawn.after(here)
        people = [one for one in after if one.kind == "user"]
        if people:
            return people[0]
        if not after:
            return None
        here = after[-1]
    return None


@rule("P08", "E", "Không hồ sơ nào chờ mà không ai trông")
def every_wait_has_an_owner(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        armed = one.kind == "start" and one.event in OUTSIDE
        if (armed or one.kind in {"events", "service", *OUTSIDE}) and not one.lane:
            yield on(one, f"Không rõ ai theo dõi khi hồ sơ dừng ở “{one.name}” (không nằm trong làn nào).")


@rule("P09", "E", "Không hồ sơ nào chờ một hệ thống không có")
def every_topic_has_somebody_who_answers(subject: Subject) -> Iterator[Finding]:
    own = set(subject.bundle.record.get("service_topics") or ())
    known = {"engine": ENGINE_TOPICS.keys(), "service": SERVICE_TOPICS.keys() | own}
    for one in subject.drawn.elements.values():
        if one.topic and one.topic not in known.get(one.kind, frozenset()):
            yield on(one, f"Không có ai xử lý chủ đề “{one.topic}” của “{one.name}”.")


@rule("P09", "E", "Tin gửi đi phải có nơi nhận, tin chờ phải có nơi gửi")
def every_message_has_another_end(subject: Subject) -> Iterator[Finding]:
    """Dossiers tell one another under a key; without one nobody is meant, and nobody would hear it."""
    for one in subject.drawn.elements.values():
        if not one.message:
            continue
        ours, sends = one.message in FACTS, one.kind in {"throw", "end"}
        if ours and sends:
            yield on(one, f"“{one.message}” là tin do hệ thống báo cho hồ sơ; “{one.name}” không được gửi thay.")
        elif not ours and not one.key:
            yield on(
                one,
                f"“{one.name}” gửi thông điệp “{one.message}” mà không nêu khóa (key): không hồ sơ nào nhận được."
                if sends
                else f"“{one.name}” chờ thông điệp “{one.message}” mà không nêu khóa (key), và hệ thống không tự "
                "báo tin này: hồ sơ sẽ chờ mãi.",
            )
