"""What officers, applicants, neighbours, gateways and workers do to the dossiers of a town, each drawn out of one number.

A deed that finds nothing to do raises `NothingThere`; one that a rule forbids is refused by its command.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any

from engine.base.actor import APPLICANT, Actor
from engine.documents.checks import Seen
from engine.documents.files import Received
from engine.documents.models import Component
from engine.dossiers import (
    amending,
    authorising,
    coordination,
    course,
    intake,
    publicity,
    recalling,
    reporting,
    submitting,
    suspension,
    tasks,
    visiting,
)
from engine.dossiers.assisting import ASSISTED_FOR, Assistance
from engine.dossiers.channels import CHANNELS
from engine.dossiers.models import Consultation, Dossier, Task, Transfer, Wait
from engine.dossiers.people import Authority
from forms.schema import nodes_of, walk
from tests.engine.dossiers.town import Pick, Town
from tests.factories.desk import example
from webapp.demo.fill import TICKED
from webapp.demo.walk import GOING_ON, Policy

Deed = Callable[[Town, Pick], object]
DEEDS: dict[str, Deed] = {}

#: Fees, a delegation at the counter; offices are asked, a visit, an apology; a posting, money of others; a group.
CODES = ("2.000635", "1.013225", "2.000908", "1.001776", "3.000722", "1.013978", "1.001193", "2.002913")
REASON = "Theo đề nghị của người nộp hồ sơ."
SAMSON = "Ủy ban nhân dân phường Sầm Sơn"


def deed(do: Deed) -> Deed:
    DEEDS[do.__name__] = do
    return do


def paper(pick: Pick) -> Received:
    return Received(pick.of("abc") * 64, "giay.pdf", "application/pdf", 9, Seen(pages=1, dpi=200))


# ---- taken in ------------------------------------------------------------------------------------------------------


@deed
def lodge(town: Town, pick: Pick) -> None:
    code = pick.of(CODES)
    channel = pick.of((example(code)["lodging"]["channel"], *CHANNELS))
    match pick.of(("here", "elsewhere", "assisted", "from afar")):
        case "elsewhere":
            town.ward.lodge_elsewhere(code)
        case "assisted":
            town.ward.lodge(code, channel="online", assistance=Assistance(pick.of(ASSISTED_FOR), REASON))
        case "from afar":
            lodge_from_afar(town, code)
        case _:
            town.ward.lodge(code, channel=channel)


def lodge_from_afar(town: Town, code: str) -> None:
    """With no office named; where the declaration has no place nobody knows who decides."""
    centre = town.ward.office("Trung tâm Phục vụ hành chính công tỉnh Thanh Hóa")
    lodging = town.ward.lodging(code, channel="online", receiving_office_id=centre, competent_office_id=None, resolve=True)
    with town.act(APPLICANT) as uow:
        intake.lodge(uow, lodging)


@deed
def say_who_decides(town: Town, pick: Pick) -> None:
    dossier = pick.of(town.all(Dossier, Dossier.unresolved_at.is_not(None)))
    office = town.ward.office(pick.of(("Ủy ban nhân dân phường Hạc Thành", SAMSON)))
    with town.act() as uow:
        coordination.decide(uow, dossier.id, office, REASON)


# ---- along the diagram ---------------------------------------------------------------------------------------------


@deed
def go_on(town: Town, pick: Pick) -> None:
    """As everybody would who wants it done; where nothing is left to do, somebody comes with the next one."""
    open_ = town.all(Dossier, ended_at=None)
    if open_:
        town.walker.walk(pick.of(open_).id, Policy(acts=pick.of((2, 1, 5))))
    else:
        lodge(town, pick)


@deed
def complete(town: Town, pick: Pick) -> None:
    task = pick.of(town.all(Task, done_at=None))
    actor = _worker(town, pick, task)
    form = town.look_at(actor, lambda uow: tasks.form_of(uow, task.id))
    staff = [str(town.somebody(Pick(0), task.office_id, "specialist").officer_id)] if task.lane == "division_head" else []
    answers = town.walker._filled(form.document, _choices(form.document, pick), form.context, staff)
    with town.act(actor) as uow:
        judged = town.walker.judgements(uow, task, answers)
        tasks.complete(uow, task.id, answers, seen=task.revision, judgements=judged)


def _choices(document: Mapping[str, Any], pick: Pick) -> dict[str, Any]:
    """Where the form decides the way: any answer that it offers, the one that goes on first."""
    chosen = {}
    for node in walk(nodes_of(dict(document))):
        if node.path and node.properties.get("routes") == "true":
            if node.options:
                chosen[node.key] = pick.of(sorted(node.options, key=lambda one: one not in GOING_ON))
            elif node.type == "checkbox":
                chosen[node.key] = pick.of((node.key in TICKED, node.key not in TICKED))
    return chosen


def _worker(town: Town, pick: Pick, task: Task) -> Actor:
    return town.officer(task.assignee_id) if task.assignee_id else town.somebody(pick, task.office_id, task.lane)


@deed
def happen(town: Town, pick: Pick) -> None:
    """What any dossier waits for comes: a word, a service's answer, or the instant of a timer."""
    town.walker.happen(pick.of(town.all(Wait, closed_at=None)))


@deed
def answer_one_question(town: Town, pick: Pick) -> None:
    asked = pick.of(town.all(Consultation, closed_at=None))
    with town.act(town.somebody(pick, asked.office_id, "specialist", "division_head")) as uow:
        course.answer_consultation(uow, asked.dossier_id, "Thống nhất.")


@deed
def acknowledge_leg(town: Town, pick: Pick) -> None:
    leg = pick.of(town.all(Transfer, closed_at=None))
    with town.act(town.somebody(pick, leg.to_office_id, "specialist", "reception", "clerk")) as uow:
        course.acknowledge_transfer(uow, leg.dossier_id, received=pick.of((True, False)), note=pick.of((None, REASON)))


@deed
def hand_in(town: Town, pick: Pick) -> None:
    """What was asked for, with a file to its first line."""
    wait = pick.of(town.all(Wait, closed_at=None, subject="applicant_resubmitted"))
    found = town.look_at(APPLICANT, lambda uow: submitting.asked(uow, wait.dossier_id))
    answers = town.walker._filled(found.document, found.answers, found.context) if found else None
    lines = [one.key for one in town.all(Component, dossier_id=wait.dossier_id)]
    with town.act(APPLICANT) as uow:
        papers = [] if answers else [(pick.of(lines), paper(pick))] * pick.of((0, 1))
        course.resubmit(uow, wait.dossier_id, REASON, papers, answers=answers)


# ---- hands ---------------------------------------------------------------------------------------------------------


@deed
def claim(town: Town, pick: Pick) -> None:
    task = pick.of(town.all(Task, done_at=None))
    with town.act(town.somebody(pick, task.office_id, task.lane)) as uow:
        tasks.claim(uow, task.id, seen=task.revision)


@deed
def release(town: Town, pick: Pick) -> None:
    task = pick.of(town.all(Task, Task.assignee_id.is_not(None), done_at=None))
    with town.act(town.officer(task.assignee_id)) as uow:
        tasks.release(uow, task.id, seen=task.revision)


@deed
def reassign(town: Town, pick: Pick) -> None:
    task = pick.of(town.all(Task, done_at=None))
    head = town.somebody(pick, task.office_id, "division_head", "centre_head", "leader")
    to = pick.of(town.look_at(head, lambda uow: tasks.candidates(uow, task.id)))
    with town.act(head) as uow:
        tasks.reassign(uow, task.id, to.id, reason=REASON, seen=task.revision)


@deed
def recall(town: Town, pick: Pick) -> None:
    done = sorted(town.all(Task, done_how="completed"), key=lambda one: one.done_at, reverse=True)
    task = pick.of(done[:3])
    with town.act(town.officer(task.done_by)) as uow:
        recalling.recall(uow, task.id, REASON)


# ---- the applicant, and heads --------------------------------------------------------------------------------------


@deed
def withdraw(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    actor = APPLICANT if pick.of((True, False)) else town.somebody(pick, dossier.receiving_office_id, "reception")
    with town.act(actor) as uow:
        course.withdraw(uow, dossier.id, REASON)


@deed
def amend(town: Town, pick: Pick) -> None:
    """One word of the declaration is another."""
    change_declaration(town, town.dossier(pick), pick)


def change_declaration(town: Town, dossier: Dossier, pick: Pick) -> None:
    declared = town.look_at(APPLICANT, lambda uow: amending.declared(uow, dossier.id))
    answers = deepcopy(dict(declared.answers))
    more = pick.of((2, -2))
    place, key, value = pick.of([*_leaves(answers)])
    place[key] = value + more if isinstance(value, int) else f"{value} Sửa"
    with town.act(APPLICANT) as uow:
        amending.amend(uow, dossier.id, answers, REASON)


def _leaves(answers: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Place, key and value of all words and numbers, numbers first: copies and areas are what fees go by."""
    found = [*(answers.items() if isinstance(answers, dict) else enumerate(answers))]
    yield from ((answers, key, one) for key, one in found if isinstance(one, int) and not isinstance(one, bool))
    yield from ((answers, key, one) for key, one in found if isinstance(one, str))
    for _, one in found:
        if isinstance(one, dict | list):
            yield from _leaves(one)


@deed
def authorise(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    paper = Authority(name="Trần Văn Bình", personal_id="038080001234", number="7/UQ", scope=pick.of((("receive",), ("change", "withdraw"))))
    with town.act(town.somebody(pick, dossier.receiving_office_id, "reception", "return")) as uow:
        authorising.authorise(uow, dossier.id, paper)


@deed
def stop(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    with town.act(town.somebody(pick, dossier.competent_office_id, "leader")) as uow:
        course.stop(uow, dossier.id, REASON, ground=pick.of(course.STOP_GROUNDS))


@deed
def extend(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    with town.act(town.somebody(pick, dossier.competent_office_id, "specialist")) as uow:
        course.extend(uow, dossier.id)


@deed
def suspend(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    with town.act(town.somebody(pick, dossier.competent_office_id, "leader")) as uow:
        suspension.suspend(uow, dossier.id, "Điều 1 Luật ngành")


@deed
def unsuspend(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    with town.act(town.somebody(pick, dossier.competent_office_id, "leader")) as uow:
        suspension.unsuspend(uow, dossier.id)


@deed
def correct(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    with town.act(APPLICANT) as uow:
        course.correct(uow, dossier.id, "Sai ngày sinh.")


@deed
def doubt(town: Town, pick: Pick) -> None:
    """The office of a part finds the result wrong on which the part rests."""
    part = pick.of(town.all(Dossier, Dossier.parent_id.is_not(None)))
    with town.act(town.somebody(pick, part.competent_office_id, "specialist", "leader")) as uow:
        reporting.doubt(uow, part.id, "Sai họ tên.")


@deed
def report(town: Town, pick: Pick) -> None:
    """Police, social insurance: how a part stands with them."""
    part = pick.of(town.all(Dossier, Dossier.parent_id.is_not(None)))
    with town.act(town.somebody(pick, part.competent_office_id, "specialist", "leader")) as uow:
        reporting.report(uow, part.id, pick.of(("granted", "received", "refused")), "12/KQ")


@deed
def announce_visit(town: Town, pick: Pick) -> None:
    task = pick.of(town.all(Task, Task.step_id.in_(visiting.STEPS), done_at=None))
    with town.act(town.somebody(pick, task.office_id, "specialist")) as uow:
        visiting.announce(uow, task.dossier_id, town.clock.at + timedelta(days=1), "Số 4 Lê Lợi", "Hai cán bộ")


@deed
def object_to(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    with town.act(town.somebody(pick, dossier.receiving_office_id, "reception")) as uow:
        publicity.object_to(uow, dossier.id, "Nguyễn Văn Tư", "Không đồng ý.")
