"""What a citizen means comes first, however it is typed."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.catalog.models import Procedure
from engine.catalog.search import search

#: What is typed -> the procedure that must come first.
MEANT = [
    ("khai sinh", "1.001193"),
    ("Khai sinh", "1.001193"),
    ("đăng ký khai sinh", "1.001193"),
    ("dang ki khai sinh", "1.001193"),
    ("sinh khai", "1.001193"),
    ("làm khai sinh cho con", "1.001193"),
    ("khai sin", "1.001193"),
    ("kai sinh", "1.001193"),
    ("1.001193", "1.001193"),
    ("1193", "1.001193"),
    ("khai sinh lưu động", "1.003583"),
    ("đăng ký lại khai sinh", "1.004884"),
    ("trich luc ho tich", "2.000635"),
    ("bản sao giấy khai sinh", "2.000635"),
    ("giay phep xay dung nha o", "1.013225"),
    ("giấy phép xây dựng nhà ở riêng lẻ", "1.013225"),
    ("xin xây nhà", "1.013225"),
    ("kết hôn", "1.000894"),
    ("ket hon", "1.000894"),
    ("kết hôn với người nước ngoài", "2.000806"),
    ("khai tử", "1.000656"),
    ("báo tử", "1.000656"),
    ("giám hộ", "1.004837"),
    ("độc thân", "1.004873"),
    ("xác nhận tình trạng hôn nhân", "1.004873"),
    ("cải chính hộ tịch", "1.004859"),
    ("con nuôi trong nước", "2.001263"),
    ("chứng thực bản sao", "2.000815"),
    ("ban sao so goc", "2.000908"),
    ("thường trú", "1.004222"),
    ("hộ khẩu", "1.004222"),
    ("tạm trú", "1.004194"),
    ("hộ kinh doanh", "1.001612"),
    ("đổi bằng lái xe", "3.000347"),
    ("giay phep lai xe", "3.000346"),
    ("an toàn thực phẩm", "2.001827"),
    ("lý lịch tư pháp", "3.000333"),
    ("ho chieu", "1.001456"),
    ("cccd", "1.014061"),
    ("làm căn cước cho con", "1.014062"),
    ("cấp lại cccd", "1.014064"),
    ("gplx", "3.000346"),
    ("doi gplx", "3.000347"),
    ("sổ đỏ", "1.013978"),
    ("làm sổ đỏ", "1.013978"),
    ("mất sổ đỏ", "1.012786"),
    ("đính chính sổ đỏ", "1.012790"),
    ("tách thửa", "1.012784"),
    ("giấy phép xây dựng", "1.013225"),
    ("xin phép xây nhà", "1.013225"),
    ("sửa nhà", "1.013229"),
    ("giấy xác nhận độc thân", "1.004873"),
    ("xac nhan cu tru", "1.010041"),
    ("tách hộ khẩu", "1.010038"),
    ("nhập khẩu cho con", "1.004222"),
    ("dang ky tam tru", "1.004194"),
    ("khai tử cho bố", "1.000656"),
    ("đăng ký khai tử ở đâu", "1.000656"),
    ("nhan cha me con", "1.001022"),
    ("đổi tên", "1.004859"),
    ("thay doi ho ten", "1.004859"),
    ("cải chính năm sinh", "1.004859"),
    ("nuoi con nuoi", "2.001263"),
    ("chứng thực chữ ký", "2.000884"),
    ("mở cửa hàng", "1.001612"),
    ("giải thể hộ kinh doanh", "1.001266"),
    ("mã số thuế", "1.008498"),
    ("bhxh mot lan", "1.001613"),
    ("thẻ bhyt", "2.000639"),
    ("đăng ký thế chấp", "1.011441"),
    ("xóa thế chấp", "1.011443"),
    ("khai thác nước ngầm", "1.001662"),
    ("hộ nghèo", "1.011607"),
    ("mat ho chieu", "1.010385"),
]
#: What is typed -> a word that the first five names must have, where many procedures are as good as another.
AMONG = [
    ("sang tên xe", "sang tên"),
    ("đăng ký xe máy", "xe lần đầu"),
    ("thành lập công ty", "công ty"),
    ("ly lich tu phap", "lý lịch tư pháp"),
    ("thuế thu nhập cá nhân", "thuế thu nhập cá nhân"),
]
#: Of these the publication has nothing; a list of what only shares a syllable would mislead.
NOTHING = ["trợ cấp người cao tuổi", "người khuyết tật", "học sinh chuyển trường", "vay vốn sinh viên"]


class TestSearch:
    @pytest.mark.parametrize(("typed", "code"), MEANT)
    def test_what_is_meant_comes_first(self, catalogue: Session, typed: str, code: str) -> None:
        assert search(catalogue, typed)[0].code == code

    @pytest.mark.parametrize(("typed", "words"), AMONG)
    def test_the_first_are_about_it(self, catalogue: Session, typed: str, words: str) -> None:
        names = [hit.name.lower() for hit in search(catalogue, typed, limit=3)]
        assert names
        assert all(words in name for name in names), names

    @pytest.mark.parametrize("typed", NOTHING)
    def test_what_is_not_published_is_not_found(self, catalogue: Session, typed: str) -> None:
        assert search(catalogue, typed) == []

    def test_a_new_procedure_is_known_to_who_mistypes_it(self, catalogue: Session) -> None:
        assert search(catalogue, "lễ hội nghinb ông") == []  # and the words of all names are kept
        catalogue.execute(
            update(Procedure).where(Procedure.code == "1.001193").values(search_name="le hoi nghinh ong")
        )
        assert [hit.code for hit in search(catalogue, "lễ hội nghinb ông")] == ["1.001193"]
        catalogue.rollback()

    def test_with_and_without_diacritics_the_same_are_found(self, catalogue: Session) -> None:
        with_marks = {hit.code for hit in search(catalogue, "đăng ký kết hôn", limit=50)}
        assert with_marks == {hit.code for hit in search(catalogue, "dang ky ket hon", limit=50)}

    def test_decomposed_letters_are_the_same_letters(self, catalogue: Session) -> None:
        assert search(catalogue, "khai tử")[0].code == "1.000656"

    def test_result_and_field_are_searched_too(self, catalogue: Session) -> None:
        assert "1.001193" in [hit.code for hit in search(catalogue, "giấy khai sinh")]
        assert {hit.field for hit in search(catalogue, "hoạt động ngoại hối", limit=5)} == {
            "Hoạt động ngoại hối"
        }

    def test_a_part_of_a_code_finds_all_that_have_it(self, catalogue: Session) -> None:
        assert [hit.code for hit in search(catalogue, "01322")][:2] == ["1.013222", "1.013223"]

    def test_level_and_field_narrow(self, catalogue: Session) -> None:
        hits = search(catalogue, "khai sinh", level="commune", field="Hộ tịch", limit=50)
        assert {(hit.level, hit.field) for hit in hits} == {("commune", "Hộ tịch")}
        assert search(catalogue, "khai sinh", level="ministry", field="Hộ tịch") == []

    def test_without_words_the_field_is_listed(self, catalogue: Session) -> None:
        assert {hit.field for hit in search(catalogue, " ", field="Chứng thực", limit=50)} == {"Chứng thực"}

    def test_the_limit_holds(self, catalogue: Session) -> None:
        assert len(search(catalogue, "cấp giấy phép", limit=7)) == 7

    @pytest.mark.parametrize(
        "odd", ["'", "a & | ! b:*", "<-> ()", "%", "\\", "🏠", "x" * 5000, "zzzz qqqq", "0" * 50]
    )
    def test_odd_signs_are_no_error(self, catalogue: Session, odd: str) -> None:
        assert isinstance(search(catalogue, odd), list)

    def test_a_procedure_of_the_frame_has_no_diagram_of_its_own(self, catalogue: Session) -> None:
        hit = search(catalogue, "khai sinh")[0]
        assert (hit.name, hit.level, hit.has_diagram) == ("Thủ tục đăng ký khai sinh", "commune", False)
