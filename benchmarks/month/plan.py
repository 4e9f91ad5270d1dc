"""What is lodged in a month, when, where and how it will go.

Known of Thanh Hóa in July 2025 (160,766 dossiers): how many came online, how many communes decided. Not published, and
so assumed here: which procedures, at what hours, how large a commune's share is, how many dossiers do not go the
straight way. December 2026 has 23 working days, as July 2025 had.
"""

import random
import uuid
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.clock import VIETNAM
from engine.catalog.models import Procedure, ProcedureVersion
from engine.org.models import Office, OfficeKind
from webapp.demo import stories

TOTAL, ONLINE, OF_COMMUNES = 160_766, 151_542, 122_831
MONTH = date(2026, 12, 1)
DAYS = [day for day in (MONTH + timedelta(number) for number in range(31)) if day.weekday() < 5]
#: Everything that is lodged was lodged before this; what is still open then goes on to its end.
END = datetime(2027, 1, 1, tzinfo=VIETNAM)

#: Of a hundred dossiers that communes decide; the rest are spread over the other procedures of communes.
AT_COMMUNES = {
    "2.000635": 22,  # copies of civil status extracts
    "1.001193": 14,  # births
    "2.000884": 9,  # certified signatures
    "1.012753": 8,  # land: first registration
    "1.001776": 7,  # social allowance
    "2.000908": 6,  # copies from registers
    "2.000815": 5,  # certified copies
    "1.000894": 5,  # marriages
    "2.000986": 5,  # births, with residence and health insurance
    "1.013225": 3,  # building permits
}
#: The original is brought to the counter. What comes online is of all else; so there cannot be more of these.
AT_COUNTERS = "2.000815"
_ELSE = TOTAL - OF_COMMUNES * AT_COMMUNES[AT_COUNTERS] // 100
#: The same of departments.
AT_DEPARTMENTS = {"1.012783": 14, "3.000333": 12, "1.012784": 8, "1.012782": 6, "3.000348": 5}
#: Of a hundred, by the hour at which they are lodged: a peak in the morning, one in the afternoon.
HOURS = {7: 4, 8: 13, 9: 20, 10: 13, 11: 5, 12: 2, 13: 7, 14: 15, 15: 11, 16: 6, 19: 2, 20: 2}
#: Of a hundred, in which hours counters are open.
COUNTER_HOURS = (8, 9, 10, 14, 15)
#: Of a thousand: what officers answer that does not go straight on.
WAYS: Mapping[str, tuple[int, Mapping[str, list[dict[str, Any]]]]] = {
    "straight": (895, {}),
    "told": (40, stories.TOLD),
    "asked": (30, stories.ASKED),
    "refused": (20, stories.REFUSED),
    "ineligible": (15, stories.INELIGIBLE),
}
#: Of a hundred: applicants who take the electronic result, who do not answer, who change their mind in a thousand.
ELECTRONIC, SILENT, WITHDRAWN = 55, 15, 4
#: Both of a couple come and sign.
IN_PERSON = "1.000894"
#: Of a hundred that communes decide: lodged at the counter of another commune.
ELSEWHERE = 3


@dataclass(frozen=True)
class Planned:
    """One dossier to be."""

    at: datetime
    code: str
    online: bool
    competent: uuid.UUID
    receiving: uuid.UUID
    way: str
    electronic: bool
    silent: bool
    withdrawn: bool
    seed: int

    def answers(self) -> dict[str, deque[dict[str, Any]]]:
        """What is answered at a step instead of what goes on, each once."""
        return {step: deque(given) for step, given in WAYS[self.way][1].items()}


def month(session: Session, share: float) -> list[Planned]:
    """Every dossier, in the order of lodging; the same for the same share and database."""
    chance = random.Random(f"month {share}")  # noqa: S311  a replay
    offices = list(session.scalars(select(Office).order_by(Office.code)))
    communes = [one for one in offices if one.kind == OfficeKind.COMMUNE]
    departments = [one for one in offices if one.kind == OfficeKind.DEPARTMENT]
    centre_of = {one.parent_id: one.id for one in offices if one.kind == OfficeKind.CENTRE}
    large = [*accumulate(chance.lognormvariate(0, 0.5) for _ in communes)]
    mixes = {kind: _mix(session, *of_kind) for kind, of_kind in (
        (OfficeKind.COMMUNE, ("commune", AT_COMMUNES)), (OfficeKind.DEPARTMENT, ("province", AT_DEPARTMENTS)),
    )}  # fmt: skip
    planned = []
    for seed in range(round(TOTAL * share)):
        of_commune = chance.randrange(TOTAL) < OF_COMMUNES
        codes, weights = mixes[OfficeKind.COMMUNE if of_commune else OfficeKind.DEPARTMENT]
        code = chance.choices(codes, cum_weights=weights)[0]
        if of_commune:
            competent = chance.choices(communes, cum_weights=large)[0]
            at = chance.choice(communes).id if chance.randrange(100) < ELSEWHERE else competent.id
        else:
            # each procedure belongs to one department, whose counter is that of the province
            competent, at = departments[codes.index(code) % len(departments)], offices[0].id
        online = code != AT_COUNTERS and chance.randrange(_ELSE) < ONLINE
        one = Planned(
            at=_moment(chance, online=online),
            code=code,
            online=online,
            competent=competent.id,
            receiving=centre_of[at],
            way=chance.choices([*WAYS], weights=[often for often, _ in WAYS.values()])[0],
            electronic=online and code != IN_PERSON and chance.randrange(100) < ELECTRONIC,
            silent=chance.randrange(100) < SILENT,
            withdrawn=chance.randrange(1000) < WITHDRAWN,
            seed=seed,
        )
        planned.append(one)
    return sorted(planned, key=lambda one: one.at)


def parts(planned: Sequence[Planned], count: int) -> list[list[Planned]]:
    """One part for each driver, about equally large; all that an office decides is in one."""
    by_office: dict[uuid.UUID, list[Planned]] = {}
    for one in planned:
        by_office.setdefault(one.competent, []).append(one)
    divided: list[list[Planned]] = [[] for _ in range(count)]
    for of_one in sorted(by_office.values(), key=len, reverse=True):
        min(divided, key=len).extend(of_one)
    return [sorted(one, key=lambda planned: planned.at) for one in divided]


def _mix(session: Session, level: str, known: Mapping[str, int]) -> tuple[list[str], list[float]]:
    """Codes and cumulated weights: the frequent ones as far as this catalogue has them, and all others evenly."""
    offered = set(session.scalars(select(Procedure.code).where(Procedure.levels.contains([level]))))
    drawn = set(session.scalars(select(ProcedureVersion.code)))
    frequent = {code: weight for code, weight in known.items() if code in offered}
    others = sorted(offered - drawn - set(known))
    each = (100 - sum(known.values())) / max(len(others), 1)
    weights = [*frequent.values(), *(each for _ in others)]
    return [*frequent, *others], [*accumulate(weights)]


def _moment(chance: random.Random, *, online: bool) -> datetime:
    hours: Iterable[int] = HOURS if online else COUNTER_HOURS
    hour = chance.choices([*hours], weights=[HOURS[one] for one in hours])[0]
    day = chance.choice(DAYS)
    return datetime(day.year, day.month, day.day, hour, chance.randrange(60), chance.randrange(60), tzinfo=VIETNAM)
