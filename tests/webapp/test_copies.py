"""Art. 5, 19(2), 22: a scan that was compared with its original is offered the next time; a request for what is held needs a reason."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from engine.documents import files
from engine.documents.checklist import Judgement
from engine.documents.files import Received
from engine.documents.models import Component, DocumentFile
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers import copying, describing, reuse, warehouse
from engine.dossiers.copying import CopyEnded, CopyNotSought, DescriptionLacking, NotCompared, OwnerElsewhere
from engine.dossiers.describing import Description
from engine.dossiers.models import Dossier
from engine.ledger.models import LedgerEvent
from tests.journeys.clerk import Town
from tests.journeys.pages import Page
from tests.webapp.test_reuse import ACCEPT, CODE, OWNER, PAPER, decide, hold, lodged, looks  # noqa: F401  fixtures
from webapp.demo.walk import Policy

TYPE, KEEP = "KQ.G15.000034", "Lưu vào kho"
WHOLE = Description(
    type_code="KS04", owner_id=OWNER, name="Trích lục khai tử", summary="Khai tử của chủ hộ", issuer="UBND xã Mường Chanh",
    issued_on=date(2026, 5, 4), valid_from=date(2026, 5, 4), unlimited=True, scope="Toàn quốc",
)  # fmt: skip


@pytest.fixture
def scanned(ward):
    """A dossier with a scan of the paper, of which all or something else was entered."""

    def scanned(said: Description | None = WHOLE, component: str = PAPER):
        one = lodged(ward)
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            files.attach(uow, one.dossier_id, component, Received("d" * 64, "trich-luc.pdf", "application/pdf", 9))
        with ward.sessions() as session:
            file = session.scalars(select(DocumentFile).filter_by(dossier_id=one.dossier_id)).one()
        if said:
            with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
                describing.describe(uow, file.id, said)
        return one, file

    return scanned


@pytest.fixture
def kept(ward, scanned):
    one, file = scanned()
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        return one, copying.keep(uow, file.id, TYPE, "61/2026", compared=True)


def paper(ward, paper_id):
    with ward.sessions() as session:
        return session.get_one(WarehousePaper, paper_id)


class TestKept:
    def test_from_the_page_of_the_scan_with_the_number_of_the_original(self, town: Town, ward, scanned):
        one, file = scanned()
        address = f"/dossiers/{one.reference}/files/{file.id}/metadata"
        page = town.clerk("tiepnhan.hacthanh").open(address)
        unsaid = page.press(KEEP, number="61/2026")
        assert (unsaid.status, "đã đối chiếu với bản chính" in unsaid.said) == (422, True)
        assert unsaid.form(KEEP).control("number")[0].value == "61/2026"
        done = unsaid.press(KEEP, compared="yes")

        assert "lần sau giấy này được dùng lại" in done.said
        assert "đã đối chiếu với bản chính số 61/2026" in done.words
        assert not done.offers(KEEP)
        with ward.sessions() as session:
            row = session.scalars(select(WarehousePaper)).one()
            told = session.scalars(select(LedgerEvent).filter_by(stream_id=one.dossier_id, type="warehouse.copied")).one()
        assert (row.owner_id, row.origin, row.issuer, row.valid_to, row.file_id) == (OWNER, "copy", "UBND xã Mường Chanh", None, file.id)
        assert (told.payload["paper_id"], told.payload["component"]) == (str(row.id), PAPER)

    def test_the_same_scan_again_is_the_same_paper(self, ward, scanned):
        _, file = scanned()
        made = set()
        for _ in range(2):
            with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
                made.add(copying.keep(uow, file.id, TYPE, "61/2026", compared=True))

        assert len(made) == 1

    @pytest.mark.parametrize(
        ("said", "type_code", "number", "compared", "refusal"),
        [
            (WHOLE, TYPE, "61/2026", False, NotCompared),
            (WHOLE, TYPE, " ", True, NotCompared),
            (WHOLE, "KQ.G99", "61/2026", True, CopyNotSought),
            (None, TYPE, "61/2026", True, DescriptionLacking),
            (replace(WHOLE, scope=None), TYPE, "61/2026", True, DescriptionLacking),
            (replace(WHOLE, owner_id="001099999999"), TYPE, "61/2026", True, OwnerElsewhere),
            (replace(WHOLE, unlimited=False, valid_to=date(2026, 11, 22)), TYPE, "61/2026", True, CopyEnded),
        ],
    )
    def test_what_nobody_may_rely_on_is_not_kept(self, ward, scanned, said, type_code, number, compared, refusal):
        _, file = scanned(said)

        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow, pytest.raises(refusal):
            copying.keep(uow, file.id, type_code, number, compared=compared)

    def test_a_paper_that_no_procedure_looks_for_is_not_offered_to_be_kept(self, town: Town, scanned):
        one, file = scanned(component="declaration")
        page = town.clerk("tiepnhan.hacthanh").open(f"/dossiers/{one.reference}/files/{file.id}/metadata")

        assert not page.offers(KEEP)


class TestOffered:
    def test_the_next_dossier_of_the_same_person_needs_no_paper_and_it_is_counted(self, ward, kept):
        _, paper_id = kept
        again = lodged(ward)
        decide(ward, again, **{PAPER: Judgement("ok", "warehouse", paper_id=paper_id)})

        with ward.sessions() as session:
            assert reuse.month(session, ward.clock.today()).reused == 1
            file = session.scalars(select(DocumentFile).filter_by(dossier_id=again.dossier_id)).one()
            assert copying.codes(session, session.get_one(Dossier, again.dossier_id), file) == (), "it lies there already"
        assert (file.name, file.sha256) == ("Trích lục khai tử 61-2026.pdf", "d" * 64)

    def test_a_result_that_is_replaced_takes_no_copy_with_it(self, ward, kept):
        one, paper_id = kept
        with ward.act(ward.officer("lanhdao.hacthanh")) as uow:
            warehouse.end(uow, one.dossier_id, "replaced", "62/2026")

        assert paper(ward, paper_id).state == "valid"
        with ward.sessions() as session:
            assert list(warehouse.of_dossier(session, one.dossier_id)) == [], "it is no result of that dossier"

    def test_revoked_with_a_reason_it_is_offered_no_more(self, ward, kept):
        _, paper_id = kept
        with ward.act(ward.officer("lanhdao.hacthanh")) as uow:
            warehouse.revoke(uow, paper_id, "Bản chính bị hủy")

        assert paper(ward, paper_id).state == "revoked"
        again = lodged(ward)
        with ward.sessions() as session:
            dossier = session.get_one(Dossier, again.dossier_id)
            assert not any(reuse.of_dossier(session, dossier, [PAPER], ward.clock.today()).values())


class TestASupplement:
    """Art. 5: what is held already is not asked for again after acceptance either."""

    @pytest.fixture
    def asking(self, town: Town, ward, hold):  # noqa: F811
        """The specialist wants the paper; meanwhile the warehouse holds it; reception is to send the request."""
        one = lodged(ward)
        with ward.sessions() as session:
            name = session.scalars(select(Component.name).filter_by(dossier_id=one.dossier_id, key=PAPER)).one()
        wanted = {"examination_outcome": "supplement", "supplement_items": [{"what": name, "why": "Bản nộp mờ"}]}
        ward.walk(one, Policy({"examine_claim": [wanted]}, rest_at=("send_request",)))
        paper_id = hold()

        def asking() -> Page:
            return town.clerk("tiepnhan.hacthanh").task(ward.dossier(one).code, "Gửi phiếu yêu cầu bổ sung")

        return one, paper_id, asking

    def test_asked_for_without_a_reason_it_is_refused_and_the_page_shows_what_is_held(self, ward, asking):
        one, _, page = asking
        shown = page()
        assert "Đã có trong kho, không yêu cầu nộp lại" in shown.words
        refused = shown.press("Hoàn thành bước")

        assert (refused.status, "đã có «Trích lục khai tử» số 61/2026" in refused.said) == (422, True)
        assert ward.task(one).step_id == "send_request"

    def test_with_a_reason_it_is_asked_for_and_counted(self, ward, asking, looks):  # noqa: F811
        one, _, page = asking
        done = page().press("Hoàn thành bước", **{f"still:{PAPER}": "Bản trong kho sai ngày mất"})

        assert done.path == "/inbox", done.said
        assert (PAPER, "found", "Bản trong kho sai ngày mất") in looks(one.dossier_id)
        assert ward.dossier(one).status == "awaiting_supplement"
        with ward.sessions() as session:
            assert reuse.month(session, ward.clock.today()).anyway == 1
