"""Every act takes the key of the page that sent it: sent again it has no second effect, with other contents it is refused."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from engine.base.actor import APPLICANT, Actor
from engine.base.errors import SentOtherwise
from engine.base.uow import UnitOfWork
from engine.documents.files import Received
from engine.dossiers import course, tasks
from engine.dossiers.intake import Lodged, LodgedOtherwise
from engine.dossiers.models import Task
from engine.ledger.read import history
from tests.factories.desk import Ward, example
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

SUPPLEMENT = {"check_dossier": [{"reception_outcome": "supplement", "supplement_items": [{"what": "Bản vẽ", "why": "Thiếu"}]}]}
PAPER = Received("a" * 64, "don.pdf", "application/pdf", 100)


@dataclass(frozen=True)
class Sent:
    """One act: where the dossier stands, who acts, what is sent, and the same act with something else in it."""

    code: str
    policy: Policy
    by: str | Actor
    send: Callable[[UnitOfWork, Lodged, uuid.UUID], Any]
    #: None: nothing comes with it.
    otherwise: Callable[[UnitOfWork, Lodged, uuid.UUID], Any] | None = None
    channel: str = "in_person"


def _task(uow: UnitOfWork, lodged: Lodged, step: str) -> Task:
    return uow.session.scalars(select(Task).filter_by(dossier_id=lodged.dossier_id, step_id=step)).one()


def _complete(ground: str) -> Callable[[UnitOfWork, Lodged, uuid.UUID], Any]:
    answers = {"reception_outcome": "refuse", "refusal_ground": ground, "refusal_text": "Không thuộc phạm vi."}
    return lambda uow, one, key: tasks.complete(uow, _task(uow, one, "check_dossier").id, answers, seen=1, key=key)


def _reassign(reason: str) -> Callable[[UnitOfWork, Lodged, uuid.UUID], Any]:
    def send(uow: UnitOfWork, one: Lodged, key: uuid.UUID) -> Any:
        task = _task(uow, one, "search_book")
        to = tasks.candidates(uow, task.id)[0].id if task.assignee_id is None else task.assignee_id
        return tasks.reassign(uow, task.id, to, reason=reason, seen=1, key=key)

    return send


OPEN = Policy(rest_at=("search_book",))
ACTS = {
    "complete": Sent("2.000908", Policy(acts=0), "tiepnhan.hacthanh", _complete("wrong_subject"), _complete("other")),
    "reassign": Sent("2.000908", OPEN, "lanhdao.hacthanh", _reassign("Đi họp."), _reassign("Nghỉ phép.")),
    "withdraw": Sent(
        "2.000908", OPEN, "tiepnhan.hacthanh",
        lambda uow, one, key: course.withdraw(uow, one.dossier_id, "Nộp nhầm.", key=key),
        lambda uow, one, key: course.withdraw(uow, one.dossier_id, "Chuyển đi.", key=key),
    ),
    "stop": Sent(
        "2.000908", OPEN, "lanhdao.hacthanh",
        lambda uow, one, key: course.stop(uow, one.dossier_id, "Theo yêu cầu.", ground="other", key=key),
        lambda uow, one, key: course.stop(uow, one.dossier_id, "Theo yêu cầu.", ground="sector_law", key=key),
    ),
    "extend": Sent("2.000908", OPEN, "chuyenvien.hacthanh", lambda uow, one, key: course.extend(uow, one.dossier_id, key=key)),
    "correct": Sent("2.000908", Policy(), "traketqua.hacthanh", lambda uow, one, key: course.correct(uow, one.dossier_id, key=key)),
    "resubmit": Sent(
        "2.000908", Policy(SUPPLEMENT, acts=1), APPLICANT,
        lambda uow, one, key: course.resubmit(uow, one.dossier_id, "Tôi nộp.", [("asked_1_1", PAPER)], key=key),
        lambda uow, one, key: course.resubmit(uow, one.dossier_id, "Tôi nộp.", key=key),
    ),
    "confirm": Sent(
        "1.001193", Policy(rest_at=("preview_silent", "preview_confirmed")), APPLICANT,
        lambda uow, one, key: course.confirm_preview(uow, one.dossier_id, ok=True, key=key),
        lambda uow, one, key: course.confirm_preview(uow, one.dossier_id, ok=False, key=key),
        channel="online",
    ),
    "pay": Sent(
        "2.000635", Policy(rest_at=("take_payment",)), "thuphi.hacthanh",
        lambda uow, one, key: course.settle_payment(uow, one.dossier_id, way="transfer", key=key),
        lambda uow, one, key: course.settle_payment(uow, one.dossier_id, way="online", key=key),
    ),
    "answer": Sent(
        "1.013225",
        Policy({"plan_consultation": [{"consultation_needed_flag": True}]}, rest_at=("assess_dossier",)),
        "chuyenvien.tuphap",
        lambda uow, one, key: course.answer_consultation(uow, one.dossier_id, "Thống nhất.", key=key),
        lambda uow, one, key: course.answer_consultation(uow, one.dossier_id, "Không thống nhất.", key=key),
    ),
}  # fmt: skip


def story(ward: Ward, lodged: Lodged) -> list[str]:
    with ward.sessions() as session:
        return [one.type for one in history(session, lodged.dossier_id)]


@dataclass(frozen=True)
class Twice:
    """What came of an act that was sent, sent again under its key, and sent under it with something else in it."""

    told: bool
    told_the_same: bool
    told_again: bool
    #: None: nothing comes with it.
    refused: bool | None


ONCE = Twice(told=True, told_the_same=True, told_again=False, refused=True)


def sent_twice(ward: Ward, lodged: Lodged, sent: Sent) -> Twice:
    actor, key = ward.officer(sent.by) if isinstance(sent.by, str) else sent.by, uuid.uuid4()
    before = story(ward, lodged)
    with ward.act(actor) as uow:
        first = sent.send(uow, lodged, key)
    done = story(ward, lodged)
    with ward.act(actor) as uow:
        second = sent.send(uow, lodged, key)
    refused = None
    if sent.otherwise:
        try:
            with ward.act(actor) as uow:
                sent.otherwise(uow, lodged, key)
            refused = False
        except SentOtherwise:
            refused = True
    return Twice(done != before, second == first, story(ward, lodged) != done, refused)


@pytest.mark.parametrize("name", ACTS)
def test_sent_twice_it_is_done_once_and_with_other_contents_refused(ward, name):
    sent = ACTS[name]
    lodged = ward.lodge(sent.code, channel=sent.channel)
    ward.walk(lodged, sent.policy)

    assert sent_twice(ward, lodged, sent) == replace(ONCE, refused=True if sent.otherwise else None)


@pytest.mark.parametrize("received", [True, False])
def test_so_is_the_word_of_the_office_to_which_a_dossier_came(ward, received):
    lodged = ward.lodge_elsewhere("2.000908", answers=example("2.000908")["answers"] | {"result_delivery": "counter"})
    ward.walk(lodged, Policy(rest_at=("transfer_acknowledged",)))

    def acknowledge(note: str) -> Callable[[UnitOfWork, Lodged, uuid.UUID], Any]:
        return lambda uow, one, key: course.acknowledge_transfer(uow, one.dossier_id, received=received, note=note, key=key)

    sent = Sent("", Policy(), "chuyenvien.hacthanh", acknowledge("Đủ."), acknowledge("Thiếu một tờ."))
    assert sent_twice(ward, lodged, sent) == ONCE


@pytest.mark.parametrize("delivered", [True, False])
def test_and_the_word_of_the_post(ward, delivered):
    home = {"country": "VN", "province": "38", "commune": "14797", "detail": "12 ngõ 4 đường Sông Hạc"}
    answers = example("2.000908")["answers"] | {"result_delivery": "post", "delivery_address": home, "e_copy": False}
    lodged = ward.lodge("2.000908", answers=answers, channel="in_person")
    ward.walk(lodged, Policy(rest_at=("delivery_confirmed", "delivery_failed")))

    def report(*, what: bool) -> Callable[[UnitOfWork, Lodged, uuid.UUID], Any]:
        return lambda uow, one, key: course.confirm_delivery(uow, one.dossier_id, delivered=what, key=key)

    sent = Sent("", Policy(), "traketqua.hacthanh", report(what=delivered), report(what=not delivered))
    assert sent_twice(ward, lodged, sent) == ONCE


def test_an_act_of_long_ago_is_not_done_again_after_a_later_one_of_its_kind(ward):
    """A page that a telephone opens again after days sends itself again."""
    lodged, officer, first = ward.lodge("2.000908"), "traketqua.hacthanh", uuid.uuid4()
    for key in (first, uuid.uuid4()):
        ward.walk(lodged)
        with ward.act(ward.officer(officer)) as uow:
            course.correct(uow, lodged.dossier_id, key=key)
    ward.walk(lodged)
    done = story(ward, lodged)

    with ward.act(ward.officer(officer)) as uow:
        course.correct(uow, lodged.dossier_id, key=first)
    assert story(ward, lodged) == done


@pytest.mark.parametrize("again", [(), (("kinship", PAPER),), (("id_paper", PAPER),)])
def test_a_page_that_lodged_is_refused_with_other_papers(ward, again):
    papers, key = [("id_paper", Received("b" * 64, "cccd.pdf", "application/pdf", 100))], uuid.uuid4()
    lodged = ward.lodge("2.000908", key=key, papers=papers)
    done = story(ward, lodged)
    assert done.count("paper.stored") == 1

    assert ward.lodge("2.000908", key=key, papers=papers) == lodged
    with pytest.raises(LodgedOtherwise):
        ward.lodge("2.000908", key=key, papers=again)
    assert story(ward, lodged) == done


def test_a_page_that_lodged_is_refused_with_another_claim_to_pay_less(ward):
    key, facts = uuid.uuid4(), dict(ward.lodging("1.004222").facts)
    claim = {"fee_classes": ["disabled"], "fee_proofs": {"disabled": "Giấy xác nhận khuyết tật số 12"}}
    lodged = ward.lodge("1.004222", key=key, facts=facts)

    assert ward.lodge("1.004222", key=key, facts=facts) == lodged
    with pytest.raises(LodgedOtherwise):
        ward.lodge("1.004222", key=key, facts=facts | claim)
