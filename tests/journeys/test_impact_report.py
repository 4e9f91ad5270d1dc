"""1.010733: appraisal of an environmental impact report. A council, two clocks, and twelve months that do not count."""

from tests.journeys.clerk import File, Town

CODE = "1.010733"
OFFICE = "Sở Nông nghiệp và Môi trường"
KEEPER = "chuyenvien.nnmt"
#: Twenty days from 23/11 end on Sunday 13/12.
DUE = "17:00 thứ Hai 14/12/2026"
MEMBERS = [
    {"name": name, "role": role, "body": "Sở Nông nghiệp và Môi trường"}
    for name, role in zip(
        ("Lê Văn An", "Trần Thị Bích", "Đỗ Văn Cường", "Hà Thị Dung", "Vũ Văn Em", "Mai Thị Giang", "Bùi Văn Hòa"),
        ("chair", "secretary", "reviewer", "reviewer", "member", "member", "member"),
        strict=True,
    )
]
VOTES = {"members_count": 7, "present": 6, "votes_pass": 0, "votes_changes": 5, "votes_fail": 1}


def reviewed(town: Town, outcome: str = "eligible", *, way: str = "council", **more: object) -> File:
    file = town.take_in(CODE, by="tiepnhan.tinh", competent_office_id=OFFICE, answers={"appraisal_way": way})
    file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="card")
    file.by(KEEPER, "Rà soát đối tượng", examination_outcome=outcome, **more)
    return file


def in_council(town: Town, outcome: str, **more: object) -> File:
    file = reviewed(town)
    file.by(KEEPER, "Dự thảo lập hội đồng", members=MEMBERS)
    file.sign(review=True, place="nnmt")
    file.by(KEEPER, "Khảo sát thực tế")
    file.by(KEEPER, "Họp hội đồng thẩm định", **VOTES)
    file.by(KEEPER, "Kết luận thẩm định", appraisal_outcome=outcome, **more)
    return file


def told_to_mend(town: Town) -> File:
    file = in_council(town, "changes")
    file.by(KEEPER, "Dự thảo thông báo chỉnh sửa", remarks=[{"remark": "Bổ sung phương án thu gom nước thải."}])
    file.sign(review=True, place="nnmt")
    return file


class TestCouncil:
    def test_passed_with_changes_mended_approved_and_made_public(self, town: Town) -> None:
        file = told_to_mend(town)
        assert file.dates == [DUE]
        assert file.row.result_number is None, "a notice is no result"
        page = file.track()
        assert "Bổ sung phương án thu gom nước thải." in page.words
        assert "Báo cáo đã chỉnh sửa" in page.words
        town.at("2027-03-01 09:00")
        file.track().press("Gửi phần bổ sung", text="Gửi báo cáo đã chỉnh sửa.")
        town.work_off()
        # fifteen days from Monday 1/3
        assert file.dates == [DUE, "17:00 thứ Ba 16/03/2027"]
        answers = [{"remark": "Thu gom nước thải", "verdict": "met"}]
        file.by(KEEPER, "Thẩm định sau chỉnh sửa", revision_outcome="met", answers=answers)
        file.by(KEEPER, "Dự thảo phê duyệt")
        file.sign(review=True, place="nnmt")
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert file.row.result_kind == "granted"

    def test_what_was_mended_does_not_meet_the_remarks_and_is_not_approved(self, town: Town) -> None:
        file = told_to_mend(town)
        file.say("Ghi nhận đã bổ sung", "Nộp tại quầy", by="tiepnhan")
        file.by(KEEPER, "Thẩm định sau chỉnh sửa", revision_outcome="not_met")
        file.by(KEEPER, "Dự thảo văn bản từ chối")
        file.sign(review=True, place="nnmt")
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words

    def test_after_twelve_months_a_person_closes_it(self, town: Town) -> None:
        file = told_to_mend(town)
        town.at("2027-11-22 08:00")
        assert file.status == "Yêu cầu bổ sung giấy tờ"
        town.at("2027-11-24 08:00")
        file.by("tiepnhan", "Đóng hồ sơ, báo người nộp", ground="not_supplemented")

        assert file.status == "Dừng xử lý"

    def test_passed_at_once_though_the_council_was_sent_back_and_the_portal_is_silent(self, town: Town) -> None:
        file = reviewed(town)
        file.by(KEEPER, "Dự thảo lập hội đồng", members=MEMBERS)
        file.by("truongphong.nnmt", "Xem dự thảo", review_outcome="send_back")
        file.by(KEEPER, "Dự thảo lập hội đồng", members=MEMBERS)
        file.sign(review=True, place="nnmt")
        file.by(KEEPER, "Khảo sát thực tế")
        file.by(KEEPER, "Họp hội đồng thẩm định", **VOTES)
        file.by(KEEPER, "Kết luận thẩm định", appraisal_outcome="pass")
        file.by(KEEPER, "Dự thảo phê duyệt")
        with town.nobody_answers():
            file.sign(review=True, place="nnmt")
            town.at("2026-11-26 08:00")
            file.by(KEEPER, "Công khai thủ công", place="Bảng tin trụ sở Sở")
        file.hand_over()

        assert file.dates == [DUE]
        assert file.status == "Đã trả kết quả"

    def test_the_council_fails_it(self, town: Town) -> None:
        file = in_council(town, "fail", refusal_ground="not_passed")
        file.by(KEEPER, "Dự thảo văn bản từ chối")
        file.sign(review=True, place="nnmt")
        file.hand_over()

        assert file.row.result_kind == "refused"


class TestOtherwise:
    def test_special_public_investment_is_appraised_by_asking_offices_in_ten_days(self, town: Town) -> None:
        file = reviewed(town, way="opinions")
        assert file.due == "17:00 thứ Năm 03/12/2026"
        file.by(KEEPER, "Soạn văn bản lấy ý kiến", offices=[{"office": "Sở Xây dựng"}], question="Đề nghị góp ý báo cáo.")
        page = town.clerk("chuyenvien.xaydung").open("/inbox/incoming").link(file.row.owner_name)
        page.press("Trả lời ý kiến", text="Thống nhất với báo cáo.")
        town.work_off()
        file.by(KEEPER, "Kết luận thẩm định", appraisal_outcome="pass")
        file.by(KEEPER, "Dự thảo phê duyệt")
        file.sign(review=True, place="nnmt")

        assert file.status == "Đã xử lý xong"

    def test_a_wrong_scope_found_after_acceptance_is_answered_in_writing(self, town: Town) -> None:
        file = reviewed(town, "ineligible", refusal_ground="wrong_authority")
        file.by(KEEPER, "Dự thảo văn bản từ chối")
        file.by("truongphong.nnmt", "Xem dự thảo", review_outcome="send_back")
        file.by(KEEPER, "Dự thảo văn bản từ chối")
        file.sign(review=True, place="nnmt")

        assert file.row.result_kind == "refused"

    def test_refused_at_reception(self, town: Town) -> None:
        file = town.take_in(
            CODE, by="tiepnhan.tinh", competent_office_id=OFFICE, decision="Từ chối", reason="Thiếu báo cáo"
        )

        assert file.status == "Không được tiếp nhận"
