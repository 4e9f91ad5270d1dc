"""What is posted publicly is read by everybody, and what they say reaches whoever decides (Decree 20/2021; L08)."""

import pytest

from tests.journeys.clerk import File, Town, agrees
from tests.journeys.pages import Page
from tests.journeys.test_allowance import assigned

PLACE = "Nhà văn hóa tổ dân phố 5"
OBJECTION = "Gia đình này có người phụng dưỡng, đang có thu nhập."


def examined(file: File, **more: object) -> None:
    file.by("chuyenvien2", "Thẩm tra điều kiện hưởng", examination_outcome="eligible", **more)


def posted(town: Town, **more: object) -> File:
    """Posted on Monday 23 November for two working days; Tuesday is a holiday."""
    file = assigned(town)
    examined(file, posting_required=True, **more)
    file.by("chuyenvien2", "Niêm yết công khai", posted_from="2026-11-23", posted_to="2026-11-26", place=PLACE)
    return file


def everybody(town: Town) -> Page:
    return town.citizen().open("/track").link("Hồ sơ đang niêm yết công khai")


@pytest.fixture
def file(town: Town) -> File:
    return posted(town)


class TestThePublicPage:
    def test_says_which_dossier_where_until_when_and_no_more_of_a_person_than_must_be(self, town: Town) -> None:
        assert "Hôm nay không có hồ sơ nào được niêm yết." in everybody(town).words
        file = posted(town)
        page = everybody(town)
        row = page.row(file.ref).text_content()

        assert PLACE in row
        assert "đến 17:00 thứ Năm 26/11/2026" in row
        name = file.row.owner_name.split()
        assert f"{name[0][0]}." in row
        assert file.row.owner_name not in page.words
        assert (file.row.applicant_personal_id or "–") not in page.words
        assert agrees(file)

    def test_lists_nothing_any_more_when_the_period_is_over(self, file: File) -> None:
        file.town.at("2026-11-26 17:01")

        assert file.ref not in everybody(file.town).words
        assert file.town.clerk("chuyenvien2.hacthanh").has(file.ref, "Kết luận niêm yết")

    def test_what_the_province_does_not_ask_for_is_not_posted(self, town: Town) -> None:
        file = assigned(town)
        examined(file)

        assert town.clerk("chuyenvien2.hacthanh").has(file.ref, "Dự thảo quyết định")
        assert file.ref not in everybody(town).words

    def test_what_concerns_hiv_is_never_posted(self, town: Town) -> None:
        file = assigned(town)
        form = town.clerk("chuyenvien2.hacthanh").task(file.ref, "Thẩm tra điều kiện hưởng").form("Hoàn thành bước")
        form.fill({"examination_outcome": "eligible"})
        form = form.press("Xem lại mẫu theo câu trả lời").form("Hoàn thành bước")
        form.fill({"clause": "3", "posting_required": True})
        page = form.press("Hoàn thành bước")

        assert page.status == 422
        assert "Trường hợp liên quan đến HIV không được niêm yết." in page.said


class TestObjections:
    def object(self, file: File, by: str = "tiepnhan", who: str = "Lê Văn Ba", what: str = OBJECTION) -> Page:
        return file.page(by).press("Ghi nhận ý kiến", choice=who, text=what)

    def test_recorded_at_the_counter_they_reach_whoever_settles_them(self, file: File) -> None:
        page = self.object(file)
        assert "Lê Văn Ba" in page.words
        assert OBJECTION in page.words
        file.town.at("2026-11-26 17:01")
        task = file.town.clerk("chuyenvien2.hacthanh").task(file.ref, "Kết luận niêm yết")

        assert "Lê Văn Ba" in task.html
        assert OBJECTION in task.html
        file.by("chuyenvien2", "Kết luận niêm yết", objections=[{"finding": "upheld"}], posting_outcome="upheld")
        assert file.town.clerk("chuyenvien2.hacthanh").has(file.ref, "Thẩm tra điều kiện hưởng")
        assert agrees(file)

    def test_without_a_name_or_words_they_are_refused_and_nothing_is_lost(self, file: File) -> None:
        page = self.object(file, who="")

        assert page.status == 422
        assert OBJECTION in page.html

    def test_after_the_period_nothing_is_recorded(self, file: File) -> None:
        before = file.page()
        file.town.at("2026-11-26 17:01")
        late = before.press("Ghi nhận ý kiến", choice="Lê Văn Ba", text=OBJECTION)

        assert (late.status, "Hồ sơ không còn được niêm yết" in late.said) == (409, True)
        assert not file.page().offers("Ghi nhận ý kiến")
