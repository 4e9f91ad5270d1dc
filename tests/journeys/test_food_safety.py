"""2.001827: food-safety certificate. Fifteen days, mending included: a team inspects, samples are tested, faults are mended in time."""

from tests.journeys.clerk import File, Town, declared

CODE = "2.001827"
#: Fifteen days from 23/11, the first day not counted.
DUE = "17:00 thứ Ba 08/12/2026"


def paid(town: Town, **more: object) -> File:
    file = town.take_in(CODE, answers=more)
    assert "700.000" in file.page().words
    file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")
    return file


def inspected(file: File, *, heavy: int = 0, serious: int = 0, samples: bool = False) -> None:
    file.by("chuyenvien", "Kiểm tra hồ sơ hợp lệ", examination_outcome="eligible")
    team = {"team_leader": "Lê Minh Tuấn", "members": [{"full_name": "Lê Văn Hòa", "unit": "Trạm y tế"}]}
    file.by("chuyenvien", "Dự thảo quyết định lập đoàn", **team)
    file.sign()
    assert file.status == "Đang xử lý", "the decision on the team is no result"
    found: dict[str, object] = {"heavy_faults": heavy, "serious_faults": serious, "samples_taken": samples, "site_seen": True}
    found |= {"site_person": "Lài Thị Xuân"}
    file.by("chuyenvien", "Thẩm định tại cơ sở", **found)


def proposed(file: File) -> str:
    page = file.town.clerk("chuyenvien.hacthanh").task(file.ref, "Thẩm tra biên bản")
    return str(page.form("Hoàn thành bước").control("proposal")[0].value)


def reviewed(file: File, outcome: str, **more: object) -> None:
    file.by("chuyenvien", "Thẩm tra biên bản", inspection_outcome=outcome, **more)


def certified(file: File) -> None:
    file.by("chuyenvien", "Dự thảo giấy chứng nhận", valid_until="2029-12-01")
    file.sign()
    file.hand_over()


def told_to_mend(file: File) -> None:
    reviewed(file, "mend")
    faults = [{"what": "Lắp lưới chắn côn trùng", "why": "Chỉ tiêu 4.2"}]
    file.by("chuyenvien", "Thông báo khắc phục", faults=faults, remedy_until="2026-11-30")


class TestPasses:
    def test_without_faults_the_certificate_is_issued_within_fifteen_days(self, town: Town) -> None:
        file = paid(town)
        assert file.due == DUE
        inspected(file)
        assert proposed(file) == "pass"
        reviewed(file, "pass")
        certified(file)

        assert file.status == "Đã trả kết quả"
        assert file.dates == [DUE]

    def test_faults_are_mended_on_the_tracking_page_while_the_clock_goes_on(self, town: Town) -> None:
        file = paid(town)
        inspected(file, heavy=2, samples=True)
        assert proposed(file) == "mend"
        told_to_mend(file)
        page = file.track()
        assert "Lắp lưới chắn côn trùng" in page.words
        page.press("Gửi phần bổ sung", text="Đã lắp xong lưới chắn ngày 27/11.")
        left = {"heavy_faults": 0, "serious_faults": 0}
        file.by("chuyenvien", "Kiểm tra khắc phục", **left)
        assert proposed(file) == "pass"
        reviewed(file, "pass")
        certified(file)

        assert file.dates == [DUE], "mending does not stop the clock"

    def test_the_laboratory_is_silent_and_its_report_is_typed_by_hand(self, town: Town) -> None:
        with town.nobody_answers():
            file = paid(town)
            inspected(file, samples=True)
            town.at("2026-11-30 08:00")
            file.by("chuyenvien", "Nhập kết quả kiểm nghiệm", lab_state="passed")
        reviewed(file, "pass")
        certified(file)

        assert file.status == "Đã trả kết quả"


class TestFails:
    def test_not_mended_by_the_day_of_the_notice_it_is_refused_and_the_watch_is_told(self, town: Town) -> None:
        file = paid(town)
        inspected(file, heavy=1)
        told_to_mend(file)
        town.at("2026-12-01 08:00")
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words

    def test_a_sample_that_fails_is_a_failure_whatever_the_site_looks_like(self, town: Town) -> None:
        site = declared(CODE)["site"] | {"name": "Cơ sở Không Đạt"}
        file = paid(town, site=site)
        inspected(file, samples=True)
        assert proposed(file) == "fail"
        reviewed(file, "fail", refusal_ground="sample_failed")
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        town.outside = False
        file.sign()
        town.at("2026-11-26 08:00")
        file.by("chuyenvien", "Gửi công văn báo kết quả")
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_refused_at_reception(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Không thuộc phạm vi quản lý")

        assert file.status == "Không được tiếp nhận"


def test_the_description_is_supplemented_and_the_days_count_anew(town: Town) -> None:
    file = paid(town)
    file.by("chuyenvien", "Kiểm tra hồ sơ hợp lệ", examination_outcome="supplement")
    town.at("2026-11-25 10:00")
    file.supplemented()

    assert file.dates == [DUE, "17:00 thứ Năm 10/12/2026"]
