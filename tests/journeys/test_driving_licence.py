"""3.000347: exchange of a driving licence. Five working days; while an old licence is verified they do not run."""

from tests.journeys.clerk import File, Town, declared

CODE = "3.000347"
#: 24/11 is a holiday: five working days from 23/11 end on Tuesday 1/12.
DUE = "17:00 thứ Ba 01/12/2026"
COUNTER = {"result_delivery": "counter"}


def paid(town: Town, number: str | None = None, **more: object) -> File:
    answers = COUNTER | more
    if number:
        answers |= {"old": declared(CODE)["old"] | {"no": number}}
    file = town.take_in(CODE, answers=answers)
    assert "135.000" in file.page().words
    file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="card")
    return file


def examined(file: File, **findings: object) -> None:
    good = {"examination_outcome": "eligible", "violation_check": "clear", "health": "fit", "photo_taken": True}
    file.by("chuyenvien", "Thẩm tra hồ sơ đổi", **good | findings)


def asked(file: File) -> None:
    file.by(
        "chuyenvien",
        "Soạn văn bản lấy ý kiến",
        offices=[{"office": "Ủy ban nhân dân phường Sầm Sơn"}],
        question="Giấy phép số 990000009999 có được cấp không?",
    )


def answered(file: File, words: str) -> None:
    page = file.town.clerk("chuyenvien.samson").open("/inbox/incoming").link("Hứa Đình Phong")
    page.press("Trả lời ý kiến", text=words)
    file.settle()


class TestInTheSystem:
    def test_a_class_b2_licence_becomes_class_b_for_ten_years_within_five_working_days(self, town: Town) -> None:
        file = paid(town)
        assert file.due == DUE
        form = town.clerk("chuyenvien.hacthanh").task(file.ref, "Thẩm tra hồ sơ đổi").form("Hoàn thành bước")
        assert (form.control("class_given")[0].value, form.control("years")[0].value) == ("B", "10")
        examined(file)
        file.by("chuyenvien", "In giấy phép lái xe", serial="PET 001234")
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_the_ministry_is_silent_and_the_number_is_typed_by_hand(self, town: Town) -> None:
        with town.nobody_answers():
            file = paid(town)
            town.at("2026-11-26 08:00")
            file.by("chuyenvien", "Tra cứu trực tiếp", licence_state="found", violation_state="clear")
            examined(file)
            town.at("2026-11-30 08:00")
            file.by("chuyenvien", "Đôn đốc, nhập số giấy phép", licence_no="990000000077")
        file.by("chuyenvien", "In giấy phép lái xe", serial="PET 001235")
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_a_pending_violation_is_no_exchange(self, town: Town) -> None:
        file = paid(town, "990000001409")
        page = town.clerk("chuyenvien.hacthanh").task(file.ref, "Thẩm tra hồ sơ đổi")
        assert "Còn vi phạm chưa giải quyết" in page.words
        open_ = {"violation_check": "open"}
        examined(file, **open_, examination_outcome="ineligible", refusal_ground="violation_open")
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words


class TestNotInTheSystem:
    def test_the_five_days_count_from_the_answer_of_who_issued_it(self, town: Town) -> None:
        file = paid(town, "990000009999")
        assert "Tạm dừng: thời gian không tính vào hạn" in file.page().words
        asked(file)
        town.at("2026-11-27 09:00")
        answered(file, "Có cấp giấy phép này ngày 01/02/2017.")

        assert file.dates == [DUE, "17:00 thứ Sáu 04/12/2026"]
        examined(file, verification="issued")
        file.by("chuyenvien", "In giấy phép lái xe", serial="PET 001236")
        file.sign()
        file.hand_over()
        assert file.status == "Đã trả kết quả"

    def test_a_licence_that_was_never_issued_is_not_exchanged(self, town: Town) -> None:
        file = paid(town, "990000009999")
        asked(file)
        answered(file, "Không cấp giấy phép này.")
        refused = {"verification": "not_issued", "refusal_ground": "not_in_database"}
        examined(file, examination_outcome="ineligible", **refused)
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words


def test_the_health_certificate_is_asked_for_within_two_working_days(town: Town) -> None:
    file = paid(town)
    examined(file, examination_outcome="supplement", health="not_fit")
    town.at("2026-11-25 09:00")
    file.supplemented()

    assert file.dates == [DUE, "17:00 thứ Tư 02/12/2026"]


def test_refused_at_reception(town: Town) -> None:
    file = town.take_in(CODE, decision="Từ chối", reason="Giấy phép đang bị tước", answers=COUNTER)

    assert file.status == "Không được tiếp nhận"
