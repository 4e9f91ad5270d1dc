"""F: the one-stop frame of Decree 118/2025, which every procedure keeps however it is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator

import feel
from engine.base.text import fold
from engine.catalog.findings import Finding
from engine.catalog.lint.registry import in_record, on, rule
from engine.catalog.lint.structure import parallel_blocks
from engine.catalog.lint.subject import Subject
from engine.catalog.lint.unfolded import Node, Position
from engine.catalog.models import VersionKind
from engine.runtime.model import Element

#: The statuses in which a dossier may end.
FINAL = {"not_accepted", "withdrawn", "stopped", "handed_over"}
#: From -> to; "" is before the first status.
_CHANGES = {
    "": {"registered", "accepted", "not_accepted"},
    "registered": {"accepted", "not_accepted", "awaiting_supplement", "awaiting_payment", "withdrawn"},
    "accepted": {"in_process", "awaiting_supplement", "awaiting_payment", "withdrawn", "stopped", "decided"},
    "in_process": {"awaiting_supplement", "awaiting_payment", "withdrawn", "stopped", "decided"},
    "awaiting_supplement": {"registered", "in_process", "withdrawn", "stopped"},
    "awaiting_payment": {"registered", "accepted", "in_process", "withdrawn", "stopped"},
    "stopped": {"accepted", "in_process"},
    "decided": {"handed_over"},
}
#: `satisfied_by` of a component: databases of the state, which an office must ask before it asks a person.
DATABASES = {"population", "residence", "civil_status", "land", "health", "social"}
_ASSISTANT = re.compile(r"\b(?:ai|llm|assistant|chatbot|tri tue nhan tao|tro ly (?:ao|so|ai))(?:\b|_)")
#: Parts that begin a diagram: ours, and for a dossier that a ministry decides in its own system.
_TAKES_IN = {"take_in", "pass_to_ministry"}
#: Parts that run beside the main diagram and bear no status.
_SIDE = {"extend_deadline", "return_papers", "correct_result"}


def may_follow(before: str | None, after: str | None, allowed: Container[str] = ()) -> bool:
    """Whether a status may follow another; `allowed` are the changes that a record adds ("decided>stopped")."""
    return (
        before == after
        or after in _CHANGES.get(before or "", ())
        or f"{before or ''}>{after or ''}" in allowed
    )


def is_whole(subject: Subject) -> bool:
    """A part alone is no frame; its rules run when a procedure calls it."""
    return subject.bundle.kind != VersionKind.PART


def _topic(*topics: str) -> Callable[[Node], bool]:
    return lambda node: node.element.topic in topics


def _handed_over(subject: Subject, positions: set[Position]) -> list[Element]:
    return _ends_with(subject, positions, "handed_over")


def _ends_with(subject: Subject, positions: set[Position], status: str) -> list[Element]:
    found = {one.node.id: one.node.element for one in subject.walk.ends(positions) if one.status == status}
    return list(found.values())


def _caller(subject: Subject, node: Node) -> Element:
    """The element of the bundle's own diagram under which a node stands."""
    return subject.drawn.elements[node.path[0] if node.path else node.id]


@rule("F01", "E", "118/2025 Đ5, Đ17")
def begins_by_taking_in(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject):
        return
    start = next(one for one in subject.drawn.inside("").elements.values() if one.kind == "start")
    first = subject.drawn.after(start)[0]
    if first.called not in _TAKES_IN:
        yield on(first, f"Bước đầu tiên phải là phần “Tiếp nhận hồ sơ” (take_in), không phải “{first.name}”.")
    for one in subject.drawn.elements.values():
        if one.topic in {"dossier.accept", "dossier.refuse"}:
            yield on(one, f"Hồ sơ chỉ được tiếp nhận hoặc từ chối trong phần take_in, không ở “{one.name}”.")


@rule("F02", "E", "118/2025 Đ17, Đ19(3)")
def can_be_refused_at_reception_only(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject):
        return
    start = subject.walk.graph.start.element
    if not _ends_with(subject, set(subject.walk.steps), "not_accepted"):
        yield on(
            start, "Không có đường từ chối tiếp nhận với lý do (Mẫu 03), kết thúc “Không được tiếp nhận”."
        )
    later = subject.walk.reach(subject.walk.at(_topic("dossier.accept")))
    for end in _ends_with(subject, later, "not_accepted"):
        yield on(
            end, f"Sau khi đã tiếp nhận, hồ sơ không được kết thúc ở “{end.name}”; từ chối là một kết quả."
        )


@rule("F03", "E", "118/2025 Đ17")
def can_be_completed_before_acceptance(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject):
        return
    asked = subject.walk.at(_topic("slip.completion"))
    back = subject.walk.reach(asked, avoiding=_topic("dossier.accept", "dossier.refuse"))
    if not any(position.node.element.kind == "user" for position in back):
        yield on(
            subject.walk.graph.start.element,
            "Không có đường yêu cầu hoàn thiện hồ sơ trước khi tiếp nhận (Mẫu 02) rồi kiểm tra lại.",
        )


@rule("F04", "E", "118/2025 Đ19(5)")
def asks_for_one_supplement(subject: Subject) -> Iterator[Finding]:
    opened = {p.node.path[0]: p.node for p in subject.walk.at(_topic("supplement.open")) if p.node.path}
    kinds = {subject.drawn.elements[call].called for call in opened}
    if len(kinds) > 1:
        yield on(
            _caller(subject, next(iter(opened.values()))),
            "Có nhiều cách yêu cầu bổ sung sau tiếp nhận; chỉ được một.",
        )
    most = subject.settings.get("supplement_max", 1)
    if isinstance(most, int) and most > 1 and not subject.articles.get("supplement"):
        yield in_record(
            subject,
            f"Cho bổ sung {most} lần phải nêu căn cứ chuyên ngành (articles.supplement).",
            "settings",
            "supplement_max",
        )


@rule("F05", "E", "118/2025 Đ19(5)")
def a_supplement_ends_in_a_restart_or_by_a_person(subject: Subject) -> Iterator[Finding]:
    walk = subject.walk
    for opened in {p.node: p for p in walk.at(_topic("supplement.open"))}.values():
        waits = walk.reach([opened])
        if not any(p.node.element.rule == "T07" or p.node.element.at == "supplement_due_at" for p in waits):
            yield on(_caller(subject, opened.node), "Chờ bổ sung không có thời hạn T07 (15 ngày).")
        if not any(p.node.element.topic == "clock.restart" for p in waits):
            yield on(_caller(subject, opened.node), "Bổ sung đủ mà không tính lại thời hạn từ đầu.")
        if is_whole(subject) and not any(p.node.element.topic == "dossier.stop" for p in waits):
            yield on(
                _caller(subject, opened.node),
                "Không có đường đóng hồ sơ (Mẫu 05) khi người nộp không bổ sung.",
            )


@rule("F06", "E", "118/2025 Đ19(3)")
def a_refusal_is_signed_and_returned(subject: Subject) -> Iterator[Finding]:
    walk = subject.walk
    accepted = walk.reach(walk.at(_topic("dossier.accept")))
    refusals = {p for p in accepted if p.node.element.kind == "user" and p.node.element.paper == "03"}
    for end in _handed_over(subject, walk.reach(refusals, avoiding=_topic("document.issue"))):
        yield on(end, "Văn bản từ chối phải được ký, ban hành rồi mới trả.")


@rule("F07", "E", "118/2025 Đ27")
def every_end_bears_a_final_status(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if one.kind != "end":
            continue
        if is_whole(subject) and one.status not in FINAL:
            yield on(one, f"Điểm kết thúc “{one.name}” phải mang trạng thái 3, 7, 8 hoặc 10.")
        if not is_whole(subject) and one.status:
            yield on(one, f"Điểm kết thúc “{one.name}” của một phần không mang trạng thái.")


@rule("F08", "E", "Mười trạng thái của Cổng Dịch vụ công quốc gia")
def every_wait_has_one_status(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject):
        return
    seen: dict[Node, set[str]] = {}
    for position in subject.walk.steps:
        if position.node.waits:
            seen.setdefault(position.node, set()).add(position.status or "chưa có")
    for node, statuses in seen.items():
        if len(statuses) > 1:
            words = ", ".join(sorted(statuses))
            yield on(
                node.element,
                f"Khi hồ sơ chờ ở “{node.element.name or node.id}”, trạng thái có thể là {words}.",
                of=node.process if node.path else "",
            )


@rule("F09", "E", "Trạng thái hồ sơ chỉ do quy trình chính đặt")
def side_processes_bear_no_status(subject: Subject) -> Iterator[Finding]:
    if subject.bundle.code in _SIDE:
        for one in subject.drawn.elements.values():
            if one.status:
                yield on(one, f"Quy trình phụ không được đổi trạng thái hồ sơ (“{one.name}”).")


@rule("F09", "E", "Hai nhánh song song sẽ đặt hai trạng thái")
def parallel_branches_bear_no_status(subject: Subject) -> Iterator[Finding]:
    for _, branches in parallel_blocks(subject.drawn):
        for one in (one for branch in branches for one in branch):
            if one.status and one.kind != "and":
                yield on(one, f"“{one.name}” nằm trong nhánh song song nên không được đổi trạng thái.")


@rule("F10", "E", "Mười trạng thái của Cổng Dịch vụ công quốc gia")
def statuses_change_as_the_nation_allows(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject):
        return
    allowed = set(subject.bundle.record.get("allow_transitions") or ())
    told = set()
    for here, after in subject.walk.steps.items():
        for there in after:
            change = (here.status, there.status, there.node)
            if not may_follow(here.status, there.status, allowed) and change not in told:
                told.add(change)
                yield on(
                    there.node.element,
                    f"Trạng thái không được đổi từ {here.status} sang {there.status} (ở “{there.node.element.name}”).",
                    of=there.node.process if there.node.path else "",
                )


@rule("F11", "E", "118/2025 Đ22")
def a_decision_is_recorded_once(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject):
        return
    walk = subject.walk
    for end in _handed_over(subject, walk.reach([walk.first], avoiding=_topic("dossier.decide", "dossier.mirror"))):
        yield on(end, f"Có đường tới “{end.name}” mà chưa ghi nhận kết quả (dossier.decide).")
    decided = walk.at(_topic("dossier.decide"))
    for again in {
        p.node: p for p in walk.reach(decided) if p.node.element.topic == "dossier.decide"
    }.values():
        yield on(_caller(subject, again.node), "Có đường ghi nhận kết quả hai lần.")


@rule("F12", "E", "118/2025 Đ22")
def a_result_is_returned(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject):
        return
    walk = subject.walk
    for end in _handed_over(subject, walk.reach([walk.first], avoiding=_topic("dossier.return", "dossier.mirror"))):
        yield on(end, f"Có đường tới “{end.name}” mà chưa trả kết quả (return_result).")


@rule("F13", "E", "118/2025 Đ24")
def money_is_waited_for_in_the_part_pay(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if one.status == "awaiting_payment" and subject.bundle.code != "pay":
            after = subject.drawn.after(one)
            chosen = [there for here in after if here.kind == "xor" for there in subject.drawn.after(here)]
            if not any(call.called == "pay" for call in (one, *after, *chosen)):
                yield on(one, f"“{one.name}” chờ nộp tiền mà không qua phần “pay”.")


@rule("F14", "E", "118/2025 Đ19(4)")
def a_consultation_has_a_date(subject: Subject) -> Iterator[Finding]:
    walk = subject.walk
    for asked in {p.node: p for p in walk.at(_topic("consultation.send"))}.values():
        waits = walk.reach([asked], avoiding=_topic("consultation.close"))
        dated = any(
            p.node.element.kind == "timer" and p.node.element.at == "consultation_due_at" for p in waits
        )
        if not dated and any(p.node.element.kind == "events" for p in waits):
            yield on(_caller(subject, asked.node), "Lấy ý kiến mà không có hạn trả lời.")


@rule("F14", "E", "118/2025 Đ19(4)")
def silence_agrees_only_by_law(subject: Subject) -> Iterator[Finding]:
    if subject.settings.get("silence_is_agreement") is True and not subject.articles.get("silence"):
        yield in_record(
            subject,
            "Im lặng là đồng ý phải nêu căn cứ chuyên ngành (articles.silence).",
            "settings",
            "silence_is_agreement",
        )


@rule("F15", "E", "118/2025 Đ5, Đ17(1)")
def what_a_database_holds_is_looked_up_first(subject: Subject) -> Iterator[Finding]:
    for row in subject.bundle.record.get("components") or ():
        when = row.get("required_when") or "true"
        if (
            DATABASES.intersection(row.get("satisfied_by") or ())
            and when != "false"
            and "lookup." not in when
        ):
            yield in_record(
                subject,
                f"“{row['vi']}” có trong cơ sở dữ liệu của nhà nước: chỉ được yêu cầu nộp khi tra cứu không có "
                "(required_when phải xét lookup).",
                "components",
                row["key"],
            )


@rule("F16", "E", "118/2025 Đ19(6)")
def an_extension_is_the_part_only(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if one.topic in {"deadline.extend", "deadline.deny"} and subject.bundle.code != "extend_deadline":
            yield on(one, f"Gia hạn chỉ được làm trong phần extend_deadline, không ở “{one.name}”.")
    extended = {p.node: p for p in subject.walk.at(_topic("deadline.extend"))}
    for first, position in extended.items():
        later = {p.node for p in subject.walk.reach([position])} & set(extended) - {first}
        if later:  # the same call again in a loop is refused by the command (T09)
            yield on(_caller(subject, first), "Có đường gia hạn hai lần; chỉ được hẹn lại một lần.")


@rule("F17", "W", "118/2025 Đ21: rút, dừng được ở mọi bước, không vẽ thành bước")
def commands_are_not_drawn(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        mirrored = one.status == "withdrawn" and subject.walk.at(_topic("dossier.mirror"))
        if (one.status == "withdrawn" and not mirrored) or one.message in {"applicant_withdraws", "withdraw", "stop", "recall"}:
            yield on(
                one, f"Rút hồ sơ, dừng, giao lại là lệnh có ở mọi trạng thái, không cần vẽ (“{one.name}”)."
            )


@rule("F18", "E", "118/2025 Đ5")
def no_clock_ends_a_dossier(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject):
        return
    walk = subject.walk
    for timer in {p.node: p for p in walk.at(lambda node: node.element.kind == "timer")}.values():
        silent = walk.reach([timer], avoiding=_somebody_speaks)
        for end in walk.ends(silent):
            if end.status != "handed_over":
                yield on(
                    timer.node.element,
                    f"Hết hạn “{timer.node.element.name}” dẫn tới “{end.node.element.name}” mà không qua người nào.",
                    of=timer.node.process if timer.node.path else "",
                )


def _somebody_speaks(node: Node) -> bool:
    """A person, or a ministry's system whose word is mirrored."""
    return node.element.kind == "user" or node.element.topic == "dossier.mirror"


@rule("F19", "E", "118/2025 Đ14, Đ20")
def what_is_received_elsewhere_goes_there_and_back(subject: Subject) -> Iterator[Finding]:
    if not is_whole(subject) or subject.settings.get("transfer_needed") is False:
        return
    walk = subject.walk
    start = walk.graph.start.element
    if not _reads(subject, walk.at(lambda node: True), "transfer_needed") or not walk.at(
        _topic("transfer.send")
    ):
        yield on(
            start,
            "Hồ sơ tiếp nhận ở nơi khác không có đường chuyển tới cơ quan giải quyết (transfer_needed).",
        )
    if not _reads(subject, walk.reach(walk.at(_topic("dossier.decide"))), "result_transfer_needed"):
        yield on(start, "Kết quả không có đường chuyển về nơi đã tiếp nhận (result_transfer_needed).")


def _reads(subject: Subject, positions: Iterable[Position], name: str) -> bool:
    """Whether a gateway at one of the positions asks for a variable."""
    ways = subject.walk.graph.ways
    conditions = (
        flow.condition for one in positions for _, flow in ways[one.node] if flow and flow.condition
    )
    return any(name in feel.check(condition) for condition in set(conditions))


@rule("F21", "E", "309/2026/NĐ-CP")
def the_assistant_decides_nothing(subject: Subject) -> Iterator[Finding]:
    """It may tell people what is published; no step is its own, and it stands in no lane."""
    for lane in subject.drawn.lanes:
        if _ASSISTANT.search(f"{lane.code} {fold(lane.name)}"):
            one = (
                subject.drawn.elements[lane.elements[0]]
                if lane.elements
                else subject.walk.graph.start.element
            )
            yield on(one, f"Trợ lý ảo không được là một vai trò trong sơ đồ (làn “{lane.name}”).")
    for one in subject.drawn.elements.values():
        if _ASSISTANT.search(one.topic):
            yield on(one, f"Trợ lý ảo không được thực hiện bước “{one.name}” (chủ đề “{one.topic}”).")
