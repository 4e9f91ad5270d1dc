"""3.000722: the birth group of Decree 63/2024. One declaration, a dossier for each office, each result as soon as it is there."""

from tests.journeys.clerk import File, Town
from tests.journeys.groups import child, followed, kinds, reported
from tests.journeys.pages import Page

CODE = "3.000722"
NO_CARD = {"wants_card": False, "card_delivery": None}


def register_birth(town: Town, file: File) -> File:
    birth = child(town, file, "birth")
    birth.say("Xác nhận đã nhận", by="chuyenvien")
    birth.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", examination_outcome="eligible", marriage_lookup="found", duplicate_check="clear")
    if (page := birth.track()).offers("Đúng, tôi đồng ý"):
        page.press("Đúng, tôi đồng ý")
    birth.settle()
    birth.by("chuyenvien", "In giấy khai sinh và bản sao")
    birth.sign()
    return birth


def refuse_birth(town: Town, file: File) -> None:
    """The child is registered already."""
    birth = child(town, file, "birth")
    birth.say("Xác nhận đã nhận", by="chuyenvien")
    birth.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", examination_outcome="ineligible", marriage_lookup="found",
             duplicate_check="registered", refusal_ground="already_registered")  # fmt: skip
    birth.by("chuyenvien", "Dự thảo văn bản từ chối")
    birth.sign()
    file.settle()


class TestElectronic:
    """Decree 118/2025 art. 20(2): all offices at once, each with its own date, results returned one by one."""

    def test_one_declaration_opens_a_dossier_for_each_office_and_each_result_is_returned_when_it_is_there(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_CARD)
        file.accept()
        assert file.ref.startswith("H56.101.01-"), "art. 28: the code of the centre that received the group"
        assert file.status == "Đang xử lý"
        assert file.due == "17:00 thứ Sáu 27/11/2026"
        assert "đăng ký khai sinh" in file.page().words
        birth = register_birth(town, file)
        assert birth.status == "Đã trả kết quả"
        assert file.status == "Đang xử lý"

        residence, insurance = child(town, file, "residence"), child(town, file, "insurance")
        assert len(residence.row.applicant_personal_id or "") == 12, "the personal id that the birth brought"
        assert residence.ref.startswith("CT-")
        assert insurance.ref.startswith("BHXH-")
        assert residence.due == "17:00 thứ Năm 26/11/2026"
        followed(town, file, "insurance")
        assert file.status == "Đang xử lý", "the card is there, residence goes on"
        followed(town, file, "residence")
        assert file.status == "Đã trả kết quả"
        assert "Đồng ý giải quyết" in file.page().words

    def test_the_applicant_and_the_officer_see_the_group_in_one_place_and_the_way_back(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_CARD)
        file.accept()
        birth = child(town, file, "birth")
        assert birth.ref in file.page().words
        assert "chưa xác nhận đã nhận" in file.page().words
        assert "Sửa theo đề nghị của người nộp" not in file.page().words, "what was lodged for all is not changed for one"
        page = birth.page()
        assert page.link(f"Về hồ sơ của nhóm {file.ref}").path.endswith(file.ref)
        seen = file.track()
        assert "Các kết quả của nhóm" in seen.words
        assert "Hồ sơ này thuộc nhóm liên thông" not in seen.words, "it is the group"
        assert "Thủ tục đăng ký khai sinh" in seen.words
        assert f"Hồ sơ này thuộc nhóm liên thông {file.ref}" in birth.track().words
        found = town.clerk("tiepnhan.hacthanh").open(f"/dossiers/?q={file.ref}")
        assert birth.ref in found.words, "the group's code finds what it opened"

    def test_police_and_social_insurance_hold_their_parts_and_record_their_results_from_their_own_list_art_20_2(
        self, town: Town
    ) -> None:
        """Decree 63/2024: each office has its part, says what it decided, and the group ends with the last."""
        file = town.lodge_online(CODE, {"wants_card": True})
        file.accept()
        register_birth(town, file)
        assert "Công an phường Hạc Thành" in file.page().words
        assert "Bảo hiểm xã hội tỉnh Thanh Hóa" in file.page().words
        residence = child(town, file, "residence")
        others = Page.open(town.clerk("chuyenvien.bhxh").client, f"/dossiers/{residence.ref}")
        assert others.status == 404, "nobody sees a part that another office holds"
        reported(town, file, "residence", "chuyenvien.cahacthanh", "CT-0012")
        assert residence.row.result_number == "CT-0012"
        reported(town, file, "card", "chuyenvien.cahacthanh", "CC-0007")
        assert file.status == "Đang xử lý", "insurance is not done"
        reported(town, file, "insurance", "chuyenvien.bhxh", "TE1380000000001")
        assert file.status == "Đã trả kết quả"

    def test_a_part_is_marked_with_its_group_in_the_inbox_on_its_pages_and_in_the_register_form_07(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_CARD)
        file.accept()
        birth = child(town, file, "birth")
        birth.say("Xác nhận đã nhận", by="chuyenvien")
        mark = f"Nhóm {file.ref}: đăng ký khai sinh"
        clerk = town.clerk("chuyenvien.hacthanh")
        assert mark in clerk.inbox().words
        assert mark in clerk.task(birth.ref, "Thẩm tra hồ sơ khai sinh").words
        assert mark in birth.page().words
        assert mark in clerk.open("/registers").words
        assert mark not in file.page().words

    def test_until_a_part_is_opened_the_applicant_changes_what_was_declared_art_21(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_CARD)
        assert "Sửa nội dung đã khai" in file.track().words
        file.accept()
        assert "Sửa nội dung đã khai" not in file.track().words, "its parts have been told it"

    def test_the_group_itself_is_marked_in_the_inbox_and_in_the_register_form_07(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_CARD)
        reception = town.clerk("tiepnhan.hacthanh")
        assert f"Nhóm {file.ref}: hồ sơ của cả nhóm" in reception.inbox().words, "before it has a code too"
        assert f"Nhóm {file.ref}: hồ sơ của cả nhóm" in reception.task(file.ref, "Kiểm tra hồ sơ").words
        file.accept()
        assert f"Nhóm {file.ref}: hồ sơ của cả nhóm" in town.clerk("chuyenvien.hacthanh").open("/registers").words

    def test_an_office_that_does_not_acknowledge_within_two_working_hours_is_chased_until_it_does(self, town: Town) -> None:
        """Decree 63/2024 as amended by 301/2026."""
        file = town.lodge_online(CODE, NO_CARD)
        file.accept()
        reception, birth = town.clerk("tiepnhan.hacthanh"), child(town, file, "birth")
        assert not reception.has(birth.ref, "Đôn đốc bên nhận xác nhận")
        town.at("2026-11-23 15:00")
        assert reception.has(birth.ref, "Đôn đốc bên nhận xác nhận")
        register_birth(town, file)
        assert not reception.has(birth.ref, "Đôn đốc bên nhận xác nhận")

    def test_a_ministry_that_is_silent_for_two_working_hours_is_chased_from_the_group(self, town: Town) -> None:
        """Decree 63/2024 as amended by 301/2026: what the ministry then says takes the task away."""
        file = town.lodge_online(CODE, NO_CARD)
        file.accept()
        birth = child(town, file, "birth")
        town.silent = {"ministry.lodge"}
        register_birth(town, file)
        reception = town.clerk("tiepnhan.hacthanh")
        assert not reception.has(file.ref, "Đôn đốc cơ quan nhận hồ sơ con")
        town.at("2026-11-23 15:00")
        assert reception.has(file.ref, "Đôn đốc cơ quan nhận hồ sơ con")
        town.silent = set()
        file.settle()
        assert not reception.has(file.ref, "Đôn đốc cơ quan nhận hồ sơ con")
        assert birth.status == "Đã trả kết quả"

    def test_accepted_after_three_the_group_counts_from_the_next_working_day(self, town: Town) -> None:
        """T14; 24/11 is a holiday."""
        file = town.lodge_online(CODE, NO_CARD)
        town.at("2026-11-23 15:30")
        file.accept()
        assert file.due == "17:00 thứ Hai 30/11/2026"
        assert "Tiếp nhận sau 15:00: tính từ ngày làm việc tiếp theo" in file.page().words

    def test_a_birth_that_cannot_be_registered_opens_no_other_dossier(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_CARD)
        file.accept()
        refuse_birth(town, file)
        assert file.status == "Đã trả kết quả"
        assert "Văn bản trả lời" in file.page().words
        assert kinds(town, file) == {"birth"}

    def test_withdrawn_the_group_takes_back_what_it_opened(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_CARD)
        file.accept()
        birth = child(town, file, "birth")
        file.track().press("Rút hồ sơ", text="Tôi nộp lại ở xã khác", sure=True)
        assert file.status == "Công dân yêu cầu rút hồ sơ"
        assert birth.status == "Công dân yêu cầu rút hồ sơ"


class TestConfirmations:
    """Of the owner of the dwelling, through VNeID: at most five working days, not counted (Decree 63/2024)."""

    ELSEWHERE = NO_CARD | {"residence_case": "with_grandparents"}

    def test_while_they_are_awaited_the_clock_stands_still_and_insurance_goes_on(self, town: Town) -> None:
        file = town.lodge_online(CODE, self.ELSEWHERE)
        file.accept()
        assert file.due == "17:00 thứ Ba 01/12/2026"
        register_birth(town, file)
        assert child(town, file, "insurance").ref.startswith("BHXH-")
        assert file.row.due_at is None
        town.at("2026-11-25 09:54")
        file.by("tiepnhan", "Ghi nhận xác nhận qua VNeID", consent_state="given")
        assert child(town, file, "residence").ref.startswith("CT-")
        assert file.due == "07:07 thứ Năm 03/12/2026", "later by the eight hours and seven minutes in which it stood"

    def test_refused_residence_is_left_out_and_the_others_go_on(self, town: Town) -> None:
        file = town.lodge_online(CODE, self.ELSEWHERE)
        file.accept()
        register_birth(town, file)
        file.by("tiepnhan", "Ghi nhận xác nhận qua VNeID", consent_state="refused", consent_note="Chủ nhà không đồng ý")
        followed(town, file, "insurance")
        assert file.status == "Đã trả kết quả"
        assert "Không mở hồ sơ con cư trú" in file.page().words

    def test_after_five_working_days_the_clock_goes_on_and_reception_concludes(self, town: Town) -> None:
        file = town.lodge_online(CODE, self.ELSEWHERE)
        file.accept()
        register_birth(town, file)
        town.at("2026-12-02 08:00")
        assert file.row.due_at is not None
        file.by("tiepnhan", "Kết luận khi chưa xác nhận", consent_state="given")
        assert child(town, file, "residence").ref.startswith("CT-")


class TestOnPaper:
    """Decree 118/2025 art. 20(2): on paper one office after the other."""

    def test_insurance_begins_when_residence_is_done(self, town: Town) -> None:
        file = town.take_in(CODE, answers=NO_CARD | {"result_delivery": "counter"})
        assert file.due == "17:00 thứ Sáu 27/11/2026", "three working days for the whole, however its papers travel"
        birth = child(town, file, "birth")
        birth.by("tiepnhan", "Bàn giao hồ sơ giấy")
        birth = register_birth(town, file)
        birth.hand_over()
        file.settle()
        assert kinds(town, file) == {"birth", "residence"}
        followed(town, file, "residence")
        followed(town, file, "insurance")
        file.hand_over()

        assert file.status == "Đã trả kết quả"
