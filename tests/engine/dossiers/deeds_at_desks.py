"""Money, papers, and what moves many dossiers at once: more of what `deeds` holds."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from engine.base.actor import APPLICANT, SYSTEM
from engine.base.ids import uuid7
from engine.base.ports import PaymentWord
from engine.calendar.changes import Day, Down
from engine.catalog.models import ProcedureVersion
from engine.documents import files
from engine.documents.models import Component, DocumentFile
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers import (
    cashier,
    describing,
    handover,
    moving,
    paying,
    printing,
    reassessing,
    recount,
    rerouting,
    scans,
    warehouse,
)
from engine.dossiers.handover_models import HandoverItem, HandoverList
from engine.dossiers.models import Dossier, Wait
from engine.org import changes
from engine.payments import days
from engine.payments.models import CashDay, Payment, PaymentRequest, Receipt
from tests.engine.dossiers.deeds import REASON, SAMSON, deed, paper
from tests.engine.dossiers.town import Pick, Town
from tests.factories.province import ROOT

WAYS = ("cash", "transfer")


# ---- money ---------------------------------------------------------------------------------------------------------


@deed
def exempt(town: Town, pick: Pick) -> None:
    """A paper shows later for whom less is owed."""
    dossier = town.dossier(pick)
    with town.sessions() as session:
        fees = session.get_one(ProcedureVersion, dossier.version_id).record["fees"]
    classes = sorted({one for fee in fees for one in fee.get("classes", ())})
    with town.act(town.somebody(pick, dossier.receiving_office_id, "cashier", "reception")) as uow:
        reassessing.exempt(uow, dossier.id, pick.of(classes), "Giấy chứng nhận 4/GCN")


@deed
def collect(town: Town, pick: Pick) -> None:
    _at_the_till(town, pick, cashier.collect)


@deed
def return_excess(town: Town, pick: Pick) -> None:
    _at_the_till(town, pick, partial(cashier.return_excess, account="0123456789"))


def _at_the_till(town: Town, pick: Pick, do: Callable[..., object]) -> None:
    dossier = town.dossier(pick)
    with town.act(town.somebody(pick, dossier.receiving_office_id, "cashier")) as uow:
        do(uow, dossier.id, way=pick.of(WAYS))


@deed
def void(town: Town, pick: Pick) -> None:
    receipt = pick.of(town.all(Receipt, voided_at=None))
    with town.act(town.somebody(pick, receipt.office_id, "cashier")) as uow:
        cashier.void(uow, receipt.id, REASON, way=pick.of(("", *WAYS)))


@deed
def pay_online(town: Town, pick: Pick) -> None:
    """The gateway tells of what was owed, of more, or of the same money again."""
    waits = town.all(Wait, closed_at=None, subject="payment_settled")
    if waits and pick.of((True, False)):
        with town.act(APPLICANT) as uow:
            paying.begin(uow, pick.of(waits).dossier_id, "keypay")
    asked = pick.of(town.all(PaymentRequest))
    amount = asked.amount + pick.of((0, 1000))
    with town.act(SYSTEM) as uow:
        paying.notified(uow, "keypay", PaymentWord(asked.reference, str(uuid7()), amount, town.clock.now()))


@deed
def send_back(town: Town, pick: Pick) -> None:
    surplus = pick.of(town.all(Payment, state="surplus"))
    office = town.all(Dossier, id=surplus.dossier_id)[0].receiving_office_id
    with town.act(town.somebody(pick, office, "cashier")) as uow:
        paying.send_back(uow, surplus.id)


@deed
def answer_of_the_gateway(town: Town, pick: Pick) -> None:
    returning = pick.of(town.all(Payment, state="returning"))
    with town.act(SYSTEM) as uow:
        if pick.of((True, False)):
            paying.sent_back(uow, returning.id, "HT-1")
        else:
            paying.retained(uow, returning.id, "Tài khoản đã đóng")


@deed
def open_book(town: Town, pick: Pick) -> None:
    office = town.dossier(pick).receiving_office_id
    with town.act(town.somebody(pick, office, "cashier")) as uow:
        days.open_day(uow, office, pick.of((0, 500_000)))


@deed
def close_book(town: Town, pick: Pick) -> None:
    day = pick.of(town.all(CashDay, closed_at=None))
    with town.act(town.officer(day.cashier_id)) as uow:
        days.close(uow, day.id, pick.of((0, 24_000)), reason=REASON, deposit_no="NS-1")


# ---- papers --------------------------------------------------------------------------------------------------------


@deed
def attach(town: Town, pick: Pick) -> None:
    line = pick.of(town.all(Component))
    with town.act(town.ward.officer("tiepnhan.hacthanh")) as uow:
        files.attach(uow, line.dossier_id, line.key, paper(pick))


@deed
def read_scan(town: Town, pick: Pick) -> None:
    scan = pick.of(town.all(DocumentFile))
    with town.act(SYSTEM) as uow:
        scans.read(uow, scan.id, pick.of("de") * 64)


@deed
def describe(town: Town, pick: Pick) -> None:
    scan = pick.of(town.all(DocumentFile))
    office = town.all(Dossier, id=scan.dossier_id)[0].receiving_office_id
    said = describing.Description(name="Giấy chứng sinh", issuer=pick.of((None, "Bệnh viện tỉnh")))
    with town.act(town.somebody(pick, office, "reception")) as uow:
        describing.describe(uow, scan.id, said)


@deed
def issue_paper(town: Town, pick: Pick) -> None:
    dossier = town.dossier(pick)
    with town.act(town.somebody(pick, dossier.receiving_office_id, "reception")) as uow:
        printing.issue(uow, dossier.id, pick.of(sorted(printing.ON_DEMAND)))


@deed
def store_result(town: Town, pick: Pick) -> None:
    dossier = pick.of(town.all(Dossier, Dossier.result_number.is_not(None)))
    with town.act(town.somebody(pick, dossier.competent_office_id, "clerk", "specialist")) as uow:
        warehouse.store(uow, dossier.id, paper(pick))


@deed
def revoke_result(town: Town, pick: Pick) -> None:
    paper = pick.of(town.all(WarehousePaper, state="valid"))
    office = town.all(Dossier, id=paper.dossier_id)[0].competent_office_id
    with town.act(town.somebody(pick, office, "leader")) as uow:
        warehouse.revoke(uow, paper.id, REASON)


@deed
def hand_over(town: Town, pick: Pick) -> None:
    """Papers to whoever decides, results to the counter: on a list, which the other side answers later."""
    dossier = town.dossier(pick)
    office = pick.of((dossier.receiving_office_id, dossier.competent_office_id))
    actor = town.somebody(pick, office, "reception", "clerk", "specialist")
    offered = town.look_at(actor, lambda uow: [(one.kind, one.to_office.id, [row.dossier_id for row in one.rows]) for one in handover.ready(uow).rows])
    kind, to, ids = pick.of(offered)
    with town.act(actor) as uow:
        handover.send(uow, uuid7(), kind=kind, to_office_id=to, dossier_ids=ids, carrier="Lê Văn An")


@deed
def acknowledge_list(town: Town, pick: Pick) -> None:
    sent = pick.of(town.all(HandoverList, closed_at=None))
    with town.sessions() as session:
        items = session.query(HandoverItem).filter_by(list_id=sent.id, closed_at=None).all()
    said = {one.dossier_id: (pick.of(("received", "short", "missing")), "Thiếu một bản sao") for one in items}
    with town.act(town.somebody(pick, sent.to_office_id, "specialist", "reception", "clerk", "return")) as uow:
        handover.acknowledge(uow, sent.id, said)


# ---- what moves many -----------------------------------------------------------------------------------------------


@deed
def pass_time(town: Town, pick: Pick) -> None:
    """Hours or weeks go by, and workers do what is due."""
    town.clock.at += pick.of((timedelta(days=25), timedelta(hours=2), timedelta(days=1), timedelta(days=4)))
    town.ring()


@deed
def change_calendar(town: Town, pick: Pick) -> None:
    day = (town.clock.at + timedelta(days=pick.of((1, 2, 3, 7)))).date()
    _count_anew(town, Day(day, "holiday", "Nghỉ bù", "", "Thông báo 9/TB"))


@deed
def be_down(town: Town, pick: Pick) -> None:
    now = town.clock.at
    _count_anew(town, Down("Cổng dịch vụ công", "Mất kết nối", "Điều 21", now - timedelta(hours=pick.of((2, 30))), now))


def _count_anew(town: Town, change: Any) -> None:
    with town.act(town.ward.officer("quantri")) as uow:
        recount.confirm(uow, change, uuid7())
    town.ring()


@deed
def move(town: Town, pick: Pick) -> None:
    """A version that was deployed again takes over a dossier that runs on the one before."""
    dossier = pick.of(town.all(Dossier, ended_at=None))
    if (ROOT / "bpmn" / dossier.procedure_code / "diagram.bpmn").exists():
        version = town.newer(dossier.procedure_code)
        with town.act(town.ward.officer("quantri")) as uow:
            moving.move(uow, dossier.id, version, {})


@deed
def merge_offices(town: Town, pick: Pick) -> None:
    """The ward becomes part of its neighbour; all that is open goes on there."""
    decision = {"kind": changes.MERGE, "name": "", "name_en": "", "decision": "99/NQ-HĐND"}
    old = town.ward.office("Ủy ban nhân dân phường Hạc Thành")
    with town.act(town.ward.officer("quantri")) as uow:
        drafted = changes.draft(uow, uuid7(), offices=[old], to=town.ward.office(SAMSON), effective_from=town.clock.today(), **decision)
    with town.act(town.ward.officer("quantri")) as uow:
        rerouting.apply(uow, drafted.id)
