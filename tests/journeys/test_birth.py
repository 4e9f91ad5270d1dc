"""1.001193: birth registration. The population database is asked, the citizen confirms, one registration only."""

from tests.journeys.clerk import File, Town, declared

CODE = "1.001193"
NO_COPIES = {"copies_wanted": "no", "copies_count": None}
GOOD = {"examination_outcome": "eligible", "marriage_lookup": "found", "duplicate_check": "clear"}


def taken_in(town: Town, **more: object) -> File:
    return town.take_in(CODE, answers=NO_COPIES | more)


class TestAtTheCounter:
    def test_at_half_past_three_the_certificate_is_promised_for_the_next_working_day(self, town: Town) -> None:
        town.at("2026-11-23 15:30")
        file = taken_in(town)
        assert file.due == "17:00 thứ Tư 25/11/2026"
        file.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", **GOOD)
        file.by("chuyenvien", "In giấy khai sinh và bản sao")
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_at_three_sharp_it_is_still_in_time_for_the_same_day(self, town: Town) -> None:
        town.at("2026-11-23 15:00")

        assert taken_in(town).due == "17:00 thứ Hai 23/11/2026"

    def test_refused_after_assessment_nothing_is_registered(self, town: Town) -> None:
        file = taken_in(town)
        file.by(
            "chuyenvien",
            "Thẩm tra hồ sơ khai sinh",
            examination_outcome="ineligible",
            marriage_lookup="found",
            duplicate_check="registered",
            refusal_ground="already_registered",
        )
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words
        assert "Đăng ký phần mềm hộ tịch" not in file.page().words

    def test_refused_at_reception_with_the_consent_of_the_head(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Không thuộc thẩm quyền", answers=NO_COPIES)
        file.by("giamdoc", "Duyệt từ chối tiếp nhận", refusal_approval="approve")

        assert file.status == "Không được tiếp nhận"

    def test_a_supplement_restarts_the_day(self, town: Town) -> None:
        file = taken_in(town)
        file.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", **GOOD | {"examination_outcome": "supplement"})
        town.at("2026-11-25 09:00")
        file.supplemented()

        assert file.dates == ["17:00 thứ Hai 23/11/2026", "17:00 thứ Tư 25/11/2026"]


class TestOnline:
    def test_corrected_then_silent_then_rejected_and_sent_back_it_is_registered_once(self, town: Town) -> None:
        child = declared(CODE)["child"] | {"full_name": "Lò Từ Chối An"}
        file = town.lodge_online(CODE, NO_COPIES | {"child": child})
        file.accept()
        file.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", **GOOD)
        page = file.track()
        assert page.heading == "Mời bạn xác nhận bản điện tử"
        page.press("Đề nghị sửa", text="Tên con viết sai dấu")
        file.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", **GOOD)
        town.at("2026-11-26 08:00")
        file.by("chuyenvien", "Sửa dữ liệu đăng ký")
        # The stand-in rejects this name for ever: the ministry's software falls silent, a person types.
        assert "Sửa dữ liệu đăng ký" in file.page().words


class TestOutsideSilent:
    def test_a_busy_population_database_leaves_the_look_up_to_the_specialist_after_two_hours(
        self, town: Town
    ) -> None:
        mother = declared(CODE)["mother"] | {"personal_id": "099300000503"}
        file = taken_in(town, mother=mother)
        assert town.carry() == ["population.lookup"]
        assert not town.clerk("chuyenvien.hacthanh").has(file.ref, "Thẩm tra hồ sơ khai sinh")
        town.at("2026-11-23 13:45")
        file.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", **GOOD)
        file.by("chuyenvien", "In giấy khai sinh và bản sao")

        assert town.carry() == [], "a late answer must not open the look-up again"

    def test_an_unknown_parent_is_told_to_the_specialist_not_refused(self, town: Town) -> None:
        father = declared(CODE)["father"] | {"personal_id": "099098000404"}
        file = taken_in(town, father=father, requester=declared(CODE)["requester"] | {"personal_id": "099098000404"})

        assert town.clerk("chuyenvien.hacthanh").has(file.ref, "Thẩm tra hồ sơ khai sinh")

    def test_where_it_is_verified_the_specialist_is_told_until_when_an_apology_may_go_out_as_everywhere(self, town: Town) -> None:
        """Three working days when it must be verified (Decree 123/2015 art. 16), and art. 19(6) behind them as behind every limit."""
        file = taken_in(town)
        file.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", examination_outcome="verify", marriage_lookup="missing", duplicate_check="clear")
        town.at("2026-11-26 16:50")
        assert "Nếu không kịp, phải xin lỗi và hẹn lại trước 17:00 thứ Năm 26/11/2026" in file.page("chuyenvien").words
        town.at("2026-11-27 15:00")
        assert "Không còn xin lỗi, hẹn lại được nữa" in file.page("chuyenvien").words

    def test_the_marriage_is_verified_elsewhere_and_the_registry_and_the_id_come_late(self, town: Town) -> None:
        file = taken_in(town)
        town.outside = False
        file.by(
            "chuyenvien",
            "Thẩm tra hồ sơ khai sinh",
            examination_outcome="verify",
            marriage_lookup="missing",
            duplicate_check="clear",
        )
        assert file.dates == ["17:00 thứ Hai 23/11/2026", "17:00 thứ Sáu 27/11/2026"], "three working days"
        assert "Hồ sơ phải xác minh" in file.track().words
        file.by(
            "chuyenvien",
            "Soạn văn bản lấy ý kiến",
            offices=[{"office": "Ủy ban nhân dân phường Sầm Sơn"}],
            question="Xác nhận tình trạng hôn nhân của cha mẹ cháu.",
        )
        page = town.clerk("chuyenvien.samson").open("/inbox/incoming").link("Lò Minh An")
        page.press("Trả lời ý kiến", text="Hai người đăng ký kết hôn ngày 08/3/2024.")
        file.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", **GOOD | {"marriage_state": "confirmed"})
        town.at("2026-11-25 10:00")
        file.by("chuyenvien", "Nhập trực tiếp vào phần mềm", registration_state="accepted")
        town.at("2026-11-25 15:00")
        file.by("chuyenvien", "Đôn đốc lấy số định danh", personal_id_known=True, personal_id="099226012345")
        file.by("chuyenvien", "In giấy khai sinh và bản sao")
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"
