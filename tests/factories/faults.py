"""Acts in which the process breaks or is killed, what comes before each, and the points of it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from engine.base.actor import APPLICANT, SYSTEM
from engine.base.ids import digest_of
from engine.base.ports import PaymentWord
from engine.base.uow import UnitOfWork
from engine.documents import files
from engine.documents.checks import Seen
from engine.documents.files import Received
from engine.documents.models import DocumentFile
from engine.dossiers import course, intake, paying, scans, tasks
from engine.dossiers.intake import Lodged
from engine.dossiers.models import Task, Wait
from engine.payments.models import PaymentRequest
from tests.factories.desk import Ward
from tests.journeys.clerk import PDF
from webapp.demo.walk import Policy

BIRTH = "1.001193"
PAPER = Received(digest_of(PDF), "giay.pdf", "application/pdf", len(PDF), Seen(pages=1))
PAID = {"payment_answer": "paid", "payment_method": "cash"}
#: What the population database says.
FOUND: Mapping[str, Any] = {"routing": {}, "persons": []}


def lodge(ward: Ward, uow: UnitOfWork, key: uuid.UUID) -> None:
    intake.lodge(uow, ward.lodging(BIRTH, channel="in_person", key=key, papers=[("birth_notice", PAPER)]))


def pay(ward: Ward, uow: UnitOfWork, key: uuid.UUID) -> None:
    """With it the dossier is accepted: it gets its code and its date, and the population database is asked."""
    task = uow.session.scalars(select(Task).filter_by(step_id="take_payment").order_by(Task.id.desc())).first()
    assert task is not None
    tasks.complete(uow, task.id, PAID, seen=1, key=key)


def answer(ward: Ward, uow: UnitOfWork, key: uuid.UUID) -> None:
    """The wait itself is the key."""
    waits = select(Wait.id).filter_by(step_id="check_population").order_by(Wait.id.desc())
    course.answer_service(uow.by(SYSTEM), uow.session.scalars(waits.limit(1)).one(), FOUND)


def told(ward: Ward, uow: UnitOfWork, key: uuid.UUID) -> None:
    """A gateway tells that the fee was paid online: its transaction is the key."""
    request = uow.session.scalars(select(PaymentRequest).order_by(PaymentRequest.id.desc())).first()
    assert request is not None
    word = PaymentWord(request.reference, str(key), request.amount, uow.clock.now())
    paying.notified(uow.by(SYSTEM), "keypay", word)


def read(ward: Ward, uow: UnitOfWork, key: uuid.UUID) -> None:
    """A worker brings what was read on the newest scan."""
    newest = select(DocumentFile.id).order_by(DocumentFile.id.desc()).limit(1)
    scans.read(uow.by(SYSTEM), uow.session.scalars(newest).one(), PAPER.sha256)


@dataclass(frozen=True)
class Fault:
    """One act, who does it, what comes before, and where it is killed: behind which statement."""

    do: Callable[[Ward, UnitOfWork, uuid.UUID], None]
    by: str
    ready: Callable[[Ward], None]
    points: Mapping[str, str]


def nothing(ward: Ward) -> None:
    """It begins here."""


def counter(step: str) -> Callable[[Ward], None]:
    """A dossier of the counter that waits at this step."""
    return lambda ward: rest(ward, BIRTH, step, channel="in_person")


def rest(ward: Ward, code: str, step: str, **around: Any) -> Lodged:
    lodged = ward.lodge(code, **around)
    ward.walk(lodged, Policy(rest_at=(step, "population_silent")))
    return lodged


def asked_to_pay(ward: Ward) -> None:
    lodged = rest(ward, "2.000635", "payment_received", channel="online")
    with ward.act(APPLICANT) as uow:
        paying.begin(uow, lodged.dossier_id, "keypay")


def scanned(ward: Ward) -> None:
    lodged = ward.lodge("2.000908")
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        files.attach(uow, lodged.dossier_id, "id_paper", replace(PAPER, seen=Seen(pages=1, dpi=200)))


FAULTS = {
    "lodge": Fault(
        lodge,
        "tiepnhan.hacthanh",
        nothing,
        {
            "case.written": "INSERT INTO dossier",
            "engine.after_step": "INSERT INTO runtime_state",
            "file.row_written": "INSERT INTO document_file",
        },
    ),
    "pay": Fault(
        pay,
        "thuphi.hacthanh",
        counter("take_payment"),
        {
            "uow.begun": "BEGIN",
            "case.locked": "FOR UPDATE",
            "engine.before_step": "JOIN runtime_state",
            "case.written": "UPDATE dossier",
            "task.written": "INSERT INTO answer_set",
            "idem.written": "UPDATE task SET .*done_key",
            "timer.written": "INSERT INTO wait",
            "outbox.written": "procrastinate_defer_jobs",
            "audit.written, head.written": "INSERT INTO ledger_event",
            "commit.before": "COMMIT",
        },
    ),
    "answer": Fault(
        answer,
        "chuyenvien.hacthanh",
        counter("check_population"),
        {"task.written": "INSERT INTO task", "job.before_effect": "FOR UPDATE", "commit.before": "COMMIT"},
    ),
    "told": Fault(
        told,
        "thuphi.hacthanh",
        asked_to_pay,
        {
            "inbox.verified": "BEGIN",
            "case.locked": "FOR UPDATE",
            "inbox.inserted": "INSERT INTO payment ",
            "engine.after_step": "UPDATE runtime_state",
            "audit.written, head.written": "INSERT INTO ledger_event",
            "commit.before": "COMMIT",
        },
    ),
    "read": Fault(
        read,
        "tiepnhan.hacthanh",
        scanned,
        {
            "scan.done": "BEGIN",
            "case.locked": "FOR UPDATE",
            "file.row_written": "UPDATE document_file",
            "audit.written, head.written": "INSERT INTO ledger_event",
            "commit.before": "COMMIT",
        },
    ),
}
