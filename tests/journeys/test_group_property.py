"""Whatever stands still within a group, in whatever order and one within the other: its date, its reasons and its time are right.

After each act the group is not before an open part unless it was late before, it stands still by each reason of each part
and by no other, and the intervals of every clock follow one another without gap and without overlap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.dossiers import children, clock, steps
from engine.dossiers.clock_models import Pause
from engine.dossiers.models import Deadline, Dossier
from tests.journeys.clerk import File, Town, agrees
from tests.journeys.groups import child
from tests.journeys.test_birth import GOOD
from tests.journeys.test_birth_group import NO_CARD
from tests.journeys.test_birth_support import lodged
from tests.journeys.test_group_dates import BIRTH, answered, asked, supported
from tests.journeys.test_standing_still import down, let_go, suspended

HOURS = ("08:00", "10:00", "14:00", "16:00")
MOMENTS = [f"2026-{day} {hour}" for day in ("11-25", "11-26", "11-27", "11-30", "12-01", "12-02") for hour in HOURS]


@dataclass
class Scene:
    """A group, the part to which things happen, and what can."""

    town: Town
    group: File
    part: File

    def __post_init__(self) -> None:
        self.acts: dict[str, Callable[[], None]] = {
            "suspend group": lambda: suspended(self.group),
            "let go group": lambda: let_go(self.group),
            "suspend part": lambda: suspended(self.part),
            "let go part": lambda: let_go(self.part),
            "ask": lambda: asked(self.town, self.part, late_reason="Mới phát hiện"),
            "answer": lambda: answered(self.town, self.part),
            "apologise": self.apologise,
            "fault": self.fault,
            "verify": self.verify,
            "confirmed": self.confirmed,
        }

    def apologise(self) -> None:
        self.part.say("Xin lỗi và hẹn lại (Mẫu 04)", by="chuyenvien")
        self.part.by("chuyenvien", "Soạn văn bản xin lỗi, hẹn lại", reason="Chờ kết quả xác minh", new_due_on="2026-12-09")
        self.part.by("lanhdao", "Duyệt gia hạn", extension_approval="approve")

    def fault(self) -> None:
        """The part's system was down since the act before the last."""
        now = self.town.clock.at.strftime("%Y-%m-%d %H:%M")
        began, ended = (MOMENTS[MOMENTS.index(now) - back].replace(" ", "T") for back in (2, 0))
        down(self.town, began, ended, self.part.row.procedure_code)

    def verify(self) -> None:
        self.part.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", **GOOD | {"examination_outcome": "verify", "marriage_lookup": "missing"})

    def confirmed(self) -> None:
        self.group.by("tiepnhan", "Ghi nhận xác nhận qua VNeID")

    def goes(self, *story: str) -> tuple[str, ...]:
        """What was done; after each act all is right."""
        done: list[str] = []
        for moment, act in zip(MOMENTS[2:], story, strict=False):
            self.town.at(moment)
            self.acts[act]()
            for one in (self.group, self.part):
                one.settle()
            with self.town.house.sessions() as session:
                self.is_right(session, f"{act} at {moment}")
            assert agrees(self.group)
            assert agrees(self.part)
            done.append(act)
        return tuple(done)

    def is_right(self, session: Session, when: str) -> None:
        group = session.get_one(Dossier, self.group.row.id)
        parts = children.of(session, group.id)
        stands = pauses(session, group)
        for part in (one for one in parts if one.ended_at is None):
            its = {(part.id, rule) for _, rule in pauses(session, part)}
            its |= {(part.id, "T07")} if part.status == "awaiting_supplement" else set()
            assert {one for one in stands if one[0] == part.id} == its, when
            if part.due_at and group.due_at and group.due_at >= self.town.clock.now():
                assert group.due_at >= part.due_at, when
        assert (group.due_at is None) == bool(stands), when
        for one in (group, *parts):
            is_partition(session, one, when)


def pauses(session: Session, dossier: Dossier) -> set[tuple[object, str]]:
    """What a clock stands still by: the part, if for one, and the rule."""
    return {(one.about, one.rule) for one in session.scalars(select(Pause).filter_by(dossier_id=dossier.id, ended_at=None))}


def is_partition(session: Session, dossier: Dossier, when: str) -> None:
    runs = session.scalars(select(Deadline).filter_by(dossier_id=dossier.id).order_by(*steps.IN_TURN)).all()
    found = clock.intervals(runs, clock.halts(session, dossier, clock.rules_of(dossier)))
    assert all(one.end == after.start for one, after in pairwise(found)), when
    assert all(one.start < one.end for one in found if one.end), when
    if found:
        assert (found[0].start, found[-1].end) == (runs[0].runs_from, runs[-1].stopped_at), when


@pytest.mark.parametrize(
    "story",
    [
        "suspend group, suspend part, let go group, let go part, suspend group, suspend part, let go part, let go group",
        "suspend part, suspend group, let go part, let go group, suspend part, suspend group, let go group, let go part",
        "ask, suspend group, answer, let go group, suspend part, fault, let go part, fault",
        "ask, suspend group, let go group, answer, suspend group, fault, let go group",
        "suspend group, ask, answer, let go group, apologise, fault",
        "suspend group, ask, fault, let go group, answer, apologise, suspend part, let go part",
        "apologise, suspend group, suspend part, let go group, fault, let go part",
        "apologise, ask, suspend group, fault, answer, let go group",
    ],
)
def test_a_group_of_a_death_and_its_part_of_funeral_support(town: Town, story: str) -> None:
    acts = tuple(story.split(", "))
    assert Scene(town, *supported(town)).goes(*acts) == acts


@pytest.mark.parametrize(
    "story",
    [
        "verify, suspend group, suspend part, let go group, let go part, fault",
        "suspend group, verify, let go group, suspend part, fault, let go part",
    ],
)
def test_a_group_of_a_birth_that_must_be_verified(town: Town, story: str) -> None:
    file = town.lodge_online(BIRTH, NO_CARD)
    file.accept()
    birth = child(town, file, "birth")
    birth.say("Xác nhận đã nhận", by="chuyenvien")
    acts = tuple(story.split(", "))
    assert Scene(town, file, birth).goes(*acts) == acts


@pytest.mark.parametrize(
    "story",
    [
        "suspend part, confirmed, let go part, fault",
        "suspend part, suspend group, let go group, confirmed, let go part",
        "suspend group, suspend part, let go part, let go group, confirmed",
    ],
)
def test_a_group_of_a_birth_while_others_confirm(town: Town, story: str) -> None:
    file = lodged(town, residence_case="with_grandparents")
    file.settle()
    acts = tuple(story.split(", "))
    assert Scene(town, file, child(town, file, "birth_support")).goes(*acts) == acts
