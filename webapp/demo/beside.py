"""What happens beside the steps of the demo's dossiers, so that no page of an officer has nothing to show.

At the end of the making, by the same commands as the pages: the tills are closed, lists go to the other side, money goes
back, a paper of the warehouse is used again, applicants change what they said, a visit is announced.
"""

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import aliased

from engine.base.actor import SYSTEM, Actor
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.uow import UnitOfWork, unit_of_work
from engine.calendar import working_time
from engine.calendar.opening import local
from engine.documents import files
from engine.documents.checklist import Judgement
from engine.documents.models import Component
from engine.dossiers import (
    amending,
    cashier,
    course,
    delegating,
    handover,
    intake,
    publicity,
    recalling,
    tasks,
    visiting,
    warehouse,
)
from engine.dossiers.intake import Lodging
from engine.dossiers.models import AnswerSet, Dossier, Task
from engine.org import directory
from engine.org.models import Office, OfficeKind, Posting
from engine.org.seed import CENTRE
from engine.payments import days
from engine.payments.models import CashDay, Receipt
from webapp.demo import scans
from webapp.demo.fill import fill
from webapp.demo.lives import Maker, declaration
from webapp.demo.walk import GOING_ON, Policy, Walker
from webapp.wiring import House

#: What lies in the drawer of a till in the morning, in dong.
CHANGE = 500_000
#: The last acts were done so long before now, in working time.
_AGO = timedelta(minutes=4)
_MORNING, _EVENING = time(7, 30), time(16, 45)


def open_tills(house: House) -> None:
    """Each cashier begins the last working day with change, before the first receipt of it is written."""
    at = _last_moment(house)
    clock = FrozenClock(min(at, datetime.combine(local(at).date(), _MORNING, VIETNAM)))
    for actor in _cashiers(house):
        with unit_of_work(house.sessions, actor, clock) as uow:
            for office_id in cashier.tills(actor):
                days.open_day(uow, office_id, CHANGE)


def happen(house: House) -> None:
    """All of it, in the order in which one needs the other."""
    close_tills(house)
    beside = Beside(house, _last_moment(house))
    beside.nobody_knows_who_decides()
    beside.money()
    beside.papers_travel()
    beside.a_paper_is_used_again()
    beside.steered()
    beside.posted()
    beside.decided_at_the_counter()


def close_tills(house: House) -> None:
    """The books of the days before were counted in the evening, and the money has gone to the budget."""
    today = local(_last_moment(house)).date()
    for actor in _cashiers(house):
        clock = FrozenClock(house.clock.now())
        with unit_of_work(house.sessions, actor, clock) as uow:
            old = select(CashDay).where(CashDay.cashier_id == actor.officer_id, CashDay.closed_at.is_(None), CashDay.day < today)
            for number, day in enumerate(uow.session.scalars(old.order_by(CashDay.day)).all(), start=1):
                clock.at = datetime.combine(day.day, _EVENING, VIETNAM)
                days.close(uow, day.id, days.book(uow.session, day.id).expected, deposit_no=f"GNT-{number:04}")


def _cashiers(house: House) -> list[Actor]:
    today = house.clock.today()
    with house.sessions() as session:
        sitting = session.scalars(select(Posting.officer_id).filter_by(lane="cashier").order_by(Posting.officer_id)).all()
        return [directory.actor_of(session, one, on=today) for one in sitting]


def _last_moment(house: House) -> datetime:
    return working_time.subtract(Maker.of(house).calendar, house.clock.now(), _AGO)


@dataclass(frozen=True)
class Beside:
    """The communes at the last moment of work before now."""

    house: House
    at: datetime

    @property
    def today(self) -> date:
        return local(self.at).date()

    def unit(self, actor: Actor) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(self.house.sessions, actor, FrozenClock(self.at))

    def officer(self, lane: str, office_id: uuid.UUID) -> Actor:
        """Whoever sits first in a lane of an office."""
        with self.house.sessions() as session:
            sitting = directory.officers_in(session, office_id, lane, on=self.today)
            return directory.actor_of(session, sitting[0].id, on=self.today)

    def lying(self, step: str, code: str | None = None) -> list[tuple[Task, Dossier]]:
        """Open tasks of a step in communes that have the dossier at their own counter, those of the first commune first."""
        counter, decides = aliased(Office), aliased(Office)
        asked = (
            select(Task, Dossier)
            .join(Dossier, Dossier.id == Task.dossier_id)
            .join(decides, decides.id == Dossier.competent_office_id)
            .join(counter, counter.id == Dossier.receiving_office_id)
            .where(Task.step_id == step, Task.done_at.is_(None), Dossier.parent_id.is_(None), counter.parent_id == decides.id)
            .order_by(decides.code, Task.opened_at, Task.id)
        )
        with self.house.sessions() as session:
            rows = session.execute(asked.where(Dossier.procedure_code == code) if code else asked).all()
            return [(task, dossier) for task, dossier in rows]

    def ended(self, code: str) -> list[Dossier]:
        """Dossiers whose result was granted and handed over, those of the first commune first."""
        asked = select(Dossier).filter_by(procedure_code=code, status="handed_over", result_kind="granted")
        asked = asked.join(Office, Office.id == Dossier.competent_office_id)
        with self.house.sessions() as session:
            return list(session.scalars(asked.order_by(Office.code, Dossier.ended_at.desc(), Dossier.id)))

    def walk(self, dossier_id: uuid.UUID, policy: Policy) -> None:
        clock = FrozenClock(self.at)
        Walker(lambda actor: unit_of_work(self.house.sessions, actor, clock), self.house.sessions, clock, until=self.at).walk(
            dossier_id, policy
        )

    def nobody_knows_who_decides(self) -> None:
        """Two came in online without an office: they lie at the counter of the province, whose head says who decides."""
        with self.house.sessions() as session:
            centre = session.scalars(select(Office.id).filter_by(code=CENTRE)).one()
        for number in range(2):
            answers, facts = declaration("2.000908", Random(number), self.today)  # noqa: S311  a demo
            lodging = Lodging(
                procedure_code="2.000908", channel="online", answers=answers, receiving_office_id=centre, resolve=True, facts=facts
            )
            with unit_of_work(self.house.sessions, SYSTEM, FrozenClock(self.at - timedelta(minutes=number))) as uow:
                intake.lodge(uow, lodging)

    def money(self) -> None:
        """Taken in cash and by card, one receipt written anew, one fee given back."""
        for (task, dossier), way in zip(self.lying("take_payment")[:2], ("card", "cash"), strict=False):
            with self.unit(self.officer("cashier", task.office_id)) as uow:
                cashier.take(uow, task.id, way=way, payer=dossier.applicant_name, seen=task.revision)
                uow.session.flush()
                [wrong, *_] = uow.session.scalars(select(Receipt).filter_by(dossier_id=dossier.id)).all()
                if way == "cash":
                    cashier.void(uow, wrong.id, "Ghi sai tên người nộp", payer="Nguyễn Thị Hạnh")
        for _task, dossier in self.lying("examine_request", "2.000635")[:1]:
            with self.unit(self.officer("reception", dossier.receiving_office_id)) as uow:
                course.withdraw(uow, dossier.id, "Tôi đã tìm thấy bản chính.")
            back = {"hand_back_papers": [{"refund_due": True}], "refund_fee": [{"amount": 8000, "method": "cash"}]}
            self.walk(dossier.id, Policy(back, pace=timedelta()))

    def papers_travel(self) -> None:
        """Papers wait for the word of the other side, a list with a gap was answered, results go to the counter."""
        with self.house.sessions() as session:
            communes = session.scalars(
                select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.id.in_(select(Posting.office_id))).order_by(Office.code)
            ).all()
            counters = {one.parent_id: one.id for one in session.scalars(select(Office).filter_by(kind=OfficeKind.CENTRE))}
        for number, commune in enumerate(communes[:2]):
            sent = self._send(self.officer("reception", counters[commune.id]), handover.PAPERS, 3)
            if sent and number == 1:
                said = dict.fromkeys(sent[1], ("received", "")) | {sent[1][0]: ("short", "Thiếu 01 bản sao căn cước")}
                with self.unit(self.officer("clerk", commune.id)) as uow:
                    handover.acknowledge(uow, sent[0], said)
        self._send(self.officer("clerk", communes[0].id), handover.RESULT, 2)

    def _send(self, actor: Actor, kind: str, most: int) -> tuple[uuid.UUID, list[uuid.UUID]] | None:
        """One list of what is soonest due; which, and what is on it."""
        with self.unit(actor) as uow:
            mine = [one for one in handover.ready(uow).rows if one.kind == kind and one.from_office.id in actor.offices]
            if not mine:
                return None
            batch, key = max(mine, key=lambda one: len(one.rows)), uuid.uuid4()
            chosen = [one.dossier_id for one in batch.rows[:most]]
            handover.send(uow, key, kind=kind, to_office_id=batch.to_office.id, dossier_ids=chosen, carrier=actor.name)
        return key, chosen

    def a_paper_is_used_again(self) -> None:
        """The electronic extract of a death is taken for one claim, and offered for another that nobody has looked at."""
        for source in self.ended("1.000656")[:1]:
            pdf, name = BytesIO(scans.page("Trích lục khai tử")), "trich-luc-khai-tu.pdf"
            received = files.receive(self.house.blobs, pdf, name=name, max_bytes=1 << 20, on=self.today)
            with self.unit(self.officer("clerk", source.competent_office_id)) as uow:
                paper_id = warehouse.store(uow, source.id, received)
                declared = select(AnswerSet.answers).filter_by(dossier_id=source.id, step_id="lodge")
                deceased = uow.session.scalars(declared.order_by(AnswerSet.given_at.desc()).limit(1)).one()["deceased"]
            counter = self.officer("reception", source.receiving_office_id)
            self._accept(self._claim(deceased, counter, 0), counter, paper_id)
            self._claim(deceased, counter, 1)

    def _claim(self, deceased: dict[str, Any], counter: Actor, number: int) -> uuid.UUID:
        """Support for the funeral, of which no database knows."""
        answers, facts = declaration("1.014028", Random(number), self.today)  # noqa: S311  a demo
        answers["deceased"] |= {key: deceased[key] for key in ("full_name", "personal_id", "sex", "birth_date")}
        lodging = Lodging(
            procedure_code="1.014028",
            channel="in_person",
            answers=answers,
            receiving_office_id=counter.offices[0],
            facts={**facts, "lookup": {**facts.get("lookup", {}), "death": "missing"}},
        )
        with self.unit(counter) as uow:
            return intake.lodge(uow, lodging).dossier_id

    def _accept(self, dossier_id: uuid.UUID, counter: Actor, paper_id: uuid.UUID) -> None:
        with self.house.sessions() as session:
            task = session.scalars(select(Task).filter_by(dossier_id=dossier_id, done_at=None, step_id="check_dossier")).one()
            rows = session.scalars(select(Component).filter_by(dossier_id=dossier_id)).all()
        judged = {one.key: Judgement("ok", "paper") if one.required else Judgement("not_needed") for one in rows}
        judged["death_extract"] = Judgement("ok", "warehouse", paper_id=paper_id)
        with self.unit(counter) as uow:
            form = tasks.form_of(uow, task.id)
            answers = fill(form.document, {}, form.context, going_on=GOING_ON, today=self.today.isoformat())
            tasks.complete(uow, task.id, answers, seen=task.revision, judgements=judged)

    def steered(self) -> None:
        """Changed by the applicant, taken back by its officer, asked to be put right, a visit announced."""
        for _task, dossier in self.lying("search_book", "2.000908")[:1]:
            with self.unit(self.officer("reception", dossier.receiving_office_id)) as uow:
                answers = {**amending.declared(uow, dossier.id).answers, "copies_count": 3}
                amending.amend(uow, dossier.id, answers, "Tôi cần thêm một bản để nộp hồ sơ xin việc.")
        for task, dossier in self.lying("sign_draft", "2.000635")[:1]:
            self._take_back(dossier.id, task.opened_at)
        for dossier in self.ended("2.000908")[:1]:
            with self.unit(self.officer("return", dossier.receiving_office_id)) as uow:
                course.correct(uow, dossier.id, "Ghi sai năm cấp: 2019, đúng là 2018.")
        third = working_time.nth_working_day(Maker.of(self.house).calendar, self.today, 3)
        visit = datetime.combine(third, time(8, 30), VIETNAM)
        for _task, dossier in self.lying("visit_site", "1.013225")[:1]:
            who = "Công chức địa chính, cán bộ xây dựng, chủ đầu tư"
            with self.unit(self.officer("specialist", dossier.competent_office_id)) as uow:
                visiting.announce(uow, dossier.id, visit, "Thửa đất đề nghị cấp phép", who)

    def _take_back(self, dossier_id: uuid.UUID, at: datetime) -> None:
        """The step that opened the next one at `at`."""
        with self.house.sessions() as session:
            last = session.scalars(select(Task).filter_by(dossier_id=dossier_id, done_how="completed", done_at=at)).one()
            actor = directory.actor_of(session, cast(uuid.UUID, last.done_by), on=self.today)
        with self.unit(actor) as uow:
            recalling.recall(uow, last.id, "Chuyển nhầm: còn một bản chưa in.")

    def posted(self) -> None:
        """Two allowances are posted publicly, and somebody says something to one."""
        period = {"posted_from": self.today.isoformat(), "posted_to": (self.today + timedelta(days=4)).isoformat()}
        lying = sorted(self.lying("examine_beneficiary", "1.001776"), key=lambda one: one[1].due_at or self.at, reverse=True)[:2]
        for _task, dossier in lying:
            answers = {"examine_beneficiary": [{"posting_required": True}], "post_list": [{**period, "place": "Nhà văn hóa tổ dân phố 5"}]}
            self.walk(dossier.id, Policy(answers, rest_at=("posting_period",), pace=timedelta()))
        for _task, dossier in lying[:1]:
            with self.unit(self.officer("reception", dossier.receiving_office_id)) as uow:
                publicity.object_to(uow, dossier.id, "Lê Văn Ba", "Gia đình này có người phụng dưỡng, đang có thu nhập.")

    def decided_at_the_counter(self) -> None:
        """The first commune lets its counter decide a small procedure."""
        for _task, dossier in self.lying("hand_over_result")[:1]:
            counter = self.officer("reception", dossier.receiving_office_id)
            with self.unit(self.officer("leader", dossier.competent_office_id)) as uow:
                delegating.grant(
                    uow,
                    office_id=dossier.competent_office_id,
                    officer_id=counter.officer_id,
                    procedure_code="1.000419",
                    since=self.today,
                    until=self.today + timedelta(days=180),
                    decision="15/QĐ-UBND",
                    may_sign=False,
                )
