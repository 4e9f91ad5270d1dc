"""2.002913: the death group of Decree 63/2024. Who is dead is registered first; each benefit is a dossier of its own."""

import pytest
from sqlalchemy import select

from engine.calendar.opening import local
from engine.documents.models import Component
from engine.dossiers.models import AnswerSet, Supplement
from tests.journeys.clerk import File, Town
from tests.journeys.groups import child, followed, kinds, reported

CODE = "2.002913"
MERIT = {"benefit_routes": ["merit"], "merit_file_no": "NCC-0417"}
INSURED = {
    "benefit_routes": ["insured_working"], "social_insurance_no": "3800001803", "employer": "Công ty may Mẫu", "last_payment_month": "10/2026",
    "work_accident": "no",
    "survivors": [
        {"full_name": "Lã Thị Thêu", "birth_year": 1988, "relation": "spouse", "personal_id": "099188001802", "claim_ground": "spouse", "benefit_form": "one_time"},
        {"full_name": "Cù Gia Bảo", "birth_year": 2008, "relation": "child", "claim_ground": "student", "benefit_form": "monthly"},
    ],
    "receiver": {"full_name": "Lã Thị Thêu", "personal_id": "099188001802"},
}  # fmt: skip
NONE: dict[str, object] = {"benefit_routes": []}


def asked(town: Town, file: File) -> set[str]:
    """The papers that this declaration asks for."""
    with town.house.sessions() as session:
        return set(session.scalars(select(Component.name).filter_by(dossier_id=file.row.id, required=True)))


def register_death(town: Town, file: File) -> File:
    death = child(town, file, "death")
    death.say("Xác nhận đã nhận", by="chuyenvien")
    death.by("chuyenvien", "Thẩm tra hồ sơ khai tử", examination_outcome="eligible", population_state="alive", duplicate_check="clear")
    if (page := death.track()).offers("Đúng, tôi đồng ý"):
        page.press("Đúng, tôi đồng ý")
    death.settle()
    death.by("chuyenvien", "In trích lục khai tử")
    death.sign()
    return death


class TestElectronic:
    def test_the_extract_is_returned_while_residence_and_funeral_support_go_on(self, town: Town) -> None:
        file = town.lodge_online(CODE)
        file.accept()
        assert file.due == "17:00 thứ Hai 30/11/2026", "one day for the registration, three for the support; 24/11 is a holiday"
        death = register_death(town, file)
        assert death.status == "Đã trả kết quả"
        file.by("chuyenvien", "Xác định chế độ được hưởng")
        assert kinds(town, file) == {"death", "residence", "support"}
        followed(town, file, "residence")
        assert file.status == "Đang xử lý"

        support = child(town, file, "support")
        assert support.due == "17:00 thứ Sáu 27/11/2026"
        support.say("Xác nhận đã nhận", by="chuyenvien")
        support.by("chuyenvien", "Thẩm tra mức hưởng", examination_outcome="eligible", death_registered="yes", drawn_until="11/2026")
        support.by("chuyenvien", "Dự thảo quyết định hỗ trợ", amount_words="Mười triệu đồng")
        support.sign()
        file.settle()
        assert file.status == "Đã trả kết quả"

    def test_a_person_with_merit_gets_the_longest_limit_and_no_second_funeral_sum(self, town: Town) -> None:
        file = town.lodge_online(CODE, MERIT)
        file.accept()
        assert file.due == "17:00 thứ Hai 21/12/2026"
        register_death(town, file)
        file.by("chuyenvien", "Xác định chế độ được hưởng")
        assert kinds(town, file) == {"death", "residence", "merit"}
        reported(town, file, "residence", "chuyenvien.cahacthanh", "XT-0003")
        assert file.status == "Đang xử lý"

        merit = child(town, file, "merit")
        merit.say("Xác nhận đã nhận", by="chuyenvien.noivu")
        assert merit.due == "17:00 thứ Sáu 18/12/2026", "eighteen working days of the department (Decree 63/2024)"
        merit.by("chuyenvien.noivu", "Thẩm tra hồ sơ người có công", examination_outcome="eligible", drawn_until="11/2026")
        merit.by("chuyenvien.noivu", "Dự thảo quyết định trợ cấp", funeral_amount=23400000, once_amount=7000000, months=3)
        merit.sign(place="noivu")
        assert merit.row.result_kind == "granted"
        file.settle()
        assert file.status == "Đã trả kết quả"

    def test_who_is_not_entitled_gets_a_refusal_of_the_department_and_the_group_ends_all_the_same(self, town: Town) -> None:
        file = town.lodge_online(CODE, MERIT)
        file.accept()
        register_death(town, file)
        file.by("chuyenvien", "Xác định chế độ được hưởng")
        reported(town, file, "residence", "chuyenvien.cahacthanh", "XT-0003")
        merit = child(town, file, "merit")
        merit.say("Xác nhận đã nhận", by="chuyenvien.noivu")
        merit.by("chuyenvien.noivu", "Thẩm tra hồ sơ người có công", examination_outcome="ineligible", refusal_ground="not_entitled")
        merit.by("chuyenvien.noivu", "Dự thảo văn bản từ chối")
        merit.sign(place="noivu")
        file.settle()
        assert merit.row.result_kind == "refused"
        assert file.status == "Đã trả kết quả"

    def test_who_drew_a_social_allowance_gets_the_support_of_that_procedure(self, town: Town) -> None:
        file = town.lodge_online(CODE, {"benefit_routes": ["social_allowance"]})
        file.accept()
        assert file.due == "17:00 thứ Hai 30/11/2026", "one day for the registration, three for the support"
        register_death(town, file)
        file.by("chuyenvien", "Xác định chế độ được hưởng")
        assert kinds(town, file) == {"death", "residence", "allowance"}
        support = child(town, file, "allowance")
        assert (support.row.procedure_code, support.due) == ("1.001731", "17:00 thứ Sáu 27/11/2026")
        with town.house.sessions() as session:
            said = session.scalars(select(AnswerSet.answers).filter_by(dossier_id=support.row.id, step_id="lodge")).one()
        assert said["deceased_benefit"] == "social_allowance"

    @pytest.mark.parametrize("routes", [["social_pension", "social_allowance"], ["social_allowance", "insured_pensioner"]])
    def test_of_several_funeral_sums_one_is_proposed_and_no_second_can_be_ticked(self, town: Town, routes: list[str]) -> None:
        """Both supports are ten million today: then the later decree (176/2025, art. 5)."""
        file = town.lodge_online(CODE, {"benefit_routes": routes, "social_insurance_no": "3800001305", "work_accident": "no", "survivors": INSURED["survivors"]})
        file.accept()
        register_death(town, file)
        form = town.clerk("chuyenvien.hacthanh").task(file.ref, "Xác định chế độ được hưởng").form("Hoàn thành bước")
        proposed = {one for one in ("support_benefit", "allowance_benefit", "insurance_benefit") if form.control(one)[0].checked}
        assert proposed == ({"support_benefit"} if "social_pension" in routes else {"insurance_benefit"})
        with pytest.raises(AssertionError, match="Chỉ hưởng một mức mai táng cao nhất"):
            file.by("chuyenvien", "Xác định chế độ được hưởng", allowance_benefit=True)
    def test_a_part_gives_the_applicant_seven_working_days_decree_63_2024(self, town: Town) -> None:
        """Asked on Monday 23/11, 24/11 being a holiday: until the end of Thursday 03/12, and not fifteen days as alone."""
        file = town.lodge_online("2.002913")
        file.accept()
        death = child(town, file, "death")
        death.say("Xác nhận đã nhận", by="chuyenvien")
        missing = {"examination_outcome": "supplement", "population_state": "alive", "duplicate_check": "clear"}
        death.by("chuyenvien", "Thẩm tra hồ sơ khai tử", **missing)
        death.by("tiepnhan", "Gửi phiếu yêu cầu bổ sung")
        with town.house.sessions() as session:
            [row] = session.scalars(select(Supplement).filter_by(dossier_id=death.row.id)).all()
        assert f"{local(row.due_at):%d/%m/%Y %H:%M}" == "03/12/2026 23:59"

    def test_without_a_benefit_only_residence_follows(self, town: Town) -> None:
        file = town.lodge_online(CODE, NONE)
        file.accept()
        assert file.due == "17:00 thứ Năm 26/11/2026"
        register_death(town, file)
        file.by("chuyenvien", "Xác định chế độ được hưởng")
        assert kinds(town, file) == {"death", "residence"}
        followed(town, file, "residence")
        assert file.status == "Đã trả kết quả"

    def test_what_the_survivors_declared_once_lies_with_social_insurance_and_their_papers_are_asked_for(self, town: Town) -> None:
        """Employer, last month paid, the kin and what they claim: said once, with the group (Decree 63/2024)."""
        file = town.lodge_online(CODE, INSURED)
        assert {"Văn bản của các thân nhân cử người nhận trợ cấp", "Giấy tờ đang đi học hoặc biên bản giám định của thân nhân"} <= asked(town, file)
        file.accept()
        assert file.due == "17:00 thứ Hai 07/12/2026"
        register_death(town, file)
        file.by("chuyenvien", "Xác định chế độ được hưởng")
        assert kinds(town, file) == {"death", "residence", "insurance"}
        with town.house.sessions() as session:
            which = {"dossier_id": child(town, file, "insurance").row.id, "step_id": "lodge"}
            said = session.scalars(select(AnswerSet.answers).filter_by(**which)).one()
        assert (said["employer"], said["last_payment_month"], said["work_accident"]) == ("Công ty may Mẫu", "10/2026", "no")
        assert said["survivors"] == INSURED["survivors"]
        assert said["payee"] == INSURED["receiver"]

    def test_the_survivors_who_agreed_through_vneid_bring_no_mandate(self, town: Town) -> None:
        file = town.lodge_online(CODE, INSURED | {"survivors_agree_online": True})
        assert "Văn bản của các thân nhân cử người nhận trợ cấp" not in asked(town, file)
