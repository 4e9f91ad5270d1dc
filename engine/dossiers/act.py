"""One act on one dossier: lock, let the machine move, settle what it said.

Every command works through an `Act`. It holds the locked rows, knows the pinned version, and answers
the machine when the diagram comes to an engine step (a topic of `engine.dossiers.topics`).
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import and_, bindparam, func, literal_column, select, true
from sqlalchemy.orm import aliased

from engine.base.actor import APPLICANT, SYSTEM
from engine.base.db import ONE, Base
from engine.base.errors import Missing, SentOtherwise
from engine.base.ids import digest_of, uuid7
from engine.base.questions import Question, ask, that
from engine.base.uow import UnitOfWork
from engine.calendar import days, rules
from engine.calendar.opening import Calendar, local
from engine.calendar.rules import Rules
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.catalog.terms import EDITION, Terms, terms_for
from engine.dossiers.models import AnswerSet, Deadline, Dossier, Task, Wait
from engine.ledger.append import append, recall
from engine.ledger.events import Event
from engine.ledger.models import LedgerEvent
from engine.org.models import Lane, LaneSide, Officer
from engine.runtime.machine import EngineCall, Machine
from engine.runtime.parser import Program
from engine.runtime.state import RuntimeState

F = TypeVar("F", bound=Callable[..., Any])

#: Engine topic -> what the house does when a diagram comes to it; filled by `engine.dossiers.topics`.
TOPICS: dict[str, "Callable[[Act, EngineCall], Mapping[str, Any]]"] = {}


def topic(name: str) -> Callable[[F], F]:
    """Register a function for an engine topic; it returns the routing variables it sets."""

    def register(function: F) -> F:
        TOPICS[name] = function
        return function

    return register


# An act begins with two statements, whatever it is about: the lock, and behind it all that it will need. In one they
# would read what stood before somebody else's commit. Each is made once: SQLAlchemy then knows it again by itself.
_DOSSIERS, _TASKS, _WAITS = (Base.metadata.tables[one.__tablename__] for one in (Dossier, Task, Wait))
_LOCK = Question(select(_DOSSIERS.c.id).where(_DOSSIERS.c.id == bindparam("dossier_id")).with_for_update())
_LOCK_OF_TASK = Question(
    select(_DOSSIERS.c.id)
    .join(_TASKS, _TASKS.c.dossier_id == _DOSSIERS.c.id)
    .where(_TASKS.c.id == bindparam("task_id"))
    .with_for_update(of=_DOSSIERS)
)
_LOCK_OF_WAIT = Question(
    select(_DOSSIERS.c.id)
    .join(_WAITS, _WAITS.c.dossier_id == _DOSSIERS.c.id)
    .where(_WAITS.c.id == bindparam("wait_id"))
    .with_for_update(of=_DOSSIERS)
)
_HEAD = (
    select(LedgerEvent.seq, LedgerEvent.digest)
    .where(LedgerEvent.stream_id == Dossier.id)
    .order_by(LedgerEvent.seq.desc())
    .limit(ONE)
    .lateral()
)
#: In SQL: what the applicant of a dossier declared last.
DECLARED = (
    select(AnswerSet.answers)
    .where(AnswerSet.dossier_id == Dossier.id, AnswerSet.step_id == literal_column("'lodge'"))
    .order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc())
    .limit(ONE)
    .scalar_subquery()
)
_ANSWERS = Question(
    select(AnswerSet.answers)
    .where(AnswerSet.dossier_id == bindparam("dossier_id"), AnswerSet.step_id == bindparam("step_id"))
    .order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc())
    .limit(ONE)
)
_SIDES = select(func.jsonb_object_agg(Lane.code, Lane.side)).scalar_subquery()
_BESIDE = aliased(RuntimeState)
_RUN_BESIDE = (
    select(func.array_agg(_BESIDE.id))
    .where(_BESIDE.dossier_id == Dossier.id, _BESIDE.role == literal_column("'side'"))
    .scalar_subquery()
)
_INSTANCE = (
    select(
        Dossier,
        RuntimeState,
        Deadline,
        EDITION,
        _HEAD.c.seq,
        _HEAD.c.digest,
        DECLARED,
        _SIDES,
        _RUN_BESIDE,
        *days.edition(Dossier.competent_office_id, bindparam("now")),
    )
    .join(RuntimeState, RuntimeState.dossier_id == Dossier.id)
    .join(Procedure, Procedure.code == Dossier.procedure_code)
    .outerjoin(_HEAD, true())
    .outerjoin(Deadline, and_(Deadline.dossier_id == Dossier.id, Deadline.stopped_at.is_(None)))
)
_MAIN_INSTANCE = Question(_INSTANCE.where(Dossier.id == bindparam("dossier_id"), RuntimeState.role == "main"))
_ONE_INSTANCE = Question(
    _INSTANCE.where(Dossier.id == bindparam("dossier_id"), RuntimeState.id == bindparam("runtime_id"))
)
_INSTANCE_OF_TASK = Question(
    _INSTANCE.add_columns(Task)
    .join(Task, Task.runtime_id == RuntimeState.id)
    .where(Task.id == bindparam("task_id"))
)
_INSTANCE_OF_WAIT = Question(
    _INSTANCE.add_columns(Wait)
    .join(Wait, Wait.runtime_id == RuntimeState.id)
    .where(Wait.id == bindparam("wait_id"))
)


@dataclass
class Act:
    """The dossier under the actor's hands, for the length of one transaction."""

    uow: UnitOfWork
    dossier: Dossier
    terms: Terms
    runtime: RuntimeState
    #: The step that the actor completed, for the sentence a stale screen gets.
    step: str | None = None
    dossier_id: uuid.UUID = field(init=False)
    #: The task that this act is about, when a person acts.
    task: Task | None = None
    #: The wait that this act is about, when no person acts.
    wait_id: uuid.UUID | None = None
    #: What a person deals with: the task, or the wait that their word comes to.
    about: uuid.UUID | None = None
    #: The run of the dossier's clock that has not stopped: one, or none.
    runs: list[Deadline] = field(default_factory=list)
    #: The parts that were started beside the main diagram, ended or not.
    sides: list[uuid.UUID] = field(default_factory=list)
    #: Answers by step, as far as this act has read or written them.
    _answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    _calendars: dict[uuid.UUID, Calendar] = field(default_factory=dict)
    #: Of the calendar of an office, as known now.
    _editions: dict[uuid.UUID, days.Edition] = field(default_factory=dict)
    #: Lane -> the side in whose office it is looked up.
    _sides: dict[str, str] | None = None

    def __post_init__(self) -> None:
        # Should the act break, `incidents` tells whose it was; the rows are expired by then.
        self.dossier_id = self.dossier.id

    @classmethod
    def on(
        cls,
        uow: UnitOfWork,
        dossier_id: uuid.UUID,
        runtime_id: uuid.UUID | None = None,
        *,
        lock: bool = True,
    ) -> "Act":
        """Lock the dossier's row: no other act gets past this line until we commit.

        `lock=False` only to look: nothing may be settled through such an act.
        """
        which = _ONE_INSTANCE if runtime_id else _MAIN_INSTANCE
        ids = {"dossier_id": dossier_id, "runtime_id": runtime_id}
        return cls._found(uow, ids, *([_LOCK] if lock else []), which)[0]

    @classmethod
    def of_task(cls, uow: UnitOfWork, task_id: uuid.UUID, *, lock: bool = True) -> "tuple[Act, Task]":
        """As `on`, for the instance to which a task belongs, with the task."""
        act, act.task = cls._found(uow, {"task_id": task_id}, *([_LOCK_OF_TASK] if lock else []), _INSTANCE_OF_TASK)
        act.about = task_id
        return act, act.task

    @classmethod
    def of_wait(cls, uow: UnitOfWork, wait_id: uuid.UUID, *, lock: bool = True) -> "tuple[Act, Wait]":
        """As `on`, for the instance to which a wait belongs, with the wait; `lock=False` when it is ours already."""
        act, wait = cls._found(uow, {"wait_id": wait_id}, *([_LOCK_OF_WAIT] if lock else []), _INSTANCE_OF_WAIT)
        act.wait_id, act.step = wait.id, wait.step_id
        return act, wait

    @classmethod
    def _found(cls, uow: UnitOfWork, ids: Mapping[str, Any], *questions: Question) -> "list[Any]":
        """The act, and whatever else the last question asks for; before it comes the lock, if any."""
        *_, found = ask(uow.session, {**ids, "now": uow.clock.now()}, *questions)
        if not found:
            raise Missing
        dossier, runtime, run, edition, seq, digest, declared, sides, beside, hours, exceptions, *more = found[0]
        terms = terms_for(uow.session, dossier.version_id, dossier.procedure_code, edition)
        act = cls(uow, dossier, terms, runtime, runs=[run] if run else [], sides=beside or [], _sides=sides)
        act._answers["lodge"] = declared or {}
        act._editions[dossier.competent_office_id] = (hours, exceptions)
        recall(uow, dossier.id, seq, digest)
        uow.session.info["act"] = act
        return [act, *more]

    def other(self, dossier_id: uuid.UUID, *, lock: bool = True) -> "Act":
        """Another dossier within this act; what breaks is this one's all the same."""
        found = Act.on(self.uow, dossier_id, lock=lock)
        self.uow.session.info["act"] = self
        return found

    @property
    def group(self) -> Mapping[str, Any]:
        return self.dossier.group

    @property
    def program(self) -> Program:
        """The diagram that runs, with its parts."""
        return publish.program_for(self.uow.session, self.runtime.process_version_id)

    @property
    def machine(self) -> Machine:
        return Machine(self.program, self._engine_call)

    def beside(self, runtime_id: uuid.UUID) -> "Act":
        """This act, on the instance of the same dossier that has something to do with it."""
        if runtime_id == self.runtime.id:
            return self
        return self.of(self.uow.session.get_one(RuntimeState, runtime_id))

    def of(self, runtime: RuntimeState) -> "Act":
        """This act, on another instance of the dossier; neither looks up what the other has read."""
        return replace(self, runtime=runtime)

    def did(self, step_id: str, said: Mapping[str, Any]) -> bool:
        """Whether a page was sent before, which `said` all this under its `key`: the second click of a double click."""
        if not said["key"]:
            return False
        under = AnswerSet.answers["key"].astext == said["key"]
        kept = select(AnswerSet.digest).filter_by(dossier_id=self.dossier.id, step_id=step_id).where(under)
        digest = self.uow.session.scalar(kept.limit(ONE))
        if digest and digest != digest_of(said):
            raise SentOtherwise
        return digest is not None

    def last_move(self) -> dict[str, Any]:
        """Who moved the dossier last, and when: what a screen is told that was too late."""
        officer = self.uow.session.get(Officer, self.dossier.moved_by)
        nobody = APPLICANT if self.dossier.moved_by == APPLICANT.officer_id else SYSTEM
        return {"who": (officer or nobody).name, "at": self.dossier.moved_at}

    def calendar(self, office_id: uuid.UUID | None = None) -> Calendar:
        """The opening hours of an office, by default of the one that decides."""
        office_id = office_id or self.dossier.competent_office_id
        if office_id not in self._calendars:
            self._calendars[office_id] = days.load(
                self.uow.session, office_id, self.uow.clock.now(), known=self._edition(office_id)
            )
        return self._calendars[office_id]

    def _edition(self, office_id: uuid.UUID) -> days.Edition:
        if office_id not in self._editions:
            self._editions[office_id] = days.edition_of(self.uow.session, office_id, self.uow.clock.now())
        return self._editions[office_id]

    def calendar_edition(self) -> str:
        """Which days and hours of the deciding office are known now: the same text for the same rows."""
        return digest_of([*self._edition(self.dossier.competent_office_id)])

    @property
    def rules(self) -> Rules:
        """The numbers of the law under which the dossier was received."""
        return rules.in_force(self.dossier.rules_edition, local(self.dossier.lodged_at).date())

    def office_of(self, lane: str) -> uuid.UUID:
        """The office in which a lane of this dossier is looked up."""
        if self._sides is None:
            self._sides = self.uow.session.scalar(select(_SIDES)) or {}
        if self._sides[lane] == LaneSide.RECEIVING:
            return self.dossier.receiving_office_id
        return self.dossier.competent_office_id

    def tell(self, *events: Event) -> None:
        """Write to the dossier's story."""
        append(self.uow, self.dossier.id, *events)

    def keep(
        self,
        step_id: str,
        form_key: str,
        answers: Mapping[str, Any],
        *,
        task_id: uuid.UUID | None = None,
    ) -> str:
        """Store what was typed beside the ledger and return its digest."""
        digest = digest_of(answers)
        self.uow.session.add(
            AnswerSet(
                id=uuid7(),
                dossier_id=self.dossier.id,
                task_id=task_id,
                step_id=step_id,
                form_key=form_key,
                answers=dict(answers),
                digest=digest,
                given_at=self.uow.clock.now(),
                given_by=self.uow.actor.officer_id,
            )
        )
        self._answers[step_id] = dict(answers)
        return digest

    def answers(self, *step_ids: str) -> dict[str, Any]:
        """The last answers given at the first of these steps that has any; {} when none has."""
        for step_id in step_ids:
            if step_id not in self._answers:
                found = that(self.uow.session, _ANSWERS, dossier_id=self.dossier.id, step_id=step_id)
                self._answers[step_id] = found or {}
            if self._answers[step_id]:
                return self._answers[step_id]
        return {}

    def last_with(self, key: str) -> dict[str, Any]:
        """The newest answers of any step that hold this key; {} when none do."""
        return (
            self.uow.session.scalar(
                select(AnswerSet.answers)
                .filter(AnswerSet.dossier_id == self.dossier.id, AnswerSet.answers.has_key(key))
                .order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc())
                .limit(ONE)
            )
            or {}
        )

    def _engine_call(self, call: EngineCall) -> Mapping[str, Any]:
        return TOPICS[call.topic](self, call)
