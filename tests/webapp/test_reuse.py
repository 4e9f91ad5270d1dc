"""Art. 5, 17(1): what the owner's warehouse holds is offered first, and asked for only with a reason that is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.base.errors import DomainError
from engine.documents.checklist import Judgement, SourceNotAllowed, sources
from engine.documents.models import Component, DocumentFile
from engine.documents.warehouse_models import WarehouseLookup, WarehousePaper
from engine.dossiers import course, reuse, tasks
from engine.dossiers.models import Dossier
from engine.ledger.models import LedgerEvent
from tests.factories.desk import example
from tests.journeys.clerk import declared, judge
from tests.journeys.pages import Page

CODE, PAPER, ACCEPT = "1.014028", "death_extract", "Tiếp nhận và in giấy hẹn"
OWNER = example(CODE)["answers"]["deceased"]["personal_id"]


@pytest.fixture
def hold(ward):
    """A death certificate of the deceased, unless changed."""

    def hold(**changes):
        source = ward.lodge("2.000908")
        today = ward.clock.today()
        with ward.act(ward.officer("lanhdao.hacthanh")) as uow:
            dossier = uow.session.get_one(Dossier, source.dossier_id)
            row = WarehousePaper(
                **{
                    "owner_id": OWNER, "type_code": "KQ.G15.000034", "seq": 1, "name": "Trích lục khai tử", "number": "61/2026",
                    "issuer_id": dossier.competent_office_id, "dossier_id": dossier.id, "sha256": "c" * 64,
                    "media_type": "application/pdf", "size": 9, "valid_from": today, "valid_to": None, "state": "valid",
                    "stored_at": ward.clock.now(), "stored_by": uow.actor.officer_id,
                }
                | changes
            )  # fmt: skip
            uow.session.add(row)
            uow.session.flush()
            return row.id

    return hold


@pytest.fixture
def looks(ward):
    def looks(dossier_id=None):
        with ward.sessions() as session:
            rows = session.scalars(select(WarehouseLookup).filter_by(dossier_id=dossier_id).order_by(WarehouseLookup.at, WarehouseLookup.id))
            return [(one.component_key, one.outcome, one.reason) for one in rows]

    return looks


def lodged(ward):
    return ward.lodge(CODE, channel="in_person", facts={"lookup": {"identity": "found", "death": "missing"}, "fee_classes": []})


def decide(ward, lodged, outcome="accept", **judged):
    """Reception's check; what is not said is good and on paper."""
    task = ward.task(lodged)
    with ward.sessions() as session:
        lines = session.scalars(select(Component).filter_by(dossier_id=lodged.dossier_id, required=True)).all()
    given = {one.key: Judgement("ok", "paper") for one in lines} | judged
    answers = {"reception_outcome": outcome, "payment_way": "counter"}
    if outcome == "supplement":
        answers["supplement_items"] = [{"what": "Trích lục khai tử", "lack": "Thiếu", "why": "Cần", "how": "Nộp"}]
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        return tasks.complete(uow, task.id, answers, seen=task.revision, judgements=given)


def events(ward, dossier_id, kind):
    with ward.sessions() as session:
        return session.scalars(select(LedgerEvent).filter_by(stream_id=dossier_id, type=kind)).all()


class TestAtTheCounter:
    @pytest.fixture
    def form(self, town):
        def form():
            clerk, again = town.clerk("tiepnhan.hacthanh"), "Tính lại ngày, phí, giấy tờ"
            page = clerk._typed(clerk.open(f"/counter/{CODE}"), ACCEPT, declared(CODE), again).press(again).form(ACCEPT)
            judge(page, {})
            return page

        return form

    def test_it_is_offered_first_and_taken_without_a_file_and_counted_from_the_ledger(self, form, hold, ward, looks):
        paper_id = hold()
        page = form()
        assert page.control(f"reuse:{PAPER}")[0].value == str(paper_id)
        assert [outcome for _key, outcome, _reason in looks()].count("found") == 1, "one row for the page, however often it is drawn"
        done = page.press(ACCEPT)

        assert done.path.startswith("/dossiers/"), done.said
        assert "Trích lục khai tử 61-2026.pdf" in done.words
        with ward.sessions() as session:
            file = session.scalars(select(DocumentFile).filter_by(component_key=PAPER)).one()
            line = session.scalars(select(Component).filter_by(dossier_id=file.dossier_id, key=PAPER)).one()
            assert reuse.month(session, ward.clock.today()) == reuse.Month(reused=1, sought=1, anyway=0), "what is taken was looked for once"
        assert (file.warehouse_paper_id, file.sha256) == (paper_id, "c" * 64)
        assert (line.verdict, line.obtained_by) == ("ok", "warehouse")
        assert len(events(ward, file.dossier_id, "paper.reused")) == 1

    def test_asking_for_it_anyway_takes_a_reason(self, form, hold, ward):
        hold()
        page = form()
        page.fill({f"reuse:{PAPER}": ""})
        refused = page.press(ACCEPT)
        assert refused.status == 422
        assert "đã có «Trích lục khai tử» số 61/2026" in refused.said
        page = refused.form(ACCEPT)
        assert page.control(f"reuse:{PAPER}")[0].value == ""
        page.fill({f"anyway:{PAPER}": "Ngày mất trong bản ở kho sai"})
        done = page.press(ACCEPT)

        assert done.path.startswith("/dossiers/"), done.said
        with ward.sessions() as session:
            assert reuse.month(session, ward.clock.today()).anyway == 1
            (row,) = session.scalars(select(WarehouseLookup).where(WarehouseLookup.component_key == PAPER, WarehouseLookup.reason.is_not(None)))
        assert row.reason == "Ngày mất trong bản ở kho sai"
        (event,) = events(ward, row.dossier_id, "paper.searched")
        assert event.payload["outcome"] == "found"
        assert "sai" not in str(event.payload)

    @pytest.mark.parametrize(
        "changes",
        [{"owner_id": "001099999999"}, {"type_code": "KQ.G99"}, {"state": "revoked"}, {"kind": "refused"}, {"valid_to": "yesterday"}],
        ids=["of another", "of another type", "revoked", "a refusal", "past its last day"],
    )
    def test_what_may_not_take_its_place_is_not_offered(self, form, hold, ward, changes):
        if "valid_to" in changes:
            changes = {"valid_to": ward.clock.today() - timedelta(days=1)}
        hold(**changes)

        assert not form().there(f"reuse:{PAPER}")


def test_a_dossier_that_was_lodged_online_is_checked_with_what_is_held(ward, hold, login, looks):
    hold()
    one = lodged(ward)
    assert looks(one.dossier_id) == [(PAPER, "found", None)]
    page = Page.open(login("tiepnhan.hacthanh"), f"/tasks/{ward.task(one).id}")

    assert page.form("Hoàn thành bước").there(f"reuse:{PAPER}")


def test_where_nothing_is_held_the_look_that_allows_asking_is_kept(ward, looks):
    one = lodged(ward)
    decide(ward, one, "supplement", **{PAPER: Judgement("missing")})

    assert looks(one.dossier_id) == [(PAPER, "none", None)] * 2
    (event,) = events(ward, one.dossier_id, "paper.searched")
    assert event.payload == {"component": PAPER, "outcome": "none", "reason_digest": None}


@pytest.mark.parametrize(("newer", "seen"), [("KQ.G15.000021", 1), ("KQ.G15.000034", 20)], ids=["of another type", "of its own type"])
def test_an_owner_of_many_papers_is_still_offered_what_the_dossier_needs(ward, hold, newer, seen):
    """The 200 newest of all types hid the one that counted."""
    first = hold(valid_from=ward.clock.today() - timedelta(days=300))
    with ward.sessions() as session:
        kept = {name: value for name, value in vars(session.get_one(WarehousePaper, first)).items() if name not in ("id", "_sa_instance_state")}
    with ward.act() as uow:
        more = {"type_code": newer, "valid_from": ward.clock.today()}
        uow.session.add_all(WarehousePaper(**kept | more | {"seq": seq}) for seq in range(2, 203))
    one = lodged(ward)
    with ward.sessions() as session:
        held = reuse.of_dossier(session, session.get_one(Dossier, one.dossier_id), [PAPER], ward.clock.today())[PAPER]

    assert len(held) == seen
    with pytest.raises(reuse.HeldAlready):
        decide(ward, one, "supplement", **{PAPER: Judgement("missing")})


@pytest.mark.parametrize("verdict", [Judgement("missing"), Judgement("ok", "paper"), Judgement("ok", "scan")])
def test_neither_asked_for_nor_taken_from_the_applicant_without_a_reason(ward, hold, verdict):
    hold()
    with pytest.raises(reuse.HeldAlready):
        decide(ward, lodged(ward), "supplement" if verdict.verdict == "missing" else "accept", **{PAPER: verdict})


def test_in_the_check_after_a_supplement_the_reason_is_not_asked_for_again_nor_counted_twice(ward, hold):
    hold()
    one = lodged(ward)
    decide(ward, one, "supplement", **{PAPER: Judgement("missing", reason="Bản ở kho sai ngày mất")})
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        course.resubmit(uow, one.dossier_id, None)
    decide(ward, one)

    with ward.sessions() as session:
        assert reuse.month(session, ward.clock.today()).anyway == 1
    assert len(events(ward, one.dossier_id, "paper.searched")) == 1


def test_nobody_takes_a_paper_of_somebody_else_nor_says_warehouse_without_one(ward, hold):
    strange, one = hold(owner_id="001099999999"), lodged(ward)
    for verdict in (Judgement("ok", "warehouse", paper_id=strange), Judgement("ok", "warehouse")):
        with pytest.raises(reuse.PaperNotHeld):
            decide(ward, one, **{PAPER: verdict})


def test_a_source_that_the_component_does_not_name_is_refused(ward):
    assert sources(["civil_status", "warehouse"]) == ["paper", "scan", "lookup", "warehouse"]
    with pytest.raises(SourceNotAllowed) as refused:
        decide(ward, lodged(ward), **{PAPER: Judgement("ok", "vneid")})
    assert isinstance(refused.value, DomainError)


def test_online_the_citizen_says_so_and_is_not_told_what_anybody_holds(town, ward, hold):
    hold()
    citizen, lodge = town.citizen(), "Nộp hồ sơ"
    around = {"office_id": str(ward.office("Ủy ban nhân dân phường Hạc Thành"))}
    form = citizen._typed(citizen.open(f"/lodge/{CODE}"), lodge, declared(CODE) | around, lodge)
    assert "61/2026" not in form.page.words
    form.fill({f"reuse:{PAPER}": True})
    page = form.press(lodge)

    assert "Đã nộp hồ sơ" in page.said
    assert "61/2026" not in page.words
    with ward.sessions() as session:
        dossier = session.scalars(select(Dossier).filter_by(procedure_code=CODE)).one()
    assert dossier.facts["reuse"] == [PAPER]
