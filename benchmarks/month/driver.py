"""One driver: the officers and applicants of some offices, who act one after the other as time goes by."""

import heapq
import random
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any, LiteralString, NamedTuple

import orjson
import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from benchmarks.month.pace import Pace
from benchmarks.month.plan import Planned
from engine.base.actor import APPLICANT, Actor
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.calendar import days, working_time
from engine.calendar.opening import Calendar
from engine.catalog.models import Procedure
from engine.documents import checklist, files
from engine.documents.checklist import Judgement
from engine.dossiers import course, intake, tasks
from engine.dossiers.intake import Lodging
from engine.dossiers.models import Task
from engine.org import directory
from engine.org.models import Account, Posting
from webapp.demo.fill import fill
from webapp.demo.lives import declaration, has_example, on_frame
from webapp.demo.walk import GOING_ON, GOOD_NEWS, Walker
from webapp.wiring import House

#: Working time between two acts on a dossier; every so manieth is first taken, and done later.
PACE, TAKEN = (timedelta(minutes=5), timedelta(hours=5)), 3
#: A dossier with which nothing goes on after so many looks is a fault of the replay.
MOST = 400
#: Papers that come with an online dossier.
SCANS = 2
SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
    b"4 0 obj<</Length 18>>stream\n99 99 300 40 re f\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)

#: What stands for them in prepared answers.
_OFFICER, _OFFICE, _DAY = str(uuid.UUID(int=77)), str(uuid.UUID(int=78)), b"@DAY@"

_OPEN: LiteralString = """
SELECT 'task' AS kind, id, dossier_id, step_id, lane, office_id, assignee_id, revision, form_key, NULL AS subject,
       NULL AS due_at
FROM task WHERE dossier_id = %(id)s AND done_at IS NULL
UNION ALL
SELECT kind, id, dossier_id, step_id, NULL, NULL, NULL, 0, NULL, subject, due_at
FROM wait WHERE dossier_id = %(id)s AND closed_at IS NULL
ORDER BY 2
"""


class Open(NamedTuple):
    """A task or a wait of a dossier, as read by the replay for itself."""

    kind: str
    id: uuid.UUID
    dossier_id: uuid.UUID
    step_id: str
    lane: str
    office_id: uuid.UUID
    assignee_id: uuid.UUID | None
    revision: int
    form_key: str
    subject: str | None
    due_at: datetime | None


class Stuck(AssertionError):
    """Nothing goes on with a dossier."""


@dataclass
class Life:
    """A dossier that was lodged."""

    planned: Planned
    id: uuid.UUID
    chance: random.Random
    answers: dict[str, deque[dict[str, Any]]]
    taken: uuid.UUID | None = None
    looks: int = 0


@dataclass
class Done:
    """What a driver did."""

    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    #: Seconds of this process inside commands, and all in all.
    commands: float = 0.0
    process: float = 0.0
    ended: int = 0


class Driver:
    """Everything that is due, in the order of its time."""

    def __init__(self, house: House, own: psycopg.Connection[Any], planned: Sequence[Planned], pace: Pace, number: int):
        self.house, self.done, self._own, self._pace, self._number = house, Done(), own, pace, number
        assert isinstance(house.clock, FrozenClock)
        self.clock = house.clock
        self._order = count()
        self._heap: list[tuple[float, int, Planned | Life]] = [
            (one.at.timestamp(), next(self._order), one) for one in planned
        ]
        heapq.heapify(self._heap)
        with house.readers() as session:
            self._staff = _staff(session)
            self._calendar = days.load(session, planned[0].competent, planned[0].at) if planned else Calendar()
            self._names = dict(session.execute(select(Procedure.code, Procedure.name_vi)).all())
        self._actors: dict[uuid.UUID, Actor] = {}
        self._walker = Walker(self._act, house.readers, self.clock)
        self._prepared: dict[tuple[str, ...], bytes] = {}
        self._judged: dict[tuple[str, bool, bool], dict[str, Judgement]] = {}
        self._kind = ""
        #: When to look again after what others do: a worker, a timer.
        self._soon = timedelta(seconds=pace.round)

    def run(self) -> Done:
        start = time.process_time()
        while self._heap:
            at, _, thing = heapq.heappop(self._heap)
            self._pace.wait(self._number, at)
            self.clock.at = datetime.fromtimestamp(at, UTC)
            if isinstance(thing, Planned):
                self._lodge(thing)
            else:
                self._go_on(thing)
        self._pace.ended(self._number)
        self.done.process = time.process_time() - start
        return self.done

    @contextmanager
    def _act(self, actor: Actor) -> Iterator[UnitOfWork]:
        """One command of a page: its transaction, with what it cost this process."""
        start = time.process_time()
        try:
            with self.house.unit(actor) as uow:
                yield uow
        finally:
            self.done.commands += time.process_time() - start
        self.done.acts[self._kind] += 1

    def _later(self, life: Life, by: timedelta, *, office_hours: bool = True) -> None:
        at = working_time.add(self._calendar, self.clock.at, by) if office_hours else self.clock.at + by
        heapq.heappush(self._heap, (at.timestamp(), next(self._order), life))

    def _between(self, life: Life, span: tuple[timedelta, timedelta]) -> timedelta:
        return span[0] + (span[1] - span[0]) * life.chance.random() ** 2

    # ---- lodging -------------------------------------------------------------------------------------------

    def _lodge(self, planned: Planned) -> None:
        chance = random.Random(planned.seed)  # noqa: S311  a replay
        answers, facts = self._declared(planned, chance)
        lodging = Lodging(
            procedure_code=planned.code,
            channel="online" if planned.online else "in_person",
            answers=answers,
            receiving_office_id=planned.receiving,
            competent_office_id=planned.competent,
            key=uuid.UUID(int=chance.getrandbits(128)),
            agreed_days=None if planned.online else 10,
            facts=facts,
        )
        life = Life(planned, uuid.UUID(int=0), chance, planned.answers())
        if planned.online:
            self._kind = "lodge"
            received = [self._receive(number) for number in range(SCANS)]
            with self._act(APPLICANT) as uow:
                life.id = intake.lodge(uow, lodging).dossier_id
                for row, one in zip(checklist.lines(uow.session, life.id), received, strict=False):
                    files.attach(uow, life.id, row.key, one)
        else:
            self._receive_at_counter(life, lodging)
        self._later(life, self._between(life, PACE))

    def _receive_at_counter(self, life: Life, lodging: Lodging) -> None:
        """As the counter's page: lodge, and decide at once."""
        self._kind = "counter"
        actor = self._somebody(lodging.receiving_office_id, "reception", life)
        with self._act(actor) as uow:
            life.id = intake.lodge(uow, lodging).dossier_id
            task = uow.session.scalars(
                select(Task).filter_by(dossier_id=life.id, step_id="check_dossier", done_at=None)
            ).first()
            if task is None:
                return
            given = life.answers.get("check_dossier")
            answers = {"reception_outcome": "accept", "payment_way": "counter"} | (given.popleft() if given else {})
            if answers["reception_outcome"] == "refuse":
                answers |= {"refusal_ground": "other", "refusal_text": "Không thuộc phạm vi giải quyết."}
            judged = self._judgements(uow, life, task, answers)
            said = _listed(answers, judged)
            tasks.complete(uow, task.id, said, seen=task.revision, key=lodging.key, judgements=judged)

    def _receive(self, number: int) -> files.Received:
        name, today = f"giay-to-{number}.pdf", self.house.clock.today()
        return files.receive(self.house.blobs, BytesIO(SCAN), name=name, max_bytes=1 << 20, on=today)

    def _declared(self, planned: Planned, chance: random.Random) -> tuple[dict[str, Any], Mapping[str, Any]]:
        if has_example(planned.code):
            answers, facts = declaration(planned.code, chance, planned.at.astimezone(VIETNAM).date())
        else:
            answers, facts = on_frame(self._names[planned.code], chance), {}
        if "result_delivery" in answers:
            answers["result_delivery"] = "electronic" if planned.electronic else "counter"
        return answers, facts

    # ---- going on ------------------------------------------------------------------------------------------

    def _go_on(self, life: Life) -> None:
        """One act on a dossier, or a look at it when it is somebody else's turn."""
        rows = [Open(*row) for row in self._own.execute(_OPEN, {"id": life.id})]
        if not rows:
            self.done.ended += 1
            return
        life.looks += 1
        if life.looks > MOST:
            raise Stuck(life.planned, [(one.kind, one.step_id) for one in rows])
        try:
            self._one(life, rows)
        except DomainError as refusal:
            # somebody was faster, or the law forbids it: look again
            self.done.refused[type(refusal).__name__] += 1
            self._later(life, self._soon)

    def _one(self, life: Life, rows: Sequence[Open]) -> None:
        if life.planned.withdrawn and life.looks == 4:
            self._kind = "withdraw"
            with self._act(APPLICANT) as uow:
                course.withdraw(uow, life.id, "Tôi không còn nhu cầu.")
            self._later(life, self._between(life, PACE))
            return
        if task := next((one for one in rows if one.kind == "task"), None):
            self._work(life, task)
            self._later(life, self._between(life, PACE))
            return
        news = next((one for one in rows if one.subject in GOOD_NEWS), None)
        timers = [one.due_at for one in rows if one.kind == "timer" and one.due_at]
        if news and not (life.planned.silent and timers and news.subject in _APPLICANTS):
            self._kind = news.subject or ""
            self._walker.happen(news)  # type: ignore[arg-type]
            self._later(life, self._between(life, PACE))
        elif any(one.kind == "service" for one in rows) or not timers:
            self._later(life, self._soon, office_hours=False)
        else:
            self._later(life, max(min(timers) - self.clock.at, timedelta(0)) + self._soon, office_hours=False)

    def _work(self, life: Life, task: Open) -> None:
        if task.assignee_id is None and task.id != life.taken and life.chance.randrange(TAKEN) == 0:
            self._kind, life.taken = "claim", task.id
            with self._act(self._somebody(task.office_id, task.lane, life)) as uow:
                tasks.claim(uow, task.id, seen=task.revision)
            return
        actor = self._actor(task.assignee_id) if task.assignee_id else self._somebody(task.office_id, task.lane, life)
        given = life.answers.get(task.step_id)
        answers = given[0] if given else {}
        try:
            self._complete(life, task, actor, self._answers(life, task, actor, answers))
        except forms.FormInvalid:
            self.done.refused["FormInvalid"] += 1
            filled = self._answers(life, task, actor, answers, anew=True)
            self._complete(life, task, actor, filled)
        if given:
            given.popleft()

    def _complete(self, life: Life, task: Open, actor: Actor, answers: dict[str, Any]) -> None:
        self._kind, key = "complete", uuid.UUID(int=life.chance.getrandbits(128))
        with self._act(actor) as uow:
            judged = self._judgements(uow, life, task, answers)
            tasks.complete(uow, task.id, _listed(answers, judged), seen=task.revision, key=key, judgements=judged)

    def _judgements(self, uow: UnitOfWork, life: Life, task: Any, answers: Mapping[str, Any]) -> dict[str, Judgement]:
        """As reception ticks them on the page; the same for all dossiers of one kind."""
        if task.step_id != "check_dossier":
            return {}
        short = answers.get("reception_outcome") == "supplement"
        key = (life.planned.code, life.planned.online, short)
        if key not in self._judged:
            self._judged[key] = Walker.judgements(uow, task, answers)
        return self._judged[key]

    # ---- forms ---------------------------------------------------------------------------------------------

    def _answers(
        self, life: Life, task: Open, actor: Actor, given: Mapping[str, Any], *, anew: bool = False
    ) -> dict[str, Any]:
        """What the form of a step takes: found out once for each kind of dossier, then said again of others."""
        key = (life.planned.code, str(life.planned.online), life.planned.way, task.step_id, str(bool(given)))
        today = self.clock.today().isoformat()
        if anew or key not in self._prepared:
            with self.house.readers() as session:
                asked = tasks.form_of(UnitOfWork(session, actor, self.clock), task.id)
            filled = fill(
                asked.document, given, asked.context, going_on=GOING_ON, officers=[_OFFICER], offices=[_OFFICE],
                today=today,
            )  # fmt: skip
            self._prepared[key] = orjson.dumps(filled).replace(today.encode(), _DAY)
        said = self._prepared[key].replace(_DAY, today.encode())
        if _OFFICER.encode() in said:
            named = self._somebody(life.planned.competent, "specialist", life)
            said = said.replace(_OFFICER.encode(), str(named.officer_id).encode())
        if _OFFICE.encode() in said:
            said = said.replace(_OFFICE.encode(), str(life.chance.choice(self._asked())).encode())
        answers: dict[str, Any] = orjson.loads(said)
        return answers

    def _asked(self) -> list[uuid.UUID]:
        """Offices that have specialists: they may be asked for an opinion."""
        return sorted({office for office, lane in self._staff if lane == "specialist"})

    # ---- people --------------------------------------------------------------------------------------------

    def _somebody(self, office: uuid.UUID, lane: str, life: Life) -> Actor:
        return self._actor(life.chance.choice(self._staff[office, lane]))

    def _actor(self, officer_id: uuid.UUID) -> Actor:
        if officer_id not in self._actors:
            with self.house.readers() as session:
                self._actors[officer_id] = directory.actor_of(session, officer_id, on=self.clock.today())
        return self._actors[officer_id]


#: Waits that end when the applicant answers.
_APPLICANTS = ("applicant_resubmitted", "applicant_confirmed")


def _listed(answers: Mapping[str, Any], judged: Mapping[str, Judgement]) -> Mapping[str, Any]:
    """What reception asks for: where the publication names no paper, a line by hand."""
    if answers.get("reception_outcome") != "supplement" or judged:
        return answers
    return {**answers, "supplement_items": [{"what": "Giấy tờ chứng minh", "why": "Chưa có trong hồ sơ."}]}


def _staff(session: Session) -> dict[tuple[uuid.UUID, str], list[uuid.UUID]]:
    staff: dict[tuple[uuid.UUID, str], list[uuid.UUID]] = {}
    rows = session.execute(
        select(Posting.office_id, Posting.lane, Posting.officer_id)
        .join(Account, Account.officer_id == Posting.officer_id)
        .where(Account.active)
        .order_by(Posting.officer_id)
    )
    for office, lane, officer in rows:
        staff.setdefault((office, lane), []).append(officer)
    return staff


Make = Callable[[], Driver]
