"""Walk a dossier along its diagram as its officers and its applicant would, through the same commands as the pages.

A `Policy` says what is answered where it matters; everything else is answered in the way that goes on.
"""

import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.actor import APPLICANT, SYSTEM, Actor
from engine.base.clock import FrozenClock
from engine.base.uow import UnitOfWork
from engine.calendar import working_time
from engine.calendar.opening import Calendar
from engine.documents.checklist import Judgement, sources
from engine.documents.models import Component
from engine.dossiers import course, submitting, tasks
from engine.dossiers.models import Consultation, Dossier, Letter, Task, Transfer, Wait
from engine.dossiers.service_steps import Question, question
from engine.org import directory
from webapp.demo.fill import fill
from webapp.labels import ROLES

#: Answers that go on, tried in this order where a form offers a choice that routes.
GOING_ON = ("accept", "eligible", "pass", "sign", "paid", "approve", "met", "agree", "signed", "clear",
            "accepted", "go_on", "counter")  # fmt: skip

#: Events of a wait that are good news; a policy may choose another one.
GOOD_NEWS = ("applicant_resubmitted", "applicant_confirmed", "payment_settled", "transfer_acknowledged",
             "result_acknowledged", "consultation_completed", "delivery_confirmed", "remote_status_changed")  # fmt: skip

#: What an outside system answers when nobody listens on its address.
CANNED: Mapping[str, dict[str, Any]] = {
    "population.issue_id": {"routing": {"personal_id_known": True}, "personal_id": "099226012345"},
    "civil_status.search": {"routing": {}, "entries": []},
    "civil_status.register": {
        "routing": {"registration_state": "accepted"},
        "entry_no": "31/2026",
        "book_no": "01/2026",
    },
    "social.entitlements": {
        "routing": {"benefit_held": "social_pension", "paid_elsewhere": False},
        "benefit_held": "social_pension",
        "paid_elsewhere": False,
        "death_registered": True,
    },
    "driving.lookup": {
        "routing": {"licence_state": "found", "violation_state": "clear"},
        "licence_state": "found",
        "violation_state": "clear",
    },
    "lab.result": {"routing": {"lab_state": "passed"}, "lab_state": "passed", "values": []},
    "food.watch": {"routing": {}, "receipt": "BN-000005"},
    "driving.issue": {"routing": {}, "licence_no": "990000000001"},
    "social.pay_once": {"routing": {}, "receipt": "BN-000004"},
    "social.paylist": {"routing": {}, "receipt": "BN-000001"},
    "social.move_file": {"routing": {}, "receipt": "BN-000002"},
    "ministry.lodge": {"routing": {}, "remote_status": "accepted"},
    "ministry.query": {"routing": {}, "remote_status": "handed_over"},
    "land.survey": {"routing": {}, "drawing_no": "TĐ-0001", "surveyed_m2": 100},
    "land.update": {"routing": {}, "receipt": "ĐĐ-000001"},
    "tax.notice": {
        "routing": {},
        "notice_no": "1/TB-CCT",
        "amounts": [{"kind": "registration_fee", "amount": 1600000}],
    },
    "portal.publish": {"routing": {}, "receipt": "CK-000001"},
    "portal.deliver_result": {"routing": {}, "receipt": "BN-000003"},
}

Unit = Callable[[Actor], AbstractContextManager[UnitOfWork]]


def answered(asked: Question) -> Mapping[str, Any]:
    """What the outside says; the population database knows whoever gave a personal id."""
    if asked.topic == "ministry.query":
        serial = asked.code.partition("-")[2].replace("-", "")
        return CANNED[asked.topic] | {"result_number": f"KQ-{serial}"}
    if asked.topic != "population.lookup":
        return CANNED[asked.topic]
    known = [
        {
            "role": role,
            "full_name": block["full_name"],
            "outcome": "found" if block.get("personal_id") else "missing",
        }
        for role, block in asked.declaration.items()
        if role in ROLES and isinstance(block, dict) and block.get("full_name")
    ]
    return {"routing": {}, "persons": known}


def _source(row: Component) -> str:
    """Where what is asked for comes from: what has neither original nor copy was declared on the screen."""
    if row.kind == "show" and "lookup" in sources(row.satisfied_by):
        return "lookup"
    return "paper" if row.originals or row.certified or row.copies or row.kind == "show" else "scan"


class Stuck(AssertionError):
    """Nothing of what waits can be done by anybody."""


@dataclass
class Policy:
    """Answers by step, used one after the other; and which event ends a wait, by step id of the event."""

    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: Ids of events (messages, timers) to let happen, each once, in order.
    events: list[str] = field(default_factory=list)
    #: Do at most so many acts.
    acts: int = 80
    #: Leave these steps undone: the dossier rests there.
    rest_at: tuple[str, ...] = ()
    #: Working time that passes before each act.
    pace: timedelta = timedelta(minutes=20)


@dataclass
class Walker:
    """Moves dossiers of one database under a clock of its own."""

    unit: Unit
    sessions: Callable[[], AbstractContextManager[Session]]
    clock: FrozenClock
    #: Offices that may be asked, or to which a dossier may go.
    neighbours: Sequence[uuid.UUID] = ()
    #: The hours in which officers act.
    calendar: Calendar = field(default_factory=Calendar)
    #: Nothing happens after this instant; None: the walk has no end of its own.
    until: datetime | None = None
    #: Of what is signed, one after the other; when there are no more, all bear one.
    numbers: Iterator[str] = field(default_factory=lambda: iter(()))

    def walk(self, dossier_id: uuid.UUID, policy: Policy) -> Dossier:
        """Act until the dossier ends, rests, or the policy's acts are used up; the dossier as it is then."""
        answers = {step: deque(given) for step, given in policy.answers.items()}
        events = deque(policy.events)
        for _ in range(policy.acts):
            if not self._one(dossier_id, answers, events, policy):
                break
        with self.sessions() as session:
            return session.get_one(Dossier, dossier_id)

    def _one(
        self,
        dossier_id: uuid.UUID,
        answers: dict[str, deque[dict[str, Any]]],
        events: deque[str],
        policy: Policy,
    ) -> bool:
        with self.sessions() as session:
            open_tasks = select(Task).filter_by(dossier_id=dossier_id, done_at=None)
            # Beside one that rests there may be another to do.
            task = session.scalars(open_tasks.order_by(Task.step_id.in_(policy.rest_at), Task.id)).first()
            waits = session.scalars(select(Wait).filter_by(dossier_id=dossier_id, closed_at=None)).all()
        chosen = next((one for one in waits if events and one.step_id == events[0]), None)
        if chosen:
            events.popleft()
            return self._pass(policy.pace) and self.happen(chosen)
        if task:
            if task.step_id in policy.rest_at:
                return False
            if not self._pass(policy.pace):
                return False
            given = answers.get(task.step_id)
            number = {"number": one} if task.step_id == "number_and_seal" and (one := next(self.numbers, "")) else {}
            self._do(task, number | (given.popleft() if given else {}))
            return True
        good = [one for one in waits if one.subject in GOOD_NEWS or one.kind == "service"]
        good = [one for one in good if one.step_id not in policy.rest_at]
        if good:
            return self._pass(policy.pace) and self.happen(good[0])
        if any(one.key for one in waits):
            return self._hear(dossier_id) or self._walk_children(dossier_id, policy)
        timers = [one for one in waits if one.kind == "timer" and one.step_id not in policy.rest_at]
        if timers and len(timers) == len(waits):
            return self.happen(timers[0])
        if not waits or any(one.step_id in policy.rest_at for one in waits):
            return False
        raise Stuck([one.step_id for one in waits])

    def _hear(self, dossier_id: uuid.UUID) -> bool:
        """What a group's dossiers told it, one letter at a time; False when there is none."""
        there = (Letter.name == Wait.subject) & (Letter.key == Wait.key) & Letter.taken_at.is_(None)
        waiting = select(Wait.id, Letter.id).join(Letter, there).where(Wait.dossier_id == dossier_id, Wait.closed_at.is_(None))
        with self.sessions() as session:
            found = session.execute(waiting.order_by(Letter.sent_at, Letter.id).limit(1)).first()
        if found is None:
            return False
        with self.unit(SYSTEM) as uow:
            return course.hear(uow, *found)

    def _walk_children(self, dossier_id: uuid.UUID, policy: Policy) -> bool:
        """The dossiers of a group go their own ways; False when they rest too."""
        with self.sessions() as session:
            children = session.scalars(select(Dossier.id).filter_by(parent_id=dossier_id, ended_at=None)).all()
        for one in children:
            self.walk(one, Policy(acts=policy.acts, rest_at=policy.rest_at, pace=policy.pace))
        return self._hear(dossier_id)

    def _pass(self, pace: timedelta) -> bool:
        """Let working time go by; False when that would be later than the walk may last."""
        at = working_time.add(self.calendar, self.clock.at, pace)
        if self.until and at > self.until:
            return False
        self.clock.at = at
        return True

    def _do(self, task: Task, given: Mapping[str, Any]) -> None:
        actor = self.officer(task)
        with self.unit(actor) as uow:
            form = tasks.form_of(uow, task.id)
            dossier = uow.session.get_one(Dossier, task.dossier_id)
            colleagues = directory.officers_in(
                uow.session, dossier.competent_office_id, "specialist", on=self.clock.today()
            )
        answers = self._filled(form.document, given, form.context, [str(one.id) for one in colleagues])
        with self.unit(actor) as uow:
            tasks.complete(
                uow, task.id, answers, seen=task.revision, judgements=self.judgements(uow, task, answers)
            )

    def _filled(
        self, document: dict[str, Any], given: Mapping[str, Any], context: Mapping[str, Any], officers: Sequence[str] = ()
    ) -> dict[str, Any]:
        return fill(
            document,
            given,
            context,
            going_on=GOING_ON,
            officers=officers,
            offices=[str(one) for one in self.neighbours],
            today=self.clock.today().isoformat(),
        )

    @staticmethod
    def judgements(uow: UnitOfWork, task: Task, answers: Mapping[str, Any]) -> dict[str, Judgement]:
        """Reception's verdicts: what is asked for is there, unless completion is asked for; then the first is missing."""
        if task.step_id != "check_dossier":
            return {}
        rows = uow.session.scalars(select(Component).filter_by(dossier_id=task.dossier_id))
        short = answers.get("reception_outcome") == "supplement"
        judged = {
            row.key: Judgement("ok", _source(row))
            if row.required or (row.position == 0 and not short)
            else Judgement("not_needed")
            for row in rows
        }
        first = next((key for key, one in judged.items() if one.verdict == "ok"), next(iter(judged), None))
        if short and first:
            judged[first] = Judgement("missing", None, "Chưa có trong hồ sơ")
        return judged

    def officer(self, task: Task) -> Actor:
        """Whoever holds the task, else the first who stands in its lane and did not examine the dossier."""
        with self.sessions() as session:
            today = self.clock.today()
            if task.assignee_id:
                return directory.actor_of(session, task.assignee_id, on=today)
            staff = directory.officers_in(session, task.office_id, task.lane, on=today)
            if not staff:
                raise Stuck(f"nobody in {task.lane} of {task.office_id}")
            return directory.actor_of(session, staff[0].id, on=today)

    def happen(self, wait: Wait) -> bool:
        """Let come what a dossier waits for; False when that would be later than the walk may last."""
        if wait.kind == "timer":
            due_at = wait.due_at or self.clock.at
            if self.until and due_at > self.until:
                return False
            self.clock.at = max(self.clock.at, due_at)
            with self.unit(SYSTEM) as uow:
                course.fire_timer(uow, wait.id)
        elif wait.kind == "service":
            with self.unit(SYSTEM) as uow:
                if asked := question(uow.session, wait.id):
                    course.answer_service(uow, wait.id, answered(asked))
        else:
            self._message(wait)
        return True

    def _message(self, wait: Wait) -> None:
        match wait.subject:
            case "applicant_resubmitted":
                with self.unit(APPLICANT) as uow:
                    found = submitting.asked(uow, wait.dossier_id)
                    answers = self._filled(found.document, found.answers, found.context) if found else None
                    course.resubmit(uow, wait.dossier_id, "Tôi đã nộp đủ giấy tờ.", answers=answers)
            case "applicant_confirmed" | "applicant_corrected":
                with self.unit(APPLICANT) as uow:
                    course.confirm_preview(uow, wait.dossier_id, ok=wait.subject == "applicant_confirmed")
            case "payment_settled":
                with self.unit(SYSTEM) as uow:
                    course.settle_payment(uow, wait.dossier_id)
            case "transfer_acknowledged" | "transfer_rejected" | "result_acknowledged":
                with self.unit(self._other_side(wait)) as uow:
                    course.acknowledge_transfer(
                        uow, wait.dossier_id, received=wait.subject != "transfer_rejected"
                    )
            case "consultation_completed":
                self._answer_consultations(wait)
            case "remote_status_changed":
                with self.unit(SYSTEM) as uow:
                    course.ask_ministry(uow, wait.dossier_id)
            case _:
                with self.unit(SYSTEM) as uow:
                    course.confirm_delivery(
                        uow, wait.dossier_id, delivered=wait.subject == "delivery_confirmed"
                    )

    def _other_side(self, wait: Wait) -> Actor:
        with self.sessions() as session:
            to_office = session.scalars(
                select(Transfer.to_office_id)
                .filter_by(dossier_id=wait.dossier_id)
                .order_by(Transfer.leg.desc())
                .limit(1)
            ).one()
            return self._anybody(session, to_office)

    def _answer_consultations(self, wait: Wait) -> None:
        with self.sessions() as session:
            rows = session.scalars(
                select(Consultation).filter_by(
                    dossier_id=wait.dossier_id, answered_at=None, closed_at=None
                )
            ).all()
            actors = [self._anybody(session, row.office_id) for row in rows]
        for actor in actors:
            with self.unit(actor) as uow:
                course.answer_consultation(uow, wait.dossier_id, "Thống nhất với nội dung lấy ý kiến.")

    def _anybody(self, session: Session, office_id: uuid.UUID) -> Actor:
        today = self.clock.today()
        for lane in ("specialist", "division_head", "reception", "return"):
            staff = directory.officers_in(session, office_id, lane, on=today)
            if staff:
                return directory.actor_of(session, staff[0].id, on=today)
        return SYSTEM
