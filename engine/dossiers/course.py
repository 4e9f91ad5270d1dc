"""What comes from outside the diagram: an answer to a wait, a withdrawal, a timer, a service."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from engine.base.errors import DomainError, Missing, Stale
from engine.base.ids import digest_of
from engine.base.uow import UnitOfWork
from engine.documents import files
from engine.documents.files import Received
from engine.documents.models import Component
from engine.dossiers import children, correcting, facts, limits, papers, people, post, submitting
from engine.dossiers.act import Act
from engine.dossiers.models import Consultation, Dossier, Supplement, Task, Transfer, Wait
from engine.dossiers.settle import TRANSITIONS, deliver, settle, start_side
from engine.dossiers.tasks import ReasonMissing
from engine.dossiers.visible import may_see
from engine.ledger.events import (
    ConsultationAnswered,
    DossierRefused,
    DossierStopped,
    DossierWithdrawn,
    PreviewAnswered,
    ServiceAnswered,
    StatusChanged,
    SupplementReceived,
    TransferClosed,
)
from engine.org import permissions


class NotWaiting(Stale):
    """The dossier does not wait for this any more."""


class MovedOn(NotWaiting):
    """Somebody else was faster: the dossier does not wait for this any more."""


class PaperNotAsked(DomainError):
    """A file was handed in for something that the request does not name."""

    kind = "invalid"


class NotWithdrawable(DomainError):
    """A result has been issued, or the dossier has ended: it cannot be taken back."""


class NotStoppable(DomainError):
    """Only a dossier that was accepted and has no result yet can be stopped."""


class GroundUnknown(DomainError):
    """A dossier is stopped on one of the grounds of the list."""

    kind = "invalid"


class ExtensionUnderWay(DomainError):
    """An apology for this dossier is already being written."""


class DecidedElsewhere(DomainError):
    """A ministry decides this dossier in its own system: it is withdrawn or stopped there, and ours follows."""


class CorrectionUnderWay(DomainError):
    """Somebody is already looking into this result."""


class NothingToCorrect(DomainError):
    """Only a result that was issued can be corrected."""


class NotAsked(Missing):
    """This office was not asked about this dossier."""


#: Under which the applicant's words are kept, and what was told from outside.
_RESUBMITTED, _CONFIRMED = "supplement_received", "await_confirmation"
_PAID, _ACKNOWLEDGED, _OPINION, _DELIVERED, _NEWS = "pay", "acknowledge", "answer", "deliver", "news"

#: Why a head may stop a dossier: asked by an authority, by sector law, an obligation not met, or another ground.
STOP_GROUNDS = ("authority_request", "sector_law", "obligation_unmet", "other")

#: Steps of officers in the parts `extend_deadline` and `correct_result`.
_EXTENDING = ("write_apology", "approve_extension")
_CORRECTING = (
    "judge_error",
    "explain_no_error",
    "draft_correction",
    "review_draft",
    "sign_draft",
    "number_and_seal",
    "hand_over_correction",
)


def allowed(uow: UnitOfWork, dossier_id: uuid.UUID, action: str) -> Act:
    """The locked dossier, for whoever may do this to it; who may not see it learns nothing."""
    act = Act.on(uow, dossier_id)
    if not permissions.may(uow.actor, action, act.dossier):
        if not may_see(uow.session, uow.actor, dossier_id):
            raise Missing
        permissions.require(uow.actor, action, act.dossier)
    return act


def said_with(key: uuid.UUID | None, **words: Any) -> dict[str, Any]:
    """What came with a page, and the key that was made with it."""
    return {**words, "key": str(key) if key else None}


def _arrive(act: Act, subject: str, variables: Mapping[str, Any]) -> bool:
    """Deliver to the wait if it is open; if not, the fact lies in its row until the wait opens."""
    wait = facts.waiting_for(act, subject)
    if wait:
        _bring(act, wait, dict(variables))
    return wait is not None


def _bring(act: Act, wait: Wait, variables: dict[str, Any]) -> None:
    act.about, act.step = wait.id, wait.step_id
    deliver(act.beside(wait.runtime_id), wait, variables, how="arrived")


def resubmit(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    remark: str | None = None,
    handed_in: Iterable[tuple[str, Received]] = (),
    *,
    answers: Mapping[str, Any] | None = None,
    key: uuid.UUID | None = None,
) -> None:
    """The applicant handed in what was asked for, by the counter or from the tracking page.

    `handed_in` are files, each with the key of the line it was asked under; `answers` are those of the form, where the
    diagram waits with one. Refusals: NotWaiting, PaperNotAsked, and those of `submitting.checked`.
    """
    act, handed_in = allowed(uow, dossier_id, "dossier.resubmit"), list(handed_in)
    said = said_with(key, remark=remark, papers=[[line, one.sha256] for line, one in handed_in])
    if answers is not None:
        said["answers"] = digest_of(dict(answers))
    if act.did(_RESUBMITTED, said):
        return
    row = uow.session.scalars(
        select(Supplement).filter_by(dossier_id=dossier_id).order_by(Supplement.round.desc()).limit(1)
    ).first()
    wait = facts.waiting_for(act, "applicant_resubmitted")
    if row is None or wait is None:
        raise NotWaiting
    filled = submitting.checked(act, wait, row, answers, [line for line, _ in handed_in], remark)
    row.received_at = row.taken_at = uow.clock.now()
    row.remark = remark
    digest = act.keep(_RESUBMITTED, "", said)
    given = _take(act, row, handed_in)
    act.tell(
        SupplementReceived(
            round=row.round,
            remark_digest=digest if remark else None,
            files=given,
            answers_digest=act.keep(wait.step_id, *filled) if filled else None,
        )
    )
    _arrive(act, "applicant_resubmitted", {})


def _take(act: Act, row: Supplement, handed_in: Iterable[tuple[str, Received]]) -> list[str]:
    """Attach the files; what was asked beyond the checklist becomes a line of it. Returns their digests."""
    session, dossier_id = act.uow.session, row.dossier_id
    asked = {one.key: one.what for one in row.lines}
    there = select(Component.key, Component.position).filter_by(dossier_id=dossier_id)
    positions: dict[str, int] = {row.key: row.position for row in session.execute(there)}
    given = []
    for key, received in handed_in:
        if key not in asked:
            raise PaperNotAsked
        if key not in positions:
            positions[key] = max(positions.values(), default=-1) + 1
            line = {"key": key, "position": positions[key], "name": asked[key]}
            session.add(Component(dossier_id=dossier_id, kind="upload", required=False, **line))
            session.flush()
        files.attach(act.uow, dossier_id, key, received)
        given.append(received.sha256)
    return given


def confirm_preview(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    *,
    ok: bool,
    remark: str | None = None,
    key: uuid.UUID | None = None,
) -> None:
    """The applicant says that the electronic draft is right, or what is not."""
    act = allowed(uow, dossier_id, "preview.confirm")
    said = said_with(key, remark=remark, ok=ok)
    if act.did(_CONFIRMED, said):
        return
    kept = act.keep(_CONFIRMED, "", said)
    digest = kept if remark else None
    act.tell(PreviewAnswered(ok=ok, remark_digest=digest))
    subject = "applicant_confirmed" if ok else "applicant_corrected"
    if not _arrive(act, subject, {"confirm_answer": "confirmed" if ok else "corrected"}):
        raise NotWaiting


def settle_payment(
    uow: UnitOfWork, dossier_id: uuid.UUID, *, way: str = "online", key: uuid.UUID | None = None
) -> None:
    """Money arrived outside the counter's own step: a transfer, a QR code."""
    act, said = allowed(uow, dossier_id, "payment.settle"), said_with(key, way=way)
    if act.did(_PAID, said):
        return
    if not _arrive(act, "payment_settled", {"payment_answer": "paid", "payment_way": way}):
        raise MovedOn(**act.last_move())
    act.keep(_PAID, "", said)


def acknowledge_transfer(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    *,
    received: bool,
    note: str | None = None,
    key: uuid.UUID | None = None,
) -> None:
    """The other office has the dossier, or sends it back as not competent; or the result arrived back."""
    act = Act.on(uow, dossier_id)
    leg = uow.session.scalars(
        select(Transfer).filter_by(dossier_id=dossier_id).order_by(Transfer.leg.desc()).limit(1)
    ).first()
    theirs = leg is not None and permissions.may(uow.actor, "transfer.acknowledge", leg)
    if not theirs and not may_see(uow.session, uow.actor, dossier_id):
        raise Missing
    said = said_with(key, received=received, note=note)
    if act.did(_ACKNOWLEDGED, said):
        return
    if leg is None or leg.closed_at is not None:
        raise MovedOn(**act.last_move())
    permissions.require(uow.actor, "transfer.acknowledge", leg)
    if not received and leg.to_office_id == act.dossier.receiving_office_id:
        raise NotWaiting  # a result that came back: there is no other place for it
    act.keep(_ACKNOWLEDGED, "", said)
    state = "received" if received else "rejected"
    leg.state, leg.closed_at, leg.note = state, uow.clock.now(), note
    digest = digest_of(note.encode()) if note else None
    act.tell(TransferClosed(leg=leg.leg, state=state, note_digest=digest))
    subjects = ("transfer_acknowledged", "result_acknowledged") if received else ("transfer_rejected",)
    for subject in subjects:
        if _arrive(act, subject, {"transfer_answer": state}):
            return


def answer_consultation(
    uow: UnitOfWork, dossier_id: uuid.UUID, answer: str, *, key: uuid.UUID | None = None
) -> None:
    """An asked office gives its opinion; with the last one the wait ends."""
    act, said = Act.on(uow, dossier_id), said_with(key, answer=digest_of(answer.encode()))
    if act.did(_OPINION, said):
        return
    row = uow.session.scalars(
        select(Consultation)
        .where(
            Consultation.dossier_id == dossier_id,
            Consultation.office_id.in_(uow.actor.offices),
            Consultation.closed_at.is_(None),
            Consultation.answered_at.is_(None),
        )
        .order_by(Consultation.sent_at, Consultation.id)
    ).first()
    if row is None:
        raise NotAsked
    permissions.require(uow.actor, "consultation.answer", row)
    row.answer, row.answered_at, row.answered_by = answer, uow.clock.now(), uow.actor.officer_id
    act.keep(_OPINION, "", said)
    act.tell(
        ConsultationAnswered(office=str(row.office_id), answer_digest=digest_of(answer.encode()))
    )
    uow.session.flush()
    wait = facts.waiting_for(act, "consultation_completed")
    if wait and (payload := facts.already(act, wait)) is not None:
        _bring(act, wait, payload)


def confirm_delivery(
    uow: UnitOfWork, dossier_id: uuid.UUID, *, delivered: bool, key: uuid.UUID | None = None
) -> None:
    """The post says that the parcel was handed over, or that it could not be."""
    act, said = allowed(uow, dossier_id, "delivery.report"), said_with(key, delivered=delivered)
    if act.did(_DELIVERED, said):
        return
    if not _arrive(act, "delivery_confirmed" if delivered else "delivery_failed", {}):
        raise MovedOn(**act.last_move())
    act.keep(_DELIVERED, "", said)


def ask_ministry(uow: UnitOfWork, dossier_id: uuid.UUID, *, key: uuid.UUID | None = None) -> None:
    """There may be news of a dossier that a ministry decides: its system is asked at once, and only its answer counts."""
    act, said = allowed(uow, dossier_id, "ministry.ask"), said_with(key)
    if act.did(_NEWS, said):
        return
    if not _arrive(act, "remote_status_changed", {}):
        raise MovedOn(**act.last_move())
    act.keep(_NEWS, "", said)


def withdraw(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    reason: str,
    *,
    by: uuid.UUID | None = None,
    number: str | None = None,
    key: uuid.UUID | None = None,
) -> None:
    """The applicant takes the dossier back, any time until a result is issued (art. 21).

    `by` is a representative in their place, whose paper must allow it. Where somebody else holds the slip, `number`
    says who asks: the applicant's personal id, or that of such a representative.
    """
    act = allowed(uow, dossier_id, "dossier.withdraw")
    said = said_with(key, reason=reason, **({"by": str(by)} if by else {}))
    if act.did("withdraw", said):
        return
    if "withdrawn" not in TRANSITIONS[act.dossier.status]:
        raise NotWithdrawable
    _ours(act)
    proxy = people.check_deed(act, by, "withdraw") if by else None
    if number is not None and act.dossier.is_proxy:
        proxy = people.whose(act, number, "withdraw")
    digest = act.keep("withdraw", "", said)
    act.tell(DossierWithdrawn(reason_digest=digest, representative_id=str(proxy.id) if proxy else None))
    _cut_short(act, "withdraw", "withdrawn", reason, ground="withdrawn")
    _end_children(act, "withdraw", "withdrawn", reason, ground="withdrawn")


def _end_children(act: Act, step: str, status: str, reason: str, *, ground: str) -> None:
    """What a group opened ends as it does, what was not accepted yet by not being so; but what is done or a ministry has stays.

    The group's lock comes first, then a child's; a child never asks for the group's.
    """
    for row in children.of(act.uow.session, act.dossier.id) if act.terms.children else ():
        child = act.other(row.id)
        end = next((one for one in (status, "not_accepted") if one in TRANSITIONS[child.dossier.status]), None)
        if end is None or child.last_with("remote_status"):
            continue
        kept = child.keep(step, "", said_with(None, reason=reason, ground=ground))
        if end == "withdrawn":
            child.tell(DossierWithdrawn(reason_digest=kept))
        else:
            child.tell(DossierStopped(ground=ground, reason_digest=kept) if end == "stopped" else DossierRefused(ground="other"))
        _cut_short(child, step, end, reason, ground=ground)


def stop(
    uow: UnitOfWork, dossier_id: uuid.UUID, reason: str, *, ground: str, key: uuid.UUID | None = None
) -> None:
    """A head ends the work on an accepted dossier for a legal ground, with the notice (Mẫu 05).

    Before acceptance reception refuses instead; once decided there is a result, which may be corrected.
    """
    act, said = allowed(uow, dossier_id, "dossier.stop"), said_with(key, reason=reason, ground=ground)
    if act.did("stop", said):
        return
    if act.dossier.code is None or "stopped" not in TRANSITIONS[act.dossier.status]:
        raise NotStoppable
    _ours(act)
    if ground not in STOP_GROUNDS:
        raise GroundUnknown
    if not reason.strip():
        raise ReasonMissing
    act.tell(DossierStopped(ground=ground, reason_digest=act.keep("stop", "", said)))
    _cut_short(act, "stop", "stopped", reason, ground=ground)
    _end_children(act, "stop", "stopped", reason, ground=ground)


def _ours(act: Act) -> None:
    """Refuse for a dossier of which a ministry's system has spoken."""
    if act.last_with("remote_status"):
        raise DecidedElsewhere


def _cut_short(act: Act, step: str, status: str, reason: str, *, ground: str) -> None:
    """By a command and not by its diagram: everything that waits is closed."""
    act.step = step
    act.tell(StatusChanged(status=status, step_id=step))
    moved = act.machine.cancel(act.runtime.state)
    act.dossier.status = status
    settle(act, moved, end=status)
    refused = status == "not_accepted"
    papers.refusal(act, reason) if refused else papers.stop(act, reason, ground=ground)
    papers.tell_applicant(act, "refused" if refused else status)


def extend(uow: UnitOfWork, dossier_id: uuid.UUID, *, key: uuid.UUID | None = None) -> None:
    """Begin the apology and the one new appointment, while the work goes on (art. 19(6))."""
    act, said = allowed(uow, dossier_id, "dossier.extend"), said_with(key)
    if act.did("extend", said):
        return
    limits.check_extension(act)
    if _open_at(act, _EXTENDING):
        raise ExtensionUnderWay
    act.step = "extend"
    act.keep("extend", "", said)
    start_side(act, "extend_deadline", {"extension_used": False})


def correct(
    uow: UnitOfWork, dossier_id: uuid.UUID, what: str = "", *, number: str | None = None, key: uuid.UUID | None = None
) -> None:
    """Somebody found an error in an issued result: it is judged, and replaced if it was ours (art. 23(1)).

    From afar `number` says who asks, as for a withdrawal. The limit runs from now on, over all steps.
    """
    act, said = allowed(uow, dossier_id, "dossier.correct"), said_with(key, **({"what": what} if what else {}))
    if act.did("correct", said):
        return
    if number is not None and act.dossier.is_proxy:
        people.whose(act, number, "change")
    begin_correction(act, what, said)


def begin_correction(act: Act, what: str, said: Mapping[str, Any], part: Dossier | None = None) -> None:
    """The error is judged from now on. `part` is the one of the same group whose office reported it.

    Refusals: NothingToCorrect, CorrectionUnderWay.
    """
    if act.dossier.status not in ("decided", "handed_over"):
        raise NothingToCorrect
    if _open_at(act, _CORRECTING):
        raise CorrectionUnderWay
    act.step = "correct"
    act.keep("correct", "", said)
    correcting.begin(act, what, part)
    start_side(act, "correct_result", {"document_kind": "interim", "review_needed": False})


def _open_at(act: Act, steps: Collection[str]) -> bool:
    """Whether one of these steps waits for an officer: then a double click begins nothing anew."""
    waiting = select(Task.id).filter(
        Task.dossier_id == act.dossier.id, Task.done_at.is_(None), Task.step_id.in_(steps)
    )
    return act.uow.session.scalar(waiting.limit(1)) is not None


def fire_timer(uow: UnitOfWork, wait_id: uuid.UUID, *, locked: bool = False) -> bool:
    """Wake the dossier if the wait is still open and due; False when somebody was faster.

    `locked`: the caller holds the dossier's row already.
    """
    act, wait = Act.of_wait(uow, wait_id, lock=not locked)
    if wait.closed_at or wait.due_at is None or wait.due_at > uow.clock.now():
        return False
    deliver(act, wait, {}, how="fired")
    return True


def hear(
    uow: UnitOfWork, wait_id: uuid.UUID, letter_id: uuid.UUID, *, locked: bool = False
) -> bool:
    """What another dossier told: a message, or a signal. False when somebody was faster."""
    act, wait = Act.of_wait(uow, wait_id, lock=not locked)
    if wait.closed_at or not post.take(act, wait, letter_id):
        return False
    deliver(act, wait, {}, how="arrived")
    return True


def answer_service(uow: UnitOfWork, wait_id: uuid.UUID, answer: Mapping[str, Any]) -> bool:
    """What an outside system said. `answer["routing"]` routes; all of it is kept beside the ledger.

    False when the wait is closed: a late or a second answer has no effect.
    """
    act, wait = Act.of_wait(uow, wait_id)
    if wait.closed_at:
        return False
    digest = act.keep(wait.step_id, wait.subject, answer)
    act.tell(ServiceAnswered(topic=wait.subject, step_id=wait.step_id, answer_digest=digest))
    deliver(act, wait, dict(answer.get("routing") or {}), how="answered")
    return True
