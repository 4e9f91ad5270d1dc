"""2.002913: the death group of Decree 63/2024. Who is dead is registered first; each benefit is a dossier of its own."""

from tests.journeys.clerk import File, Town
from tests.journeys.groups import child, followed, kinds, reported

CODE = "2.002913"
MERIT = {"benefit_routes": ["merit"], "merit_file_no": "NCC-0417"}
NONE: dict[str, object] = {"benefit_routes": []}


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

    def test_without_a_benefit_only_residence_follows(self, town: Town) -> None:
        file = town.lodge_online(CODE, NONE)
        file.accept()
        assert file.due == "17:00 thứ Năm 26/11/2026"
        register_death(town, file)
        file.by("chuyenvien", "Xác định chế độ được hưởng")
        assert kinds(town, file) == {"death", "residence"}
        followed(town, file, "residence")
        assert file.status == "Đã trả kết quả"
