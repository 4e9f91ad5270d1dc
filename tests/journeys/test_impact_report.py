"""1.010733: appraisal of an environmental impact report. A council, two submissions, two clocks, twelve months not counted."""

from typing import cast

from sqlalchemy import select

from engine.dossiers import limits
from engine.dossiers.act import Act
from engine.dossiers.models import Deadline
from engine.dossiers.topics.clock import open_stage
from engine.dossiers.topics.supplement import restart
from engine.runtime.machine import EngineCall
from tests.journeys.clerk import PDF, File, Town
from tests.journeys.pages import Page

CODE = "1.010733"
OFFICE = "Sở Nông nghiệp và Môi trường"
KEEPER = "chuyenvien.nnmt"
SECRETARY, CHAIR = "thukyhoidong.nnmt", "chutichhoidong.nnmt"
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
REMARK = "Bổ sung phương án thu gom nước thải."


def votes(passed: int = 0, changes: int = 0, fail: int = 0) -> list[dict[str, str]]:
    """The council, each with a vote; who is left is absent."""
    given = ["pass"] * passed + ["changes"] * changes + ["fail"] * fail
    given += ["absent"] * (len(MEMBERS) - len(given))
    return [{"name": one["name"], "role": one["role"], "vote": vote} for one, vote in zip(MEMBERS, given, strict=True)]


#: Of a conclusion, how the council voted.
VOTES = {"pass": votes(passed=6), "changes": votes(changes=5, fail=1), "fail": votes(passed=3, fail=3)}


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
    file.by(SECRETARY, "Họp hội đồng thẩm định", members=VOTES[outcome], council_vote=outcome)
    file.by(CHAIR, "Kết luận thẩm định", appraisal_outcome=outcome, **more)
    return file


def told_to_mend(town: Town) -> File:
    file = in_council(town, "changes")
    file.by(KEEPER, "Dự thảo thông báo chỉnh sửa", remarks=[{"remark": REMARK}])
    file.sign(review=True, place="nnmt")
    return file


def second(town: Town, file: File, **answers: object) -> Page:
    """The applicant hands in the second file on the tracking page."""
    page = file.track().press("Khai và nộp hồ sơ lần hai")
    form = page.form("Gửi hồ sơ lần hai")
    answer = {"remark": REMARK, "answer": "Đã bổ sung hệ thống thu gom, xử lý 50 m3/ngày.", "page": "34"}
    form.fill({"remarks": [answer], "truthful": True} | answers)
    form.attach("file:final_report", PDF, "bao-cao-chinh-sua.pdf")
    page = form.press("Gửi hồ sơ lần hai")
    town.work_off()
    return page


class TestSecondSubmission:
    """Law 72/2020/QH14 art. 36: a request for approval of its own (form 09a), with the mended report."""

    def test_it_begins_with_the_notice_and_every_remark_of_the_council(self, town: Town) -> None:
        file = told_to_mend(town)
        page = file.track()
        assert "Bạn cần nộp hồ sơ lần hai" in page.words
        assert "Văn bản ủy quyền" not in page.words, "asked for is what belongs to the second file, no more"
        assert not page.offers("Gửi phần bổ sung"), "a word that files came is not enough"
        form = page.press("Khai và nộp hồ sơ lần hai").form("Gửi hồ sơ lần hai")
        assert form.control("notice_no")[0].value == "128/UBND"
        assert form.control("remarks.0.remark")[0].value.strip() == REMARK

    def test_a_remark_without_an_answer_or_a_report_that_is_not_there_is_refused_in_words_and_the_twelve_months_go_on(
        self, town: Town
    ) -> None:
        file = told_to_mend(town)
        refused = second(town, file, remarks=[{"remark": REMARK, "answer": "", "page": "34"}])
        assert refused.status == 422
        assert "bao-cao-chinh-sua.pdf" in refused.words, "nothing typed or chosen is lost"
        form = file.track().press("Khai và nộp hồ sơ lần hai").form("Gửi hồ sơ lần hai")
        form.fill({"remarks": [{"remark": REMARK, "answer": "Đã sửa.", "page": "34"}], "truthful": True})
        refused = form.press("Gửi hồ sơ lần hai")
        assert "Còn thiếu: Báo cáo đã chỉnh sửa" in refused.said
        assert file.status == "Yêu cầu bổ sung giấy tờ"

    def test_who_appraises_reads_each_answer_beside_its_remark_and_the_files_lie_under_their_own_paper(self, town: Town) -> None:
        file = told_to_mend(town)
        assert "Đã nhận hồ sơ lần hai" in second(town, file).said
        assert file.dates == [DUE, "17:00 thứ Ba 08/12/2026"], "fifteen days of the approval, from the second file"
        page = town.clerk(KEEPER).task(file.ref, "Thẩm định sau chỉnh sửa")
        assert page.form("Hoàn thành bước").control("remarks.0.answer")[0].value.strip().startswith("Đã bổ sung hệ thống thu gom")
        assert "bao-cao-chinh-sua.pdf" in file.page().words

    def test_the_counter_takes_it_in_on_paper_with_the_same_form(self, town: Town) -> None:
        file = told_to_mend(town)
        page = town.clerk("tiepnhan.tinh").open(f"/dossiers/{file.ref}")
        assert not page.offers("Ghi nhận đã bổ sung")
        form = page.link("Nhận hồ sơ lần hai").form("Ghi nhận hồ sơ lần hai")
        form.fill({"remarks": [{"remark": REMARK, "answer": "Đã sửa.", "page": "34"}], "truthful": True})
        form.fill({"remark": "Bản giấy ký từng trang nộp tại quầy ngày 23/11/2026"})
        page = form.press("Ghi nhận hồ sơ lần hai")
        assert "Đã ghi nhận hồ sơ lần hai" in page.said
        town.work_off()
        assert town.clerk(KEEPER).has(file.ref, "Thẩm định sau chỉnh sửa")


class TestCouncil:
    def test_the_minutes_of_its_session_are_a_paper_with_every_vote_art_34(self, town: Town) -> None:
        file = in_council(town, "changes")
        [minutes] = file.slips("council_minutes")

        assert minutes.data["council_vote"] == "changes"
        assert [one["vote"] for one in minutes.data["members"]] == ["changes"] * 5 + ["fail", "absent"]
        page = town.clerk(KEEPER).open(f"/dossiers/{file.ref}")
        assert "Biên bản phiên họp hội đồng thẩm định" in page.words
        assert "Biên bản phiên họp hội đồng thẩm định" not in file.track().words, "who voted how is not for the applicant"

    def test_only_the_council_holds_its_session_and_its_conclusion_follows_its_votes(self, town: Town) -> None:
        """Law 72/2020/QH14 art. 34; more than a third that vote to fail is a no."""
        file = reviewed(town)
        file.by(KEEPER, "Dự thảo lập hội đồng", members=MEMBERS)
        file.sign(review=True, place="nnmt")
        file.by(KEEPER, "Khảo sát thực tế")
        assert not town.clerk(KEEPER).has(file.ref, "Họp hội đồng thẩm định")
        secretary = town.clerk(SECRETARY)
        form = secretary.task(file.ref, "Họp hội đồng thẩm định").form("Hoàn thành bước")
        assert form.control("members.0.name")[0].value == "Lê Văn An", "as the decision named them"
        few = {"held_on": "23/11/2026", "minutes_no": "01/BB", "minutes": "Hội đồng thảo luận.", "council_vote": "pass"}
        form.fill({"members": votes(passed=4)} | few)
        assert "ít nhất hai phần ba số thành viên" in form.press("Hoàn thành bước").said
        form.fill({"members": votes(passed=3, fail=3)} | few)
        assert "không khớp với các phiếu" in form.press("Hoàn thành bước").said
        file.by(SECRETARY, "Họp hội đồng thẩm định", members=VOTES["fail"], council_vote="fail")
        form = town.clerk(CHAIR).task(file.ref, "Kết luận thẩm định").form("Hoàn thành bước")
        form.fill({"appraisal_outcome": "pass", "opinion": "Báo cáo đạt yêu cầu."})
        assert "Kết luận phải theo kết quả kiểm phiếu" in form.press("Hoàn thành bước").said

    def test_what_is_completed_in_the_second_stage_counts_the_limit_of_that_stage_again(self, town: Town) -> None:
        """Decree 118/2025 art. 19(5): twenty days for the first file, fifteen for the second, from zero."""
        file = told_to_mend(town)
        town.at("2027-03-01 09:00")
        second(town, file)
        with town.house.unit() as uow:
            act = Act.on(uow, file.row.id)
            limits.stop_clock(act, "supplement")
            restart(act, cast(EngineCall, None))
            uow.session.flush()
            asked = select(Deadline).filter_by(dossier_id=file.row.id).order_by(Deadline.runs_from, Deadline.id)
            ran = [(one.limit, one.stopped_why) for one in uow.session.scalars(asked)]
        assert ran == [("20 d", "revision"), ("15 d", "supplement"), ("15 d", None)]

    def test_the_second_stage_counts_from_receipt_however_late_a_diagram_comes_to_it(self, town: Town) -> None:
        """Law 72/2020/QH14 art. 36: fifteen days from the receipt of the second file, not from when it was looked at."""
        file = told_to_mend(town)
        second(town, file)
        town.at("2026-11-25 09:00")
        with town.house.unit() as uow:
            act = Act.on(uow, file.row.id)
            limits.stop_clock(act, "anew")
            open_stage(act, cast(EngineCall, None))
        assert file.dates[-1] == "17:00 thứ Ba 08/12/2026"

    def test_passed_with_changes_mended_approved_and_made_public(self, town: Town) -> None:
        file = told_to_mend(town)
        assert file.dates == [DUE]
        assert file.row.result_number is None, "a notice is no result"
        page = file.track()
        assert REMARK in page.words
        assert "Báo cáo đã chỉnh sửa" in page.words
        town.at("2027-03-01 09:00")
        second(town, file)
        # fifteen days from Monday 1/3
        assert file.dates == [DUE, "17:00 thứ Ba 16/03/2027"]
        file.by(KEEPER, "Thẩm định sau chỉnh sửa", revision_outcome="met", remarks=[{"verdict": "met"}])
        file.by(KEEPER, "Dự thảo phê duyệt")
        file.sign(review=True, place="nnmt")
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert file.row.result_kind == "granted"

    def test_what_was_mended_does_not_meet_the_remarks_and_is_refused_with_its_reason_art_19_3(self, town: Town) -> None:
        file = told_to_mend(town)
        second(town, file)
        why = "Chưa có phương án thu gom nước thải giai đoạn thi công."
        file.by(KEEPER, "Thẩm định sau chỉnh sửa", revision_outcome="not_met", remarks=[{"verdict": "not_met"}], refusal_reason=why)
        file.by(KEEPER, "Dự thảo văn bản từ chối", refusal_reason=why)
        file.sign(review=True, place="nnmt")
        assert file.row.result_kind == "refused", "never granted"
        assert [one.data["reason"] for one in file.slips("refusal")] == [why], "form 03 says why"
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words
        assert file.status == "Đã trả kết quả"

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
        file.by(SECRETARY, "Họp hội đồng thẩm định", members=VOTES["pass"], council_vote="pass")
        file.by(CHAIR, "Kết luận thẩm định", appraisal_outcome="pass")
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
        file.by(KEEPER, "Tổng hợp, kết luận", appraisal_outcome="pass")
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


class TestWhoFollowsIt:
    def test_an_organisation_is_named_in_full(self, town: Town) -> None:
        page = reviewed(town).track()
        assert "Công ty CP Gạch Mường Sáng" in page.words
        assert "Tên được rút gọn" not in page.words
