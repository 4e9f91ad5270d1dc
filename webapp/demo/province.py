"""Make the demo province in an empty database: offices, people, catalogue, diagrams, some 300 dossiers."""

import json
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.actor import SYSTEM, Actor
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.uow import UnitOfWork, unit_of_work
from engine.calendar.opening import USUAL_WEEK, Calendar
from engine.calendar.seed import seed_calendar
from engine.catalog import national, publish
from engine.dossiers import intake
from engine.dossiers.intake import Lodging
from engine.org import directory
from engine.org.models import Account, Office, OfficeKind
from engine.org.seed import seed_thanh_hoa
from webapp.demo import people
from webapp.demo.walk import Policy, Walker
from webapp.postgres import ROOT
from webapp.wiring import House

PROCEDURES = Path(__file__).with_name("procedures.jsonl")
#: The password of every demo account; a production has no demo.
PASSWORD = "motcua"  # noqa: S105  printed at every start
#: How far back the demo's dossiers reach.
DAYS_BACK = 30


@dataclass
class Story:
    """What becomes of one kind of demo dossier: how it is lodged and how far it goes."""

    code: str
    count: int
    channel: str = "in_person"
    policy: Policy = field(default_factory=Policy)
    #: Lodged at the provincial centre for a commune.
    elsewhere: bool = False
    withdrawn: bool = False


def _p(acts: int = 80, *, answers: dict[str, list[dict[str, Any]]] | None = None, **more: Any) -> Policy:
    return Policy(answers=answers or {}, acts=acts, **more)


SUPPLEMENT = {"examination_outcome": "supplement"}
REFUSED = {"examination_outcome": "ineligible"}


def stories() -> list[Story]:
    """Every state and lane of the diagrams, most of them on their happy way."""
    done, fresh = _p(), _p(0)
    told = _p(answers={"check_dossier": [{"reception_outcome": "supplement"}]}, rest_at=("completion_received",))
    turned_away = _p(answers={"check_dossier": [{"reception_outcome": "refuse"}]})
    asked = {"verify_documents": [SUPPLEMENT], "examine_request": [SUPPLEMENT], "weigh_findings": [SUPPLEMENT],
             "examine_beneficiary": [SUPPLEMENT], "search_book": [SUPPLEMENT]}  # fmt: skip
    return [
        Story("2.000635", 45, policy=done),
        Story("2.000635", 10, "online", fresh),
        Story("2.000635", 6, policy=_p(rest_at=("take_payment",))),
        Story("2.000635", 8, policy=_p(rest_at=("examine_request",))),
        Story("2.000635", 5, "online", _p(rest_at=("preview_confirmed",))),
        Story("2.000635", 6, policy=_p(rest_at=("sign_draft",))),
        Story("2.000635", 4, elsewhere=True, policy=_p(rest_at=("transfer_acknowledged",))),
        Story("2.000908", 20, policy=done),
        Story("2.000908", 6, "post", _p(rest_at=("search_book",))),
        Story("2.000908", 4, policy=_p(answers=asked, rest_at=("supplement_received",))),
        Story("1.001193", 40, policy=done),
        Story("1.001193", 10, "online", fresh),
        Story("1.001193", 12, policy=_p(rest_at=("verify_documents",))),
        Story("1.001193", 5, policy=_p(rest_at=("number_and_seal",))),
        Story("1.001193", 6, policy=_p(rest_at=("hand_over_result",))),
        Story("1.001193", 5, "online", told),
        Story("1.001193", 3, policy=turned_away),
        Story("1.001193", 4, policy=_p(answers=asked, rest_at=("supplement_received",))),
        Story("1.000894", 18, policy=done),
        Story("1.000894", 5, policy=_p(rest_at=("verify_conditions",))),
        Story("1.000894", 4, policy=_p(rest_at=("attend_signing",))),
        Story("1.000894", 2, policy=_p(rest_at=("sign_draft",)), withdrawn=True),
        Story("1.013225", 14, policy=done),
        Story("1.013225", 6, policy=_p(rest_at=("assess_dossier",))),
        Story("1.013225", 5, policy=_p(rest_at=("visit_site",))),
        Story("1.013225", 4, policy=_p(rest_at=("consultation_overdue", "answers_complete"),
                                       answers={"plan_consultation": [{"consultation_needed_flag": True}]})),
        Story("1.013225", 4, policy=_p(rest_at=("review_draft",))),
        Story("1.013225", 3, policy=_p(answers=asked, rest_at=("supplement_received",))),
        Story("1.001776", 14, policy=done),
        Story("1.001776", 6, policy=_p(rest_at=("assign_specialist",))),
        Story("1.001776", 6, policy=_p(rest_at=("examine_beneficiary",))),
        Story("1.001776", 4, policy=_p(answers={"examine_beneficiary": [REFUSED]})),
        Story("1.001776", 4, policy=_p(rest_at=("enter_pay_list",))),
    ]  # fmt: skip


@dataclass
class Maker:
    """Makes the demo's dossiers under a clock of its own, in the past weeks."""

    house: House
    random: random.Random
    clock: FrozenClock
    communes: list[Office]
    centres: dict[uuid.UUID, Office]
    provincial_centre: Office
    neighbours: list[uuid.UUID]

    def unit(self, actor: Actor) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(self.house.sessions, actor, self.clock)

    def make(self, story: Story, number: int) -> None:
        commune = self.communes[number % len(self.communes)]
        centre = self.provincial_centre if story.elsewhere else self.centres[commune.id]
        self.clock.at = self._moment(story)
        with self.house.sessions() as session:
            staff = directory.officers_in(session, centre.id, "reception", on=self.clock.today())
            actor = directory.actor_of(session, staff[number % len(staff)].id, on=self.clock.today())
        answers, facts = declaration(story.code, self.random, self.clock.today())
        with self.unit(actor if story.channel != "online" else SYSTEM) as uow:
            lodged = intake.lodge(
                uow,
                Lodging(
                    procedure_code=story.code,
                    channel=story.channel,
                    answers=answers,
                    receiving_office_id=centre.id,
                    competent_office_id=commune.id,
                    facts=facts,
                ),
            )
        walker = Walker(self.unit, self.house.sessions, self.clock, self.neighbours)
        walker.walk(lodged.dossier_id, story.policy)
        if story.withdrawn:
            from engine.dossiers import course

            with self.unit(SYSTEM) as uow:
                course.withdraw(uow, lodged.dossier_id, "Tôi không còn nhu cầu.")

    def _moment(self, story: Story) -> datetime:
        """A working moment of the last weeks; what is still open began lately, and a few are late."""
        now = self.house.clock.now().astimezone(VIETNAM)
        finished = not story.policy.rest_at and story.policy.acts
        far = DAYS_BACK if finished else {"1.013225": 16, "1.001776": 11}.get(story.code, 2)
        near = 12 if finished and story.code in ("1.013225", "1.001776") else 1 if finished else 0
        day = (now - timedelta(days=self.random.randint(near, far))).date()
        calendar = Calendar((USUAL_WEEK,))
        while not calendar.is_open_on(day):
            day -= timedelta(days=1)
        at = datetime.combine(day, datetime.min.time(), VIETNAM) + timedelta(
            hours=self.random.choice((7, 8, 9, 10, 13, 14, 15)), minutes=self.random.randint(5, 55)
        )
        return min(at, now - timedelta(minutes=30))


def make(house: House, say: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Fill an empty database. `say(done, total)` hears how far the dossiers are."""
    with house.unit() as uow:
        seed_thanh_hoa(uow, password=None)
        seed_calendar(uow)
        national.import_file(uow, PROCEDURES)
        for deployed in publish.deploy_all(uow, ROOT / "bpmn", forms=ROOT / "forms" / "schemas"):
            if deployed.is_new:
                publish.publish(uow, deployed.version_id, effective_from=date(2026, 1, 1))
    maker = _maker(house)
    plan = [(story, number) for story in stories() for number in range(story.count)]
    for done, (story, number) in enumerate(plan, start=1):
        maker.make(story, number)
        say(done, len(plan))


def _maker(house: House) -> Maker:
    with house.sessions() as session:
        staffed = _staffed(session)
        centres = {one.parent_id: one for one in staffed if one.kind == OfficeKind.CENTRE}
        return Maker(
            house=house,
            random=random.Random(20261123),  # noqa: S311  the same demo every time
            clock=FrozenClock(house.clock.now()),
            communes=[one for one in staffed if one.kind == OfficeKind.COMMUNE],
            centres={parent: one for parent, one in centres.items() if parent},
            provincial_centre=next(one for one in staffed if one.code == "H56.01"),
            neighbours=[one.id for one in staffed if one.kind == OfficeKind.DEPARTMENT],
        )


def _staffed(session: Session) -> list[Office]:
    from engine.org.models import Posting

    return list(
        session.scalars(
            select(Office).where(Office.id.in_(select(Posting.office_id))).order_by(Office.code)
        )
    )


def declaration(code: str, chance: random.Random, today: date) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The bundle's complete example with other people in it: (answers, facts of the lodging)."""
    example = json.loads((ROOT / "bpmn" / code / "examples" / "complete.json").read_text("utf-8"))
    answers = deepcopy(example["answers"])
    people.replace_all(answers, chance, today)
    lodging = example["lodging"]
    return answers, {key: lodging[key] for key in ("lookup", "fee_classes") if key in lodging}


def set_passwords(session: Session, hashed: str) -> None:
    """One password for every demo account."""
    for account in session.scalars(select(Account)):
        account.password = hashed


def is_empty(session: Session) -> bool:
    return session.scalar(select(Office.id).limit(1)) is None


def logins(session: Session) -> Iterator[tuple[str, str]]:
    """(user name, what they do) of a few accounts to begin with."""
    wanted = ("tiepnhan.hacthanh", "chuyenvien.hacthanh", "lanhdao.hacthanh", "vanthu.hacthanh",
              "traketqua.hacthanh", "thuphi.hacthanh", "quantri")  # fmt: skip
    rows = session.execute(
        select(Account.username, Account.officer_id).where(Account.username.in_(wanted))
    ).all()
    for name in wanted:
        found = next((officer_id for username, officer_id in rows if username == name), None)
        if found:
            standing = directory.standings(session, found, on=date.today())  # noqa: DTZ011
            yield name, f"{standing[0].lane_name}, {standing[0].office_name}" if standing else ""
