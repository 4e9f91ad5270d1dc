"""Who decides: rows of authority by procedure, place and date; what they cannot say an officer does, and nothing is lost."""

import unicodedata
import uuid
from copy import deepcopy
from datetime import date

import pytest
from sqlalchemy import select, update

from engine.base.actor import APPLICANT
from engine.base.text import fold
from engine.catalog import browse
from engine.catalog.models import Procedure
from engine.dossiers import coordination, delegating, intake, tasks
from engine.dossiers.intake import Lodging
from engine.dossiers.models import Dossier
from engine.dossiers.offices import AuthorityOpen
from engine.org.authority_models import AuthorityRow
from engine.org.models import Office
from forms import places
from tests.factories.desk import example
from tests.journeys.pages import Page
from tests.webapp.test_portal import flat
from webapp.coordination import placing
from webapp.demo.walk import Policy

#: Its declaration has no address: no row, no office.
COPY = "2.000635"
#: Communes decide; its applicant says where they live.
ALLOWANCE = "1.001776"
SAMSON, HACTHANH, JUSTICE = "Ủy ban nhân dân phường Sầm Sơn", "Ủy ban nhân dân phường Hạc Thành", "Sở Tư pháp"
PROVINCE_CENTRE = "Trung tâm Phục vụ hành chính công tỉnh Thanh Hóa"
OVERLAP = "Hai dòng thẩm quyền chồng nhau"


@pytest.fixture
def admin(login):
    return login("quantri")


def place_of(ward, name):
    with ward.sessions() as session:
        return session.scalars(select(Office.place_code).filter_by(name=name)).one()


def entered(ward, admin, **changes):
    asked = {
        "key": str(uuid.uuid4()),
        "procedure": COPY,
        "office": str(ward.office(JUSTICE)),
        "basis": "Quyết định 10/QĐ-UBND",
        "effective_from": "2026-01-01",
    }
    return Page(admin, admin.post("/coordination/rows", data=asked | changes, follow_redirects=True))


def declared(ward, code, living_in=None):
    answers = deepcopy(example(code)["answers"])
    if living_in:
        answers["subject"]["permanent"]["commune"] = place_of(ward, living_in)
    return answers


def lodged_online(ward, code=COPY, living_in=None, key=None):
    """As from the portal, with no office named."""
    lodging = Lodging(
        procedure_code=code,
        channel="online",
        answers=declared(ward, code, living_in),
        receiving_office_id=ward.office(PROVINCE_CENTRE),
        resolve=True,
        key=key,
    )
    with ward.act(APPLICANT) as uow:
        return intake.lodge(uow, lodging)


class TestARowSaysWhoDecides:
    """Decree 118/2025 art. 14: received anywhere, decided by whoever is competent."""

    def test_of_the_procedure_and_it_goes_to_that_office_s_counter(self, ward, admin):
        entered(ward, admin)
        lodged = lodged_online(ward)
        dossier = ward.dossier(lodged)

        assert (dossier.competent_office_id, dossier.unresolved_at) == (ward.office(JUSTICE), None)
        assert dossier.receiving_office_id == ward.office(PROVINCE_CENTRE)
        assert [one["row"] for one in ward.told(lodged, "authority.resolved")] == [str(dossier.authority_id)]
        assert ward.agrees(lodged)

    def test_the_nearer_place_and_the_procedure_go_before_the_wider_and_the_field(self, ward, admin):
        with ward.sessions() as session:
            field = session.get_one(Procedure, ALLOWANCE).field
        home, living = place_of(ward, SAMSON), {"living_in": SAMSON}
        entered(ward, admin, procedure="", field=field, office=str(ward.office("Sở Nội vụ")))
        assert ward.dossier(lodged_online(ward, ALLOWANCE, **living)).competent_office_id == ward.office("Sở Nội vụ")
        entered(ward, admin, procedure=ALLOWANCE, office=str(ward.office("Sở Y tế")))
        assert ward.dossier(lodged_online(ward, ALLOWANCE, **living)).competent_office_id == ward.office("Sở Y tế")
        entered(ward, admin, procedure=ALLOWANCE, place=home, office=str(ward.office(HACTHANH)))
        assert ward.dossier(lodged_online(ward, ALLOWANCE, **living)).competent_office_id == ward.office(HACTHANH)
        assert ward.dossier(lodged_online(ward, ALLOWANCE, HACTHANH)).competent_office_id == ward.office("Sở Y tế")

    @pytest.mark.parametrize("typed", ["Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh", "cap ban sao trich luc ho tich, ban sao giay khai sinh"])
    def test_a_procedure_named_in_words_is_known_by_its_name(self, ward, admin, typed):
        with ward.sessions() as session:
            assert fold(session.get_one(Procedure, COPY).name_vi) == fold(typed)
        assert entered(ward, admin, procedure=typed).said == "Đã ghi nhận."
        with ward.sessions() as session:
            assert session.scalars(select(AuthorityRow.procedure_code)).all() == [COPY]

    def test_to_know_it_the_whole_catalogue_is_not_read(self, ward, monkeypatch):
        read = []
        monkeypatch.setattr(browse, "fold", lambda text: read.append(text) or fold(text))
        with ward.sessions() as session:
            session.execute(update(Procedure).values(name_en=None))
            assert browse.code_of(session, "cap ban sao trich luc ho tich, ban sao giay khai sinh") == COPY
        assert len(read) == 2

    @pytest.mark.parametrize("typed", ["Phường Hạc Thành", "hac thanh", "Hạc Thành, Thanh Hóa", "phường Hạc Thành, tỉnh Thanh Hóa"])
    def test_a_place_named_in_words_is_known_by_its_name(self, ward, admin, typed):
        assert entered(ward, admin, place=typed).said == "Đã ghi nhận."
        with ward.sessions() as session:
            assert session.scalars(select(AuthorityRow.place_code)).all() == [place_of(ward, HACTHANH)]

    def test_a_name_that_several_places_have_is_refused_naming_each(self, ward, admin):
        refused = entered(ward, admin, place="Định Hòa")
        assert (refused.status, "Có nhiều nơi tên «Định Hòa»" in refused.said) == (422, True)
        assert "Xã Định Hòa, Thanh Hóa (" in refused.said
        assert entered(ward, admin, place="xã Định Hòa, Thanh Hóa").said == "Đã ghi nhận."
        assert entered(ward, admin, place="Thanh Hóa").said == "Đã ghi nhận.", "with diacritics, no «Thạnh Hòa»"
        assert "Không có lĩnh vực hay nơi nào là «Xứ Nẫu»" in entered(ward, admin, place="Xứ Nẫu").said

    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("Thanh Hoá", "Thanh Hóa"),
            ("tỉnh Thanh Hoá", "Thanh Hóa"),
            (unicodedata.normalize("NFD", "Tỉnh Thanh Hoá"), "Thanh Hóa"),
            ("Xã Định Hoà, Thanh Hoá", "Xã Định Hòa"),
            ("TP Huế", "Thành phố Huế"),
            ("TP.Huế", "Thành phố Huế"),
            ("tp. hue", "Thành phố Huế"),
            ("TP Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ],
    )
    def test_where_the_tone_stands_and_how_a_city_is_shortened_is_nobody_s_mistake(self, typed, name):
        code = placing.code_of(typed)
        assert (places.provinces() | places.all_communes())[code] == name

    def test_a_name_that_several_procedures_have_is_refused_with_their_codes(self, ward, admin):
        with ward.sessions.begin() as session:
            for code in (ALLOWANCE, COPY):
                row = session.get_one(Procedure, code)
                row.name_vi, row.search_name = "Trợ cấp mẫu", "tro cap mau"
        page = entered(ward, admin, procedure="Trợ cấp mẫu")
        assert (page.status, page.said) == (422, f"Ô mã thủ tục: có nhiều thủ tục tên «Trợ cấp mẫu» ({ALLOWANCE}, {COPY}). Hãy ghi mã.")

    @pytest.mark.parametrize("typed", [{"procedure": "9.999999"}, {"procedure": "", "field": "Lĩnh vực lạ"}, {"place": "99999"}])
    def test_a_row_about_nothing_that_there_is_is_refused_and_what_was_typed_stays(self, ward, admin, typed):
        page = entered(ward, admin, **typed)

        assert page.status == 422
        assert next(filter(None, typed.values())) in page.said
        assert "Căn cứ" in page.words

    def test_on_its_days_only(self, ward, admin, clock):
        entered(ward, admin, effective_from="2026-12-01")
        assert ward.dossier(lodged_online(ward)).unresolved_at
        clock.at = clock.at.replace(month=12, day=1)

        assert ward.dossier(lodged_online(ward)).competent_office_id == ward.office(JUSTICE)

    def test_without_rows_the_commune_where_they_live_decides_at_its_own_counter(self, ward):
        lodged = lodged_online(ward, ALLOWANCE, SAMSON)
        dossier = ward.dossier(lodged)

        assert (dossier.competent_office_id, dossier.authority_id) == (ward.office(SAMSON), None)
        assert dossier.receiving_office_id == ward.office("Trung tâm Phục vụ hành chính công phường Sầm Sơn")

    def test_an_office_that_became_part_of_another_is_answered_for_by_it(self, ward, admin):
        entered(ward, admin, procedure=ALLOWANCE, office=str(ward.office(SAMSON)))
        page = Page(admin, admin.post("/offices/changes", data={
            "key": str(uuid.uuid4()), "kind": "merge", "office": str(ward.office(SAMSON)), "to": str(ward.office(HACTHANH)),
            "decision": "Nghị quyết 99", "effective_from": "2026-11-23",
        }, follow_redirects=True))  # fmt: skip
        page.press("Thực hiện thay đổi này")

        assert ward.dossier(lodged_online(ward, ALLOWANCE, SAMSON)).competent_office_id == ward.office(HACTHANH)

    def test_two_clicks_are_one_dossier(self, ward, admin):
        entered(ward, admin)
        key = uuid.uuid4()
        first = lodged_online(ward, key=key)
        assert lodged_online(ward, key=key) == first


class TestNobodyKnows:
    def test_it_waits_in_the_queue_and_cannot_be_accepted(self, ward, login):
        lodged = lodged_online(ward)
        ref = ward.dossier(lodged).reference

        assert ref in Page.open(login("giamdoc.tinh"), "/coordination/").words
        assert ref not in Page.open(login("giamdoc.hacthanh"), "/coordination/").words
        with pytest.raises(AuthorityOpen):
            ward.walk(lodged)
        assert "chưa xác định" in Page.open(login("giamdoc.tinh"), f"/dossiers/{ref}").words

    def test_the_head_decides_with_the_reason_and_it_goes_to_that_counter(self, ward, login):
        lodged = lodged_online(ward)
        due = ward.task(lodged).due_at
        ward.clock.at = ward.clock.at.replace(hour=10)
        page = Page.open(login("giamdoc.tinh"), "/coordination/")
        done = page.press("Xác định", office=str(ward.office(SAMSON)), reason="Sổ gốc lưu tại phường Sầm Sơn")
        assert done.said.startswith("Đã xác định cơ quan giải quyết")

        dossier, task = ward.dossier(lodged), ward.task(lodged)
        assert (dossier.competent_office_id, dossier.unresolved_at) == (ward.office(SAMSON), None)
        assert task.office_id == dossier.receiving_office_id == ward.office("Trung tâm Phục vụ hành chính công phường Sầm Sơn")
        assert task.due_at == due, "the applicant waits no longer for it (T02)"
        assert len(ward.told(lodged, "authority.decided")) == 1
        assert ward.agrees(lodged)
        assert ward.walk(lodged).status == "handed_over"
        with ward.sessions() as session:
            code = session.scalars(select(Office.code).filter_by(name=SAMSON)).one()
        assert ward.dossier(lodged).code.startswith(f"{code}-"), "art. 28: the code names whoever decides"

    def test_the_diagram_begins_anew_and_the_check_keeps_its_time_and_what_was_typed(self, ward):
        lodged = lodged_online(ward)
        before, said = ward.task(lodged), {"reception_outcome": "accept"}
        with ward.act(ward.officer("tiepnhan.tinh")) as uow:
            tasks.save_draft(uow, before.id, said, seen=before.revision)
        ward.clock.at = ward.clock.at.replace(hour=10)
        with ward.act(ward.officer("giamdoc.tinh")) as uow:
            coordination.decide(uow, lodged.dossier_id, ward.office(SAMSON), "Sổ gốc lưu tại đó")
        after = ward.task(lodged)

        assert (after.step_id, after.draft, after.draft_at, after.due_at) == ("check_dossier", said, before.opened_at, before.due_at)
        assert after.id != before.id
        assert ward.told(lodged, "steps.timed")[-1]["why"] == "kept"
        assert len(ward.told(lodged, "charge.opened")) == 1, "which fee it is was not known before"
        assert ward.agrees(lodged)

    def test_whoever_took_it_in_decides_at_the_counter_where_that_was_delegated_art_17_5(self, ward):
        with ward.act(ward.officer("lanhdao.hacthanh")) as uow:
            given = {"office_id": ward.office(HACTHANH), "officer_id": ward.officer("tiepnhan.hacthanh").officer_id, "procedure_code": COPY}
            delegating.grant(uow, **given, since=ward.clock.today(), until=None, decision="45/QĐ-UBND", may_sign=False)
        centre = ward.office("Trung tâm Phục vụ hành chính công phường Hạc Thành")
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            lodged = intake.lodge(uow, ward.lodging(COPY, channel="in_person", receiving_office_id=centre, resolve=True))
        assert ward.dossier(lodged).unresolved_at
        with ward.act(ward.officer("giamdoc.hacthanh")) as uow:
            coordination.decide(uow, lodged.dossier_id, ward.office(HACTHANH), "Sổ gốc lưu tại đây")
        ward.walk(lodged, Policy(rest_at=("decide_at_counter",)))

        assert ward.task(lodged).step_id == "decide_at_counter"

    def test_papers_at_a_counter_stay_there_and_travel_to_whoever_decides(self, ward):
        with ward.act(ward.officer("tiepnhan.tinh")) as uow:
            lodging = ward.lodging(COPY, channel="in_person", receiving_office_id=ward.office(PROVINCE_CENTRE), resolve=True)
            lodged = intake.lodge(uow, lodging)
        with ward.act(ward.officer("giamdoc.tinh")) as uow:
            coordination.decide(uow, lodged.dossier_id, ward.office(SAMSON), "Sổ gốc lưu tại đó")

        assert ward.dossier(lodged).receiving_office_id == ward.office(PROVINCE_CENTRE)
        ward.walk(lodged, Policy(rest_at=("hand_over_papers",)))
        assert ward.task(lodged).step_id == "hand_over_papers"
        assert ward.agrees(lodged)

    def test_said_twice_it_is_once_and_said_otherwise_it_is_refused(self, ward, login):
        lodged = lodged_online(ward)
        client = login("giamdoc.tinh")
        form = Page.open(client, "/coordination/").form("Xác định")
        form.fill({"office": str(ward.office(SAMSON)), "reason": "Sổ gốc ở đó"})
        form.press("Xác định")
        address = f"/coordination/{lodged.dossier_id}"
        late = {"key": str(uuid.uuid4()), "office": str(ward.office(HACTHANH)), "reason": "Khác"}
        assert login("giamdoc.samson").post(address, data=late).status_code == 409
        assert len(ward.told(lodged, "authority.decided")) == 1

    def test_without_a_reason_or_by_somebody_else_it_is_refused(self, ward, login):
        lodged = lodged_online(ward)
        address = f"/coordination/{lodged.dossier_id}"
        said = {"key": str(uuid.uuid4()), "office": str(ward.office(SAMSON)), "reason": " "}
        assert login("giamdoc.tinh").post(address, data=said).status_code == 422
        assert login("giamdoc.tinh").post(address, data=said | {"office": "x"}).status_code == 422
        assert login("giamdoc.hacthanh").post(address, data=said).status_code == 404
        assert login("tiepnhan.tinh").post(address, data=said).status_code == 403
        assert ward.dossier(lodged).unresolved_at


class TestPages:
    def test_the_portal_takes_it_without_an_office(self, client, ward):
        given = flat(example(COPY)["answers"]) | {"key": str(uuid.uuid4()), "office_id": ""}
        assert client.post(f"/lodge/{COPY}", data=given).status_code == 303
        assert client.post(f"/lodge/{COPY}", data=given).status_code == 303
        with ward.sessions() as session:
            [row] = session.scalars(select(Dossier)).all()
        assert row.unresolved_at
        assert row.helping_office_id is None, "nobody helped"

    def test_the_counter_names_nobody_and_the_rows_do(self, town, ward, admin):
        entered(ward, admin, procedure=ALLOWANCE, office=str(ward.office(HACTHANH)))
        file = town.take_in(ALLOWANCE, by="tiepnhan.tinh", competent_office_id="resolve")

        assert file.row.competent_office_id == ward.office(HACTHANH)
        assert file.row.helping_office_id == ward.office(PROVINCE_CENTRE)
        assert f"Nơi hướng dẫn{PROVINCE_CENTRE}" in town.clerk("tiepnhan.tinh").open(f"/dossiers/{file.ref}").words

    def test_of_what_the_counter_takes_and_nobody_knows_nothing_is_lost(self, town, login):
        file = town.take_in(COPY, by="tiepnhan.tinh", competent_office_id="resolve")

        assert file.said.startswith("Đã nhận hồ sơ. Lãnh đạo Trung tâm xác định cơ quan giải quyết")
        assert file.row.unresolved_at
        assert file.ref in Page.open(login("giamdoc.tinh"), "/coordination/").words


class TestRows:
    def test_one_that_overlaps_in_time_is_refused_and_both_are_named(self, ward, admin):
        entered(ward, admin, effective_to="2026-12-01")
        page = entered(ward, admin, office=str(ward.office(SAMSON)), effective_from="2026-11-30", basis="Quyết định 11/QĐ-UBND")

        assert page.status == 422
        assert OVERLAP in page.said
        for words in ("Sở Tư pháp (01/01/2026–01/12/2026, Quyết định 10/QĐ-UBND)", f"{SAMSON} (30/11/2026–…, Quyết định 11/QĐ-UBND)"):
            assert words in page.said
        assert entered(ward, admin, office=str(ward.office(SAMSON)), effective_from="2026-12-01").status == 200

    def test_the_same_page_again_is_one_row_and_with_other_contents_refused(self, ward, admin):
        key = str(uuid.uuid4())
        assert entered(ward, admin, key=key).status == entered(ward, admin, key=key).status == 200
        assert entered(ward, admin, key=key, basis="Quyết định 99/QĐ-UBND").status == 409
        with ward.sessions() as session:
            assert session.scalars(select(AuthorityRow.basis)).all() == ["Quyết định 10/QĐ-UBND"]

    def test_what_holds_without_end_is_closed_before_the_next_begins(self, ward, admin):
        entered(ward, admin)
        assert entered(ward, admin, effective_from="2027-01-01").status == 422
        Page.open(admin, "/coordination/").press("Hết hiệu lực", effective_to="2027-01-01")
        assert entered(ward, admin, effective_from="2027-01-01").status == 200
        with ward.sessions() as session:
            assert session.scalars(select(AuthorityRow.effective_to).order_by(AuthorityRow.effective_from)).first() == date(2027, 1, 1)

    @pytest.mark.parametrize(
        "changes",
        [{"procedure": ""}, {"field": "Hộ tịch"}, {"basis": " "}, {"effective_from": "31/02"}, {"office": ""}, {"effective_to": "2025-01-01"}],
    )
    def test_one_that_is_not_clear_is_refused(self, ward, admin, changes):
        assert entered(ward, admin, **changes).status == 422
        with ward.sessions() as session:
            assert session.scalars(select(AuthorityRow)).all() == []

    def test_only_administrators_enter_them(self, ward, login):
        assert login("giamdoc.tinh").post("/coordination/rows", data={}).status_code == 403
        assert not Page.open(login("giamdoc.tinh"), "/coordination/").offers("Thêm")
