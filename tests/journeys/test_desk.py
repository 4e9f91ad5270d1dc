"""The counter's morning: what is asked, what is refused, who stands there for whom (Decree 118/2025, art. 6, 15 to 17)."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.catalog import national
from engine.dossiers.models import Dossier
from tests.factories.desk import example
from tests.journeys.clerk import PDF, File, Town, declared, judge
from tests.journeys.pages import Page, words_of
from tests.journeys.test_civil_status_copies import FOUND, PRINTED
from tests.journeys.test_frame import ASKED
from tests.journeys.test_papers import ask_for, pytestmark  # noqa: F401  papers are printed here too
from webapp.demo.province import PROCEDURES

CODE, EXTRACT = "2.000908", "2.000635"
COUNTER = {"result_delivery": "counter"}
ACCEPT, ASK, REFUSE = "Tiếp nhận và in giấy hẹn", "Yêu cầu bổ sung", "Từ chối"
AGAIN = "Tính lại ngày, phí, giấy tờ"


def intake(town: Town, code: str = CODE, verdicts: dict[str, str] | None = None, **around: object) -> Page:
    """The intake page of a procedure with everything typed and judged; only the button is missing."""
    page = town.clerk("tiepnhan.hacthanh").open(f"/counter/{code}")
    form = page.form(ACCEPT)
    form.fill(declared(code) | COUNTER | {"lookup": "missing"} | around)
    form = form.press(AGAIN).form(ACCEPT)
    form.fill(declared(code) | COUNTER | around)
    judge(form, verdicts or {})
    return form.press(AGAIN)


def asked(file: File) -> list[str]:
    """The lines of the last request, as the citizen reads them."""
    return [words_of(one) for one in file.track().tree.xpath("//ol[@class='mc-asked']/li/label")]


class TestOneCompleteList:
    def test_what_is_missing_and_what_is_not_valid_are_lines_with_words_to_begin_with_art_17_1_c(self, town: Town) -> None:
        page = intake(town, EXTRACT, {"id_paper": "missing", "residence_paper": "invalid"})
        lines = page.tree.xpath("//*[@data-lack][not(@hidden)]")

        assert [one.get("data-lack") for one in lines] == ["id_paper", "residence_paper"]
        form = page.form(ASK)
        assert form.control("ask:id_paper.lack")[0].value == "Chưa nộp"
        assert form.control("ask:residence_paper.lack")[0].value == "Không hợp lệ"
        assert form.control("ask:id_paper.how")[0].value.startswith("Nộp")

    def test_all_of_it_stands_on_the_slip_the_tracking_page_and_the_dossier(self, town: Town) -> None:
        form = intake(town, verdicts={"id_paper": "invalid"}).form(ASK)
        form.fill({"ask:id_paper.lack": "Ảnh mờ", "ask:id_paper.how": "Chụp lại cả hai mặt"})
        form.fill({"ask": [{"what": "Chữ ký người yêu cầu", "why": "Tờ khai chưa ký", "how": "Ký tại quầy"}]})
        page = form.press(ASK)
        file = File(town, page.path.rpartition("/")[2])

        assert "Đã lập phiếu yêu cầu bổ sung." in page.said
        assert "Ảnh mờ" in page.words
        assert "Chụp lại cả hai mặt" in page.words
        assert len(asked(file)) == 2
        assert "Tờ khai chưa ký. Ký tại quầy" in file.track().words

    def test_asked_once_nothing_new_may_be_asked_for_before_acceptance_art_16(self, town: Town) -> None:
        page = intake(town, EXTRACT, {"id_paper": "missing"}).form(ASK).press(ASK)
        file = File(town, page.path.rpartition("/")[2])
        file.track().press("Gửi phần bổ sung", text="Tôi đã nộp tại quầy.")
        clerk = town.clerk("tiepnhan.hacthanh")
        task = clerk.task(file.ref, "Kiểm tra hồ sơ")
        form = task.form("Hoàn thành bước")
        form.fill({"reception_outcome": "supplement"})
        judge(form, {"id_paper": "missing", "residence_paper": "invalid"})
        page = form.press("Hoàn thành bước")

        assert page.status == 409
        assert "chỉ được yêu cầu bổ sung một lần" in page.said
        form = page.form("Hoàn thành bước")
        form.fill({"reception_outcome": "supplement"})
        judge(form, {"id_paper": "missing"})
        assert form.press("Hoàn thành bước").path == "/inbox", "what was asked before may be asked again"

    def test_a_request_that_names_nothing_is_refused_in_words(self, town: Town) -> None:
        page = intake(town).form(ASK).press(ASK)

        assert page.status == 422
        assert "Chưa có nội dung nào phải bổ sung" in page.said


class TestRefusal:
    def test_at_the_wrong_office_the_slip_names_the_right_one_art_17(self, town: Town) -> None:
        page = intake(town, refusal_ground="wrong_authority", reason="Sổ gốc do Sở Tư pháp giữ.")
        form = page.form(REFUSE)
        form.fill({"refusal_ground": "wrong_authority"})
        page = form.press(AGAIN)
        form = page.form(REFUSE)
        refused = form.press(REFUSE)
        assert refused.status == 422
        assert "phải chỉ rõ cơ quan có thẩm quyền" in refused.said
        form = refused.form(REFUSE)
        form.fill({"right_office_id": "Sở Tư pháp"})
        page = form.press(REFUSE)

        assert "Đã lập phiếu từ chối." in page.said
        file = File(town, page.path.rpartition("/")[2])
        reason = file.slips("refusal")[0].data["reason"]
        assert reason.startswith("Sổ gốc do Sở Tư pháp giữ.\nCơ quan có thẩm quyền: Sở Tư pháp")

    def test_without_a_ground_or_a_reason_it_is_refused_in_words(self, town: Town) -> None:
        form = intake(town).form(REFUSE)
        page = form.press(REFUSE)
        assert (page.status, "Hãy chọn căn cứ từ chối." in page.said) == (422, True)
        form = page.form(REFUSE)
        form.fill({"refusal_ground": "duplicate"})
        page = form.press(REFUSE)

        assert (page.status, "Hãy ghi rõ lý do." in page.said) == (422, True)


def test_a_paper_that_the_procedure_does_not_know_is_refused_in_words_and_nothing_is_lost(town: Town) -> None:
    page = intake(town)
    form = page.form(ACCEPT)
    page.tree.xpath("//input[@name='file:id_paper']")[0].set("name", "file:khong_co")
    form.attach("file:khong_co", PDF, "la.pdf")
    page = form.press(ACCEPT)

    assert page.status == 422
    assert "Thủ tục này không có thành phần hồ sơ «khong_co»." in page.said
    assert "Nguyễn Minh Tú" in page.html
    assert page.form(ACCEPT).press(ACCEPT).path.startswith("/dossiers/"), "the unknown paper is not sent again"


PROXY = {
    "full_name": "Trần Văn Bình",
    "personal_id": "038080001234",
    "phone": "0912345678",
    "relation": "authorised",
    "authorisation_no": "12/2026/UQ",
    "authorisation_date": "2026-11-20",
}


def lodged_by_proxy(town: Town, **around: object) -> File:
    """Somebody else hands it in, with a paper that ends on 30 November."""
    around = {"is_proxy": True, "proxy": PROXY, "authority_until": "2026-11-30"} | around
    page = intake(town, **around).form(ACCEPT).press(ACCEPT)
    assert page.status == 200, page.said
    return File(town, page.path.rpartition("/")[2])


class TestSubmitterAndApplicant:
    def test_each_stands_with_their_own_data_on_page_and_slip_art_6(self, town: Town) -> None:
        file = lodged_by_proxy(town, may_receive=True)
        words, data = file.page().words, file.slips("receipt")[0].data

        assert "Trần Văn Bình, người được ủy quyền" in words
        assert "số 12/2026/UQ, 20/11/2026, đến hết 30/11/2026" in words
        assert "Nộp hồ sơ, nhận kết quả" in words
        assert (data["submitter"]["personal_id"], data["submitter"]["phone"]) == ("038080001234", "0912345678")
        assert (data["submitter"]["authorisation_until"], data["submitter"]["scope"]) == ("2026-11-30", ["lodge", "receive"])
        assert data["applicant"]["personal_id"] != data["submitter"]["personal_id"]

    def test_whoever_examines_reads_what_was_declared_of_them(self, town: Town) -> None:
        """The page of a step does not know that a proxy lodged: what was declared says it."""
        file = lodged_by_proxy(town)
        assert "038080001234" in file.town.clerk("chuyenvien.hacthanh").task(file.ref, "Tra sổ gốc").words

    def test_a_paper_that_has_ended_lodges_nothing(self, town: Town) -> None:
        around = {"is_proxy": True, "proxy": PROXY, "authority_until": "2026-11-22"}
        page = intake(town, **around).form(ACCEPT).press(ACCEPT)

        assert page.status == 422
        assert "Văn bản ủy quyền số 12/2026/UQ của Trần Văn Bình đã hết hiệu lực từ sau ngày 22/11/2026." in page.said

    def test_who_may_only_lodge_does_not_withdraw_it_at_the_counter_or_from_afar_art_21(self, town: Town) -> None:
        file = lodged_by_proxy(town)
        refused = file.page().press("Người nộp rút hồ sơ", text="Thôi", choice="Trần Văn Bình, người được ủy quyền")
        assert (refused.status, "không bao gồm việc này: rút hồ sơ" in refused.said) == (422, True)
        afar = file.track().press("Rút hồ sơ", text="Thôi", number=PROXY["personal_id"], sure=True)
        assert "không bao gồm việc này: rút hồ sơ" in afar.said
        stranger = file.track().press("Rút hồ sơ", text="Thôi", number="001001001001", sure=True)
        assert "Số định danh này không phải của người yêu cầu" in stranger.said
        page = file.track().press("Rút hồ sơ", text="Thôi", number=file.row.applicant_personal_id, sure=True)

        assert page.heading == "Bạn đã rút hồ sơ"

    def test_whose_paper_says_so_withdraws_it_until_its_last_day(self, town: Town) -> None:
        first, second = lodged_by_proxy(town, may_withdraw=True), lodged_by_proxy(town, may_withdraw=True)
        choice = "Trần Văn Bình, người được ủy quyền"
        town.at("2026-11-30 16:00")
        first.page().press("Người nộp rút hồ sơ", text="Thôi", choice=choice)
        town.at("2026-12-01 08:00")
        late = second.page().press("Người nộp rút hồ sơ", text="Thôi", choice=choice)

        assert first.status == "Công dân yêu cầu rút hồ sơ"
        assert (late.status, "đã hết hiệu lực" in late.said) == (422, True)

    def test_a_paper_brought_later_is_recorded_and_lets_its_holder_fetch_the_result_art_22(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER, lookup="missing")
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien", "Lập bản sao")
        file.sign()
        clerk = town.clerk("traketqua.hacthanh")

        def fetch(**typed: object) -> Page:
            form = clerk.task(file.ref, "Trao kết quả").form("Hoàn thành bước")
            form.fill({"receiver_role": "proxy", "identity_checked": True, "receiver_signed": True})
            form = form.press("Xem lại mẫu theo câu trả lời").form("Hoàn thành bước")
            form.fill({"receiver_name": "Trần Văn Bình", "receiver_personal_id": "038080001234"} | typed)
            return form.press("Hoàn thành bước")

        unknown = fetch(authorisation_no="7/UQ")
        assert (unknown.status, "chưa ghi nhận văn bản ủy quyền số 7/UQ" in unknown.said) == (422, True)
        paper = {"name": "Trần Văn Bình", "personal_id": "038080001234", "authority_no": "7/UQ"}
        nothing = file.page("traketqua").press("Ghi nhận văn bản ủy quyền", **paper)
        assert "Hãy ghi đủ họ tên người được ủy quyền, số văn bản và việc được ủy quyền." in nothing.said
        nothing.press("Ghi nhận văn bản ủy quyền", **paper, may_receive=True)
        another = fetch(authorisation_no="7/UQ", receiver_personal_id="001001001001")
        assert "cũng không phải Trần Văn Bình" in another.said
        done = fetch(authorisation_no="7/UQ")

        assert done.path == "/inbox"
        assert file.status == "Đã trả kết quả"


class TestChannels:
    def lodged(self, town: Town, door: str, *, by: str | None = None, **around: object) -> Page:
        clerk = town.clerk(by) if by else town.citizen()
        around = {"office_id": "Ủy ban nhân dân phường Hạc Thành"} | around
        given = example(CODE)["answers"] | {"result_delivery": "electronic"} | around
        page = clerk.open(door)
        form = page.form("Nộp hồ sơ")
        form.fill(given)
        return form.press("Nộp hồ sơ")

    def newest(self, town: Town) -> Dossier:
        with town.house.sessions() as session:
            return session.scalars(select(Dossier).order_by(Dossier.lodged_at.desc(), Dossier.id.desc()).limit(1)).one()

    def test_an_officer_lodges_online_for_a_citizen_with_the_reason_and_it_is_counted_apart_art_16(self, town: Town) -> None:
        why = {"assisted_for": "elderly_disabled", "assisted_why": "Bà cụ 82 tuổi, mắt kém"}
        refused = self.lodged(town, f"/assist/{CODE}", by="tiepnhan.hacthanh", assisted_for="asked")
        assert (refused.status, "phải chọn lý do và ghi rõ" in refused.said) == (422, True)
        page = self.lodged(town, f"/assist/{CODE}", by="tiepnhan.hacthanh", **why)
        assert "Đã nộp hồ sơ. Mã biên nhận" in page.said
        file = File(town, self.newest(town).reference)
        file.accept()
        self.lodged(town, f"/lodge/{CODE}")
        own = File(town, self.newest(town).reference)
        own.accept()

        row = file.row
        assert (row.channel, row.way, own.row.way) == ("online", "assisted", "online")
        assert "Cán bộ nộp giúp trực tuyến: người cao tuổi, người khuyết tật" in file.page().words
        assert "mắt kém" in file.page().words
        register = town.clerk("tiepnhan.hacthanh").open("/registers/").words
        assert "trực tuyến 1" in register
        assert "trực tuyến, cán bộ nộp giúp 1" in register
        assert file.slips("receipt")[0].data["channel"] == "assisted"

    def test_only_reception_lodges_for_citizens(self, town: Town) -> None:
        assert Page.open(town.clerk("chuyenvien.hacthanh").client, f"/assist/{CODE}").status == 403

    def test_a_kiosk_and_vneid_are_channels_of_their_own_with_the_rules_of_what_is_online_art_15(self, town: Town) -> None:
        self.lodged(town, f"/kiosk/{CODE}")
        stood = File(town, self.newest(town).reference)
        phoned = town.lodge_online(CODE, {"result_delivery": "electronic"}, by="vneid")

        assert [one.row.channel for one in (stood, phoned)] == ["kiosk", "vneid"]
        assert stood.row.dossier_form == "electronic"
        stood.accept()
        phoned.accept()
        assert "tại ki-ốt" in stood.page().words
        assert "trên VNeID" in phoned.track().words
        words = town.clerk("tiepnhan.hacthanh").open("/registers/?channel=kiosk").words
        assert stood.ref in words
        assert phoned.ref not in words


class TestResultOfTheSameDay:
    """2.000635: extracts, waited for at the counter (art. 17(4))."""

    def taken_in(self, town: Town, **around: object) -> File:
        file = town.take_in(EXTRACT, answers=COUNTER, **around)
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")
        return file

    def test_there_is_no_slip_unless_somebody_asks_and_the_ledger_says_so(self, town: Town) -> None:
        file = self.taken_in(town)
        assert file.row.code
        assert file.slips("receipt") == []
        page = file.page()
        assert page.offers("Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu 01)")
        assert ask_for(file, "receipt") == 303
        assert len(file.slips("receipt")) == 1
        assert ask_for(file, "receipt") == 409, "made once; then it is printed again"

    def test_who_asks_at_the_counter_gets_it_at_once(self, town: Town) -> None:
        assert len(self.taken_in(town, slip_wanted=True).slips("receipt")) == 1

    def test_after_the_cut_off_of_the_day_there_is_one(self, town: Town) -> None:
        town.at("2026-11-23 15:20")

        assert len(self.taken_in(town).slips("receipt")) == 1


class TestDecidedAtTheCounter:
    """2.001255 on the frame: the ward lets an officer of its counter decide (art. 17(5))."""

    CODE = "2.001255"
    WARD = "Ủy ban nhân dân phường Hạc Thành"

    @pytest.fixture
    def ward(self, town: Town, tmp_path: Path) -> Town:
        lines = PROCEDURES.read_text("utf-8").splitlines()
        source = tmp_path / "one.jsonl"
        source.write_text("\n".join(one for one in lines if json.loads(one)["code"] == self.CODE), "utf-8")
        with town.house.unit() as uow:
            national.import_file(uow, source)
        return town

    def granted(self, town: Town, **typed: object) -> Page:
        page = town.clerk("lanhdao.hacthanh").open("/delegations/")
        given = {
            "officer": "Lê Thị Ngọc Bích, Trung tâm Phục vụ hành chính công phường Hạc Thành",
            "procedure": self.CODE,
            "decision": "45/QĐ-UBND",
            "until": "2026-11-30",
        }
        return page.press("Giao giải quyết", **(given | typed))

    def taken_in(self, town: Town) -> File:
        return town.take_in(self.CODE, example_=ASKED, competent_office_id=self.WARD)

    def test_from_the_decision_to_the_result(self, ward: Town) -> None:
        page = self.granted(ward)
        assert "Lê Thị Ngọc Bích" in page.words
        assert "đang hiệu lực" in page.words
        assert "đến hết 30/11/2026" in page.words, "the day that was typed"
        file = self.taken_in(ward)
        assert "Giải quyết tại quầy" in file.page().words
        file.by("tiepnhan", "Giải quyết tại quầy", examination_outcome="eligible")
        file.by("chuyenvien", "Dự thảo kết quả")
        file.sign(review=True)
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert not ward.clerk("truongphong.hacthanh").has(file.ref, "Phân công thụ lý")

    def test_when_it_has_ended_nobody_decides_there_any_more(self, ward: Town) -> None:
        page = self.granted(ward)
        file = self.taken_in(ward)
        page = page.press("Thôi giao từ hôm nay")
        assert "không có ngày nào hiệu lực" in page.words
        form = ward.clerk("tiepnhan.hacthanh").task(file.ref, "Giải quyết tại quầy").form("Hoàn thành bước")
        form.fill({"examination_outcome": "eligible"})
        refused = form.press("Hoàn thành bước")
        assert (refused.status, "không được cơ quan giao giải quyết thủ tục này" in refused.said) == (409, True)
        file.by("tiepnhan", "Giải quyết tại quầy", passed_on=True)
        assert ward.clerk("truongphong.hacthanh").has(file.ref, "Phân công thụ lý"), "what was begun goes to the office"

        later = self.taken_in(ward)
        assert ward.clerk("truongphong.hacthanh").has(later.ref, "Phân công thụ lý")

    def test_an_extract_is_decided_there_too_and_what_is_passed_on_goes_to_the_specialist(self, town: Town) -> None:
        self.granted(town, procedure="Cấp bản sao trích lục hộ tịch, bản sao giấy khai sinh")
        there, passed = (TestResultOfTheSameDay().taken_in(town) for _ in range(2))
        there.by("tiepnhan", "Giải quyết tại quầy", **FOUND)
        there.by("chuyenvien", "In bản sao trích lục", **PRINTED)
        there.sign()
        there.hand_over()
        passed.by("tiepnhan", "Giải quyết tại quầy", passed_on=True)

        assert there.status == "Đã trả kết quả"
        assert town.clerk("chuyenvien.hacthanh").has(passed.ref, "Thẩm tra yêu cầu")

    def test_only_what_the_law_lets_the_counter_decide_by_its_own_officers_and_in_time(self, ward: Town) -> None:
        assert "không có bước giải quyết tại quầy" in self.granted(ward, procedure=CODE).said
        name = "Cấp bản sao trích lục"
        unknown = self.granted(ward, procedure=name)
        assert (unknown.status, f"không có thủ tục nào có mã hay tên «{name}»" in unknown.said) == (422, True)
        assert "không kết thúc trước ngày bắt đầu" in self.granted(ward, until="2026-11-20").said
        assert "ghi số quyết định" in self.granted(ward, decision="").said
        page = ward.clerk("tiepnhan.hacthanh").open("/delegations/")
        assert not page.offers("Giao giải quyết"), "reception does not delegate to itself"
