"""A record beside what the ministry published of the same procedure."""

from collections.abc import Callable

from engine.catalog.models import Procedure
from engine.catalog.national import FIELDS, values
from tests.engine.catalog.drafts import PROCEDURE, Draft, entry, judge


class TestNational:
    """What the ministry published stands beside the record; the reviewer sees both."""

    FACTS = {
        "code": PROCEDURE,
        "name": "Thủ tục cấp bản sao từ sổ gốc",
        "decision": "QĐ-1",
        "field": "Chứng thực",
        "levels": "Cấp tỉnh, Cấp xã",
        "channels_text": "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến1 Ngày làm việcMiễn phíTrực tiếp1 Ngày làm việcMiễn phí",
        "components_text": "Tên giấy tờMẫu đơn, tờ khaiSố lượngGiấy tờ chứng minh quan hệ với người được cấp bản chính1 bản chính",
        "result_text": "Bản sao từ sổ gốcMã: KQ.G15.000001",
    }

    def compared(self, change: Callable[[Draft], object] = lambda draft: None, **facts: str) -> list[str]:
        published = Procedure(**values(dict.fromkeys(FIELDS, "") | self.FACTS | facts))
        found = judge(PROCEDURE, change, published)
        return [f"{finding.severity} {finding.sentence_vi}" for finding in found if finding.code == "F20"]

    @staticmethod
    def said(words: str, found: list[str]) -> bool:
        return any(words in sentence for sentence in found)

    def test_without_a_publication_nothing_is_compared(self) -> None:
        assert not [finding for finding in judge(PROCEDURE) if finding.code == "F20"]

    def test_other_words_are_shown_with_both_values(self) -> None:
        assert self.said("W Tên: bản ghi là “Thủ tục cấp bản sao từ sổ gốc”", self.compared(name="Cấp trích lục"))
        assert self.said("bản công bố là “Hộ tịch”", self.compared(field="Hộ tịch"))
        assert self.said("W Quyết định công bố: bản ghi là", self.compared())
        assert self.said("W Cấp giải quyết: bản ghi là", self.compared())
        assert self.said("W Bản công bố có kết quả mã KQ.G15.000001", self.compared())

    def test_the_same_words_are_not_told(self) -> None:
        assert not [
            one for one in self.compared() if "Tên:" in one or "Lĩnh vực:" in one or "Thời hạn" in one
        ]

    def test_a_longer_limit_is_an_error_unless_a_law_is_named(self) -> None:
        longer = entry("limits", 0, value=3, unit="wd")
        assert self.said("E Thời hạn 3 wd dài hơn bản công bố (1 Ngày làm việc)", self.compared(longer))

        def named(draft: Draft) -> None:
            longer(draft)
            draft.record["articles"] = {"limit": "Luật X Điều 1"}

        assert not [one for one in self.compared(named) if one.startswith("E")]

    def test_a_shorter_limit_is_shown(self) -> None:
        two = self.FACTS["channels_text"].replace("1 Ngày", "2 Ngày")
        found = self.compared(channels_text=two)
        assert self.said("W Thời hạn: bản ghi 1 wd, bản công bố 2 Ngày làm việc", found)
        assert self.said("W Bản công bố có thời hạn “2 Ngày làm việc”", found)

    def test_same_day_is_one_working_day_and_a_month_thirty_days(self) -> None:
        assert not [one for one in self.compared(entry("limits", 0, unit="same_day")) if "hời hạn" in one]
        month = self.FACTS["channels_text"].replace("1 Ngày làm việc", "1 Tháng")
        thirty = entry("limits", 0, value=30, unit="d")
        assert not [one for one in self.compared(thirty, channels_text=month) if "hời hạn" in one]

    def test_money_that_differs_is_shown_on_both_sides(self) -> None:
        paid = self.FACTS["channels_text"].replace("Miễn phí", "8,000 VNĐ")
        assert self.said("W Bản công bố thu 8.000", self.compared(channels_text=paid))
        assert self.said("W Bản ghi thu 5.000", self.compared(entry("fees", 0, amount="5000")))

    def test_papers_that_differ_are_shown_on_both_sides(self) -> None:
        assert self.said("W Bản ghi đòi “Phong bì dán tem", self.compared())
        more = self.FACTS["components_text"] + "Hộ chiếu phổ thông còn hạn sử dụng trên sáu tháng1 bản chính"
        assert self.said("W Bản công bố có “Hộ chiếu phổ thông", self.compared(components_text=more))
