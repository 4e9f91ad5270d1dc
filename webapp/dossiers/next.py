"""What next, whose turn it is, and what this officer can do about it now."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from engine.base.actor import Actor
from engine.catalog.terms import terms_of
from engine.dossiers.clock import SUSPENDED
from engine.dossiers.course import STOP_GROUNDS
from engine.dossiers.models import Dossier, Task, Wait
from engine.dossiers.overview import Overview
from engine.dossiers.recalling import Recallable
from engine.dossiers.reporting import RESULTS
from engine.dossiers.settle import TRANSITIONS
from engine.dossiers.tracking import ELSEWHERE
from engine.org import permissions
from engine.org.directory import Colleague
from webapp import labels
from webapp.filters import vnday
from webapp.labels import label

#: Of those who may take a dossier back: the applicant in person.
APPLICANT = "applicant"


@dataclass(frozen=True)
class Act:
    """A button of the dossier page: `name` is the route's action, `why_not` says why it cannot be pressed."""

    name: str
    words: str
    why_not: str = ""
    #: A sentence that must be typed along: a reason, an answer.
    asks: str = ""
    #: The wait, question or task that it speaks of. A page that was drawn for another one is out of date.
    about: uuid.UUID | None = None
    #: Revision of that task.
    seen: int = 0
    #: A choice that belongs to it: its label, and value -> words.
    choice: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    #: What must be ticked before something that cannot be undone.
    sure: str = ""


@dataclass(frozen=True)
class Next:
    """The one line that says what is expected of whom, and until when."""

    words: str
    #: The task to open, when it is the actor's own.
    task: Task | None
    #: What came from outside the diagram.
    acts: list[Act]
    #: What those can do who answer for the work.
    steering: list[Act]


def next_of(
    view: Overview,
    actor: Actor,
    staff: Mapping[uuid.UUID, Sequence[Colleague]],
    recallable: Recallable | None = None,
    why_not: str = "",
    *,
    in_form: bool = False,
    first: Dossier | None = None,
    answered: bool = False,
) -> Next:
    """Read from the open tasks and waits; a dossier that ended says how.

    `staff` are those to whom this actor could give a task, by its id; `recallable` is the last step, where the actor
    did it, and `why_not` says why it cannot be taken back. `in_form`: what the applicant hands in has a page of its own.
    `first` is the dossier of the same group on whose result this one rests, unless an error in it was reported already;
    `answered`: an answer to that was not read yet.
    """
    # what was begun beside its way (an apology, a correction) is what is expected now
    main = view.tasks[0].runtime_id if view.tasks else None
    waiting = sorted((one for one in view.tasks if one.done_at is None), key=lambda one: one.runtime_id == main)
    mine = next((one for one in waiting if _is_for(actor, one)), None)
    task = mine or next(iter(waiting), None)
    acts = [act for wait in view.waits for act in _acts(view, wait, actor)] + _asked(view, actor)
    if in_form:
        acts = [one for one in acts if one.name != "resubmit"]
    if answered and permissions.may(actor, "error.report", view.dossier):
        acts.append(Act("read", _("Đã đọc trả lời về sai sót đã báo")))
    open_ = view.dossier.status in ("registered", "accepted", "in_process", "awaiting_supplement", "awaiting_payment")
    if open_ and not is_elsewhere(view.waits):
        acts.append(_withdraw(view, actor))
    steering = [_reassign(one, staff[one.id]) for one in waiting if staff.get(one.id)] + _beside(view, actor)
    if first and first.result_kind == "granted" and permissions.may(actor, "error.report", view.dossier):
        steering.append(_doubt(first))
    if recallable:
        steering.insert(0, _recall(recallable.task, why_not))
    if is_suspended(view):
        words = _("Hồ sơ đang tạm dừng giải quyết: làm tiếp khi lãnh đạo cơ quan giải quyết cho đồng hồ chạy tiếp.")
        return Next(words, None, acts, steering)
    if task:
        return Next(_task_words(view, task, actor), mine, acts, steering)
    if view.waits:
        return Next(_wait_words(view), None, acts, steering)
    return Next(_("Hồ sơ đã kết thúc, không còn việc phải làm."), None, acts, steering)


def may_amend(view: Overview, actor: Actor) -> bool:
    """Whether this officer can change the declaration for the applicant (art. 21); groups rest on what was declared once."""
    dossier = view.dossier
    before = "withdrawn" in TRANSITIONS[dossier.status] and not dossier.result_number
    return before and not dossier.parent_id and not is_elsewhere(view.waits) and permissions.may(actor, "dossier.amend", dossier)


def is_elsewhere(waits: Sequence[Wait]) -> bool:
    """Whether a ministry has the dossier in its own system: it is withdrawn and stopped there."""
    return any(one.subject in ELSEWHERE for one in waits)


def _is_for(actor: Actor, task: Task) -> bool:
    return permissions.may(actor, "task.work", task) and task.assignee_id in (None, actor.officer_id)


def _beside(view: Overview, actor: Actor) -> list[Act]:
    """Side processes that this officer may begin; whoever may not is not offered them."""
    dossier = view.dossier
    acts = []
    if dossier.status == "in_process" and permissions.may(actor, "dossier.extend", dossier):
        used = any(run.rule == "T09" for run in view.deadlines)
        why_not = _("Hồ sơ này đã được hẹn lại một lần.") if used else ""
        acts.append(Act("extend", _("Xin lỗi và hẹn lại (Mẫu 04)"), why_not))
    classes = _classes(view) if dossier.ended_at is None and permissions.may(actor, "fee.reassess", dossier) else {}
    if classes:
        acts.append(Act("exempt", _("Bổ sung giấy tờ miễn, giảm phí"), asks=_("Giấy tờ chứng minh: tên, số, ngày"), choice=_("Thuộc diện"), choices=classes))
    run = next((one for one in view.deadlines if one.stopped_at is None), None)
    if run and permissions.may(actor, "dossier.suspend", dossier):
        acts.append(Act("unsuspend", _("Cho đồng hồ chạy tiếp")) if is_suspended(view) else _suspend())
    if dossier.status in ("decided", "handed_over") and permissions.may(actor, "dossier.correct", dossier):
        acts.append(Act("mend", _("Kết quả có sai sót: xem xét sửa"), asks=_("Sai sót gì, ai phát hiện")))
    if is_elsewhere(view.waits):
        return acts
    if dossier.code and "stopped" in TRANSITIONS[dossier.status] and permissions.may(actor, "dossier.stop", dossier):
        acts.append(_stop())
    return acts


_PAUSES = ("clock.paused", "clock.resumed", "clock.lifted")


def is_suspended(view: Overview) -> bool:
    """Whether a head named a law by which the clock stands still, whatever else it stands still for."""
    paused = any(one.paused_at and one.stopped_at is None for one in view.deadlines)
    told = [one.type for one in view.events if one.type in _PAUSES and one.payload["rule"] == SUSPENDED]
    return paused and told[-1:] == ["clock.paused"]


def _classes(view: Overview) -> dict[str, str]:
    """For whom fees of this procedure are waived or reduced, where anything is owed or was paid."""
    if not any(one.amount > one.excess and one.state in ("owed", "paid") for one in view.charges):
        return {}
    return {one: label(labels.FEE_CLASSES, one) for one in terms_of(view.procedure, view.version).fee_classes}


def _reassign(task: Task, staff: Sequence[Colleague]) -> Act:
    return Act(
        "reassign",
        _("Giao lại bước «%(step)s»", step=task.name),
        asks=_("Lý do giao lại"),
        about=task.id,
        seen=task.revision,
        choice=_("Giao cho"),
        choices={str(one.id): f"{one.name}, {one.title}" if one.title else one.name for one in staff},
    )


def _doubt(first: Dossier) -> Act:
    words = _("Kết quả %(name)s có sai sót: báo cơ quan cấp", name=label(labels.CHILDREN, first.child_kind or ""))
    return Act("doubt", words, asks=_("Sai ở mục nào, đúng phải là gì, căn cứ vào đâu"))


def _recall(task: Task, why_not: str) -> Act:
    return Act("recall", _("Lấy lại bước «%(step)s»", step=task.name), why_not, asks=_("Lý do lấy lại"), about=task.id)


def _suspend() -> Act:
    asks = _("Văn bản, điều luật cho phép không tính thời gian này (ghi trong sổ và báo người nộp)")
    return Act("suspend", _("Tạm dừng đồng hồ"), asks=asks)


def _stop() -> Act:
    return Act(
        "stop",
        _("Dừng giải quyết hồ sơ (Mẫu 05)"),
        asks=_("Lý do, ghi trên thông báo gửi người nộp"),
        choice=_("Căn cứ"),
        choices={one: label(labels.STOP_GROUNDS, one) for one in STOP_GROUNDS},
        sure=_("Tôi đã xem lại: hồ sơ đã dừng thì không mở lại được."),
    )


def _task_words(view: Overview, task: Task, actor: Actor) -> str:
    until = _(", hạn %(time)s", time=vnday(task.due_at)) if task.due_at else ""
    if task.assignee_id == actor.officer_id:
        return _("Bạn làm bước «%(step)s»%(until)s.", step=task.name, until=until)
    holder = view.people.get(task.assignee_id) if task.assignee_id else None
    office = view.receiving if task.office_id == view.receiving.id else view.competent
    if holder:
        return _(
            "%(who)s (%(office)s) đang làm bước «%(step)s»%(until)s.",
            who=holder.name,
            office=office.name,
            step=task.name,
            until=until,
        )
    return _(
        "Bước «%(step)s» ở %(office)s chưa ai nhận%(until)s.", step=task.name, office=office.name, until=until
    )


def _wait_words(view: Overview) -> str:
    due = next((one.due_at for one in view.waits if one.kind == "timer" and one.due_at), None)
    until = _(", đến %(time)s", time=vnday(due)) if due else ""
    subjects = {wait.subject for wait in view.waits}
    for subject, words in (
        ("applicant_resubmitted", _("Chờ người nộp bổ sung hồ sơ")),
        ("applicant_confirmed", _("Chờ người nộp xác nhận bản điện tử")),
        ("payment_settled", _("Chờ người nộp nộp tiền")),
        ("child_acknowledged", _("Chờ cơ quan nhận xác nhận hồ sơ con")),
        ("child_finished", _("Chờ các hồ sơ con có kết quả")),
        ("transfer_acknowledged", _("Chờ %(office)s xác nhận đã nhận hồ sơ", office=view.competent.name)),
        ("result_acknowledged", _("Chờ %(office)s nhận kết quả", office=view.receiving.name)),
        ("consultation_completed", _("Chờ cơ quan liên quan trả lời ý kiến")),
        ("delivery_confirmed", _("Chờ bưu điện báo phát")),
        ("remote_status_changed", _("Đang giải quyết ở hệ thống của bộ, hỏi lại")),
    ):
        if subject in subjects:
            return f"{words}{until}."
    return _("Chờ: %(name)s%(until)s.", name=view.waits[0].name, until=until)


def _acts(view: Overview, wait: Wait, actor: Actor) -> list[Act]:
    """What an officer can say about this wait."""
    offered = {
        "applicant_resubmitted": [("resubmit", _("Ghi nhận đã bổ sung"), "dossier.resubmit", _("Người nộp nói gì thêm?"))],
        "applicant_confirmed": [("confirm", _("Người nộp đồng ý bản điện tử"), "preview.confirm", "")],
        "applicant_corrected": [("correct", _("Người nộp đề nghị sửa"), "preview.confirm", _("Cần sửa gì?"))],
        "payment_settled": [("pay", _("Ghi nhận đã nộp tiền"), "payment.settle", "")],
        "delivery_confirmed": [("delivered", _("Bưu điện đã phát"), "delivery.report", "")],
        "remote_status_changed": [("news", _("Hỏi lại hệ thống của bộ"), "ministry.ask", "")],
        "delivery_failed": [("undelivered", _("Phát không thành công"), "delivery.report", "")],
    }.get(wait.subject, [])
    acts = [
        Act(name, words, _why_not(view, actor, action), asks, wait.id)
        for name, words, action, asks in offered
    ]
    holds = view.competent.branch is not None and permissions.may(actor, "ministry.report", view.dossier)
    if holds and wait.subject in ELSEWHERE | {"ministry.lodge"}:
        acts.append(_report(wait))
    leg = view.transfers[-1] if view.transfers else None
    if leg and leg.closed_at is None and permissions.may(actor, "transfer.acknowledge", leg):
        if wait.subject in ("transfer_acknowledged", "result_acknowledged"):
            acts.append(Act("receive", _("Xác nhận đã nhận"), about=wait.id))
        if wait.subject == "transfer_rejected":
            asks = _("Cơ quan nào có thẩm quyền, vì sao?")
            acts.append(Act("reject", _("Trả lại vì sai thẩm quyền"), asks=asks, about=wait.id))
    return acts


def _report(wait: Wait) -> Act:
    """Of whoever holds a part of a group in the system of a ministry."""
    return Act(
        "report",
        _("Ghi kết quả của cơ quan"),
        asks=_("Số văn bản kết quả, hoặc lý do không giải quyết"),
        about=wait.id,
        choice=_("Ở hệ thống của ngành"),
        choices={one: label(labels.REPORTED, one) for one in RESULTS},
    )


def _asked(view: Overview, actor: Actor) -> list[Act]:
    """Answer a question that was put to the actor's office; the dossier need not wait for it yet."""
    open_ = [one for one in view.consultations if one.answered_at is None and one.closed_at is None]
    ours = next((one for one in open_ if permissions.may(actor, "consultation.answer", one)), None)
    if ours is None:
        return []
    return [Act("answer", _("Trả lời ý kiến"), asks=ours.question or _("Ý kiến của cơ quan"), about=ours.id)]


def _withdraw(view: Overview, actor: Actor) -> Act:
    return Act(
        "withdraw",
        _("Người nộp rút hồ sơ"),
        _why_not(view, actor, "dossier.withdraw"),
        _("Lý do rút hồ sơ"),
        choice=_("Người rút hồ sơ là") if view.representatives else "",
        choices=_who_asks(view) if view.representatives else {},
    )


def _who_asks(view: Overview) -> dict[str, str]:
    """The applicant, or somebody who was named to act for them."""
    theirs = {str(one.id): f"{one.name}, {label(labels.RELATIONS, one.relation)}" for one in view.representatives}
    return {APPLICANT: _("%(name)s, người yêu cầu", name=view.dossier.applicant_name)} | theirs


def _why_not(view: Overview, actor: Actor, action: str) -> str:
    if permissions.may(actor, action, view.dossier):
        return ""
    return _("Việc của bộ phận tiếp nhận và trả kết quả tại %(office)s.", office=view.receiving.name)
