"""Let the demo's dossiers live: lodged in past weeks, walked by their officers until they rest or end."""

import random
import re
import uuid
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.actor import SYSTEM, Actor
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.uow import UnitOfWork, unit_of_work
from engine.calendar import days, rules, working_time
from engine.calendar.due import Counting, Limit, Unit, due
from engine.calendar.opening import Calendar, local
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.catalog.terms import terms_of
from engine.documents import files
from engine.documents.models import Component
from engine.dossiers import course, intake
from engine.dossiers.assisting import Assistance
from engine.dossiers.channels import is_electronic
from engine.dossiers.intake import Lodging
from engine.org import directory
from engine.org.models import Office, OfficeKind, Posting
from webapp.demo import people, scans
from webapp.demo.stories import NEW, Seat, Story
from webapp.demo.walk import Walker
from webapp.postgres import ROOT
from webapp.wiring import House

HOUR = timedelta(hours=1)
#: How much of their time open dossiers have used: most are in time, some due soon or critical, few late.
USED = (0.3, 0.1, 0.55, 0.75, 0.2, 0.45, 0.94, 0.15, 0.6, 1.4, 0.35, 0.8)
#: The same at the end of those that have ended.
USED_AT_END = (0.4, 0.6, 0.3, 0.75, 0.5, 0.2, 0.85, 0.65, 0.45, 1.2)
#: Working time in which the ended ones ended.
ENDED_WITHIN = 170 * HOUR
#: Acts before a dossier comes to rest, by the step; fewer or more only make the last one come sooner or later.
ACTS = {"take_payment": 1, "approve_refusal": 1, "completion_received": 1, "search_book": 1, "assign_specialist": 1,
        "examine_dossier": 2, "verify_conditions": 2, "draft_result": 3, "review_draft": 4, "visit_site": 4,
        "supplement_received": 4, "preview_confirmed": 4, "sign_draft": 5, "consultation_overdue": 6,
        "number_and_seal": 7, "hand_over_result": 8, "attend_signing": 7, "enter_pay_list": 8,
        "hold_council": 8, "record_appraisal": 9, "revision_received": 14}  # fmt: skip
#: What lies open was last touched at most so long ago, unless nobody has touched it at all.
LATEST = 1.5 * HOUR
#: What stands behind the number of a result; of a commune UBND.
SIGNS = {Seat.JUSTICE: "STP", Seat.CONSTRUCTION: "SXD", Seat.ENVIRONMENT: "SNNMT"}
#: What a dossier signs next, and the dossiers that it opens, is so many numbers later: none is another's.
AGAIN = 1000
#: Every so manieth dossier comes with scans.
SCANNED = 7


@dataclass(frozen=True)
class Planned:
    """One dossier to be: its story, who decides, when it was lodged, how fast it went."""

    story: Story
    number: int
    office_id: uuid.UUID
    at: datetime
    pace: timedelta
    #: Counts up in each office as its dossiers are accepted; results bear numbers in this order.
    serial: int = 0


@dataclass
class Maker:
    """Makes dossiers under a clock of its own."""

    house: House
    #: Everything happened before this instant.
    now: datetime
    calendar: Calendar
    #: Offices with people in them.
    staffed: list[Office]

    @property
    def counting(self) -> Counting:
        return rules.in_force(rules.newest(), local(self.now).date()).counting

    @classmethod
    def of(cls, house: House) -> "Maker":
        now = house.clock.now()
        with house.sessions() as session:
            offices = select(Office).where(Office.id.in_(select(Posting.office_id))).order_by(Office.code)
            staffed = list(session.scalars(offices))
            return cls(house, now, days.load(session, staffed[0].id, now), staffed)

    def plan(self, stories: Iterable[Story], factor: float) -> list[list[Planned]]:
        """What to make, one list for each office that decides, in the order in which it is accepted."""
        lists: dict[uuid.UUID, list[Planned]] = {}
        with self.house.sessions() as session:
            for index, story in enumerate(stories):
                limit = self._limit(session, story)
                for number in range(max(1, round(story.count * factor))):
                    office = self._decides(story, index + number)
                    at, pace = self._when(story, limit, index + number)
                    one = Planned(story, index + number, office.id, at, pace)
                    lists.setdefault(office.id, []).append(one)
        in_order = (sorted(one, key=lambda planned: planned.at + planned.pace) for one in lists.values())
        counted = ([replace(one, serial=serial) for serial, one in enumerate(row, start=1)] for row in in_order)
        return sorted(counted, key=len, reverse=True)

    def make(self, planned: Planned) -> None:
        """Lodge it, walk it, and what else belongs to its story."""
        story, chance = planned.story, random.Random(f"{planned.story.code} {planned.at}")  # noqa: S311  a demo
        clock = FrozenClock(planned.at)
        receiving = self._receives(planned)
        with self.house.sessions() as session:
            staff = directory.officers_in(session, receiving.id, "reception", on=clock.today())
            actor = directory.actor_of(session, staff[planned.number % len(staff)].id, on=clock.today())
            answers, facts = self._declaration(session, planned, chance)

        def unit(who: Actor) -> AbstractContextManager[UnitOfWork]:
            return unit_of_work(self.house.sessions, who, clock)

        with unit(SYSTEM if is_electronic(story.channel) and not story.assisted else actor) as uow:
            lodging = Lodging(
                procedure_code=story.code,
                channel=story.channel,
                answers=answers,
                receiving_office_id=receiving.id,
                competent_office_id=planned.office_id,
                facts=facts,
                assistance=Assistance("elderly_disabled", "Người dân đề nghị hỗ trợ kê khai.") if story.assisted else None,
            )
            dossier_id = intake.lodge(uow, lodging).dossier_id
            if planned.number % SCANNED == 0:
                self._scan(uow, dossier_id)
        neighbours = [one.id for one in self.staffed if one.kind == OfficeKind.DEPARTMENT]
        policy = story.policy()
        policy.pace = planned.pace
        numbers = (f"{serial}/{SIGNS.get(story.seat, 'UBND')}" for serial in count(planned.serial, AGAIN))
        Walker(unit, self.house.sessions, clock, neighbours, self.calendar, self.now, numbers).walk(dossier_id, policy)
        if story.withdrawn:
            with unit(SYSTEM) as uow:
                course.withdraw(uow, dossier_id, "Tôi không còn nhu cầu.")

    def _scan(self, uow: UnitOfWork, dossier_id: uuid.UUID) -> None:
        rows = uow.session.scalars(
            select(Component).where(Component.dossier_id == dossier_id).order_by(Component.position).limit(2)
        ).all()
        for row in rows:
            stream = BytesIO(scans.page(row.name))
            today = uow.clock.today()
            received = files.receive(self.house.blobs, stream, name=f"{row.key}.pdf", max_bytes=1 << 20, on=today)
            files.attach(uow, dossier_id, row.key, received)

    def _decides(self, story: Story, number: int) -> Office:
        if story.seat != Seat.COMMUNE:
            return next(one for one in self.staffed if one.code == story.seat)
        communes = [one for one in self.staffed if one.kind == OfficeKind.COMMUNE]
        return communes[number % len(communes)]

    def _receives(self, planned: Planned) -> Office:
        """The counter: the commune's own, or the provincial centre."""
        centres = [one for one in self.staffed if one.kind == OfficeKind.CENTRE]
        near = (one for one in centres if one.parent_id == planned.office_id)
        far = next(one for one in centres if one.code == "H56.01")
        return far if planned.story.elsewhere else next(near, far)

    def _limit(self, session: Session, story: Story) -> Limit:
        """How long such a dossier may take; what rests at reception has the working day of reception."""
        if story.rest == NEW:
            return Limit(8, Unit.WORKING_HOUR)
        procedure = session.get_one(Procedure, story.code)
        version = publish.in_force(session, story.code, self.now.astimezone(VIETNAM).date())
        rules = terms_of(procedure, version).limits if version else ()
        return Limit(rules[-1].value, Unit(rules[-1].unit)) if rules else Limit(10, Unit.WORKING_DAY)

    def _when(self, story: Story, limit: Limit, number: int) -> tuple[datetime, timedelta]:
        """When it was lodged, so that it has used its share of the limit, and the working time between two acts."""
        back = working_time.subtract
        if "supplement_expired" in story.events:
            return back(self.calendar, self.now, (400 + 7 * number) * HOUR), 4 * HOUR
        whole = working_time.between(self.calendar, self.now, due(self.calendar, self.now, limit, by=self.counting).at)
        whole = max(whole, 4 * HOUR)
        if not story.rest or story.withdrawn:
            took = whole * USED_AT_END[number % len(USED_AT_END)]
            ended = ENDED_WITHIN * ((number * 37 % 100) / 100) + HOUR
            return back(self.calendar, self.now, ended + took), took / 12
        wanted = USED[number % len(USED)]
        near = (back(self.calendar, self.now, whole * wanted * part + HOUR / 2) for part in _PARTS)
        at = min(near, key=lambda one: abs(self._used(one, limit) - wanted))
        elapsed, acts = working_time.between(self.calendar, at, self.now), ACTS.get(story.rest[0], 3)
        pace = (elapsed - min(LATEST, elapsed / (acts + 1))) / max(acts, 1)
        # What is missing is asked for within the days of T06, two acts after the acceptance.
        return at, min(pace, 8 * HOUR) if story.rest[0] == "supplement_received" else pace

    def _used(self, at: datetime, limit: Limit) -> float:
        end = due(self.calendar, at, limit, by=self.counting).at
        whole = working_time.between(self.calendar, at, end)
        return working_time.between(self.calendar, at, self.now) / whole if whole else 0.0

    def _declaration(
        self, session: Session, planned: Planned, chance: random.Random
    ) -> tuple[dict[str, Any], Mapping[str, Any]]:
        if has_example(planned.story.code):
            return declaration(planned.story.code, chance, planned.at.astimezone(VIETNAM).date())
        return on_frame(session.get_one(Procedure, planned.story.code).name_vi, chance), {}


def has_example(code: str) -> bool:
    """Whether the procedure has a bundle of its own, with a declaration to begin with."""
    return _example(code).exists()


def _example(code: str) -> Path:
    return ROOT / "bpmn" / code / "examples" / "complete.json"


@lru_cache
def _words(example: Path) -> bytes:
    return example.read_bytes()


def declaration(code: str, chance: random.Random, today: date) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The bundle's complete example with other people in it: (answers, facts of the lodging)."""
    example = orjson.loads(_words(_example(code)))
    answers: dict[str, Any] = example["answers"]
    lodging = example["lodging"]
    _move_on(answers, date.fromisoformat(lodging["lodged_on"]), today)
    people.replace_all(answers, chance, today)
    return answers, {key: lodging[key] for key in ("lookup", "fee_classes", "fee_proofs") if key in lodging}


def _move_on(answers: dict[str, Any], since: date, today: date) -> None:
    """What was to come when the example was lodged is to come now, and what had just been has just been now.

    All on the same days of the week; what lies more than a year back stays where it is.
    """
    weeks = (today - since).days // 7
    to_come = weeks if weeks * 7 == (today - since).days else weeks + 1

    def moved(day: date) -> date:
        return day + timedelta(weeks=to_come if day > since else weeks)

    for key, value in answers.items():
        if isinstance(value, str) and _DAY.match(value):
            day = date.fromisoformat(value[:10])
            if day > since - _LATELY:
                answers[key] = moved(day).isoformat() + value[10:]
        elif isinstance(value, dict) and value.keys() == {"d", "m", "y"}:
            day = date(value["y"], value["m"], value["d"])
            if day > since - _LATELY:
                day = moved(day)
                answers[key] = {"d": day.day, "m": day.month, "y": day.year}
        elif isinstance(value, dict):
            _move_on(value, since, today)


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LATELY = timedelta(days=365)
#: Where to look for the moment of lodging, as shares of the first guess.
_PARTS = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0, 2.6)


def on_frame(name: str, chance: random.Random) -> dict[str, Any]:
    """What the frame's declaration asks of everybody."""
    year = chance.randint(1958, 2001)
    return {
        "requester": {
            "full_name": people.name(chance),
            "birth_date": {"d": chance.randint(1, 28), "m": chance.randint(1, 12), "y": year},
            "personal_id": people.personal_id(chance, year),
            "phone": f"099{chance.randint(10**6, 10**7 - 1)}",
            "residence": {"country": "VN", "province": "38", "commune": "14797", "detail": "Số 12, đường Bà Triệu"},
        },
        "request": f"Đề nghị giải quyết thủ tục: {name}."[:2000],
        "result_delivery": "counter",
        "truthful": True,
    }


