"""2.000815: certified copies, on paper and electronic. Compared at the counter; the pages are counted, and paid at the end."""

import pytest

from engine.dossiers.channels import ChannelNotOffered
from tests.journeys.clerk import File, Town, declared
from tests.journeys.pages import Page

CODE = "2.000815"
DIPLOMA = {"title": "Bằng tốt nghiệp đại học", "issuer": "Trường Đại học Mẫu", "pages": 1}
COMPARED = {"bar": "none", "identical": True}


def taken_in(town: Town, kind: str, *, delivery: str = "counter", **more: object) -> File:
    given = declared(CODE) | {"copy_kind": kind, "originals": [DIPLOMA], "result_delivery": delivery} | more
    return town.take_in(CODE, example_=given, verdicts={"original": "ok"})


def compared(file: File, pages: int, **findings: object) -> None:
    page = {"title": DIPLOMA["title"], "pages": pages} | COMPARED
    file.by("tiepnhan", "Đối chiếu với bản chính", **{"examination_outcome": "eligible", "originals": [page]} | findings)


def written(file: File) -> None:
    file.by("tiepnhan", "Ghi lời chứng", originals=[{"register_no": "512", "sheets": 2, "cross_seal": True}])


class TestOnPaper:
    def test_the_pages_counted_by_the_officer_are_paid_when_the_copies_are_handed_over(self, town: Town) -> None:
        file = taken_in(town, "paper", copies_each=3)
        assert file.due == "17:00 thứ Hai 23/11/2026"
        assert "6.000 đ, nộp khi trả kết quả" in file.page().words
        compared(file, pages=3)
        written(file)
        file.sign()
        assert "15.000 đ, chưa nộp" in file.page().words
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert "15.000 đ, đã nộp" in file.page().words

    def test_an_altered_original_is_refused_and_costs_nothing(self, town: Town) -> None:
        file = taken_in(town, "paper")
        altered = {"title": DIPLOMA["title"], "pages": 1, "bar": "altered"}
        compared(
            file, 1, originals=[altered], examination_outcome="ineligible", refusal_ground="altered", copies_each=1
        )
        file.by("tiepnhan", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words
        assert "chưa nộp" not in file.page().words

    def test_a_foreign_original_without_legalisation_is_asked_for_once(self, town: Town) -> None:
        file = taken_in(town, "paper", copies_each=1)
        unsure = {"title": DIPLOMA["title"], "pages": 1, "bar": "not_legalised"}
        compared(file, 1, originals=[unsure], examination_outcome="supplement")
        town.at("2026-11-25 09:00")
        file.supplemented()
        compared(file, pages=1)

        assert file.dates == ["17:00 thứ Hai 23/11/2026", "17:00 thứ Tư 25/11/2026"]

    def test_refused_at_reception(self, town: Town) -> None:
        file = town.take_in(
            CODE, decision="Từ chối", reason="Văn bản tự lập, không có xác nhận", verdicts={"original": "ok"}
        )

        assert file.status == "Không được tiếp nhận"


class TestElectronic:
    def test_the_signed_scan_goes_to_the_store_of_the_citizen(self, town: Town) -> None:
        file = taken_in(town, "e_copy", delivery="electronic", copies_each=None)
        compared(file, pages=2)
        written(file)
        file.by("tiepnhan", "Quét, tạo bản sao điện tử")
        file.sign()
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")

        assert file.status == "Đã trả kết quả"
        assert "4.000 đ, đã nộp" in file.page().words

    def test_sent_back_by_who_signs_it_is_compared_again(self, town: Town) -> None:
        file = taken_in(town, "both", copies_each=1)
        for outcome in ("send_back", "sign"):
            compared(file, pages=1)
            written(file)
            file.by("tiepnhan", "Quét, tạo bản sao điện tử")
            file.by("lanhdao", "Ký duyệt", sign_outcome=outcome)
        file.by("vanthu", "Cấp số, đóng dấu, phát hành", number="128/CT")
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")
        file.hand_over()

        assert file.status == "Đã trả kết quả"


@pytest.mark.parametrize(
    ("channel", "kind", "refused"),
    [("post", "e_copy", "chỉ nhận trực tiếp tại quầy"), ("in_person", "e_copy", "Số định danh cá nhân")],
)
def test_an_original_is_not_certified_unseen_and_an_electronic_copy_needs_a_person(
    town: Town, channel: str, kind: str, refused: str
) -> None:
    page = town.clerk("tiepnhan.hacthanh").open("/counter/").press("Tìm", q=CODE).link(town.name_of(CODE))
    form = page.form("Tiếp nhận và in giấy hẹn")
    form.fill({"channel": channel, "copy_kind": kind, "requester": {"full_name": "Sầm Văn Khoa"}, "responsible": True})

    assert refused in form.press("Tiếp nhận và in giấy hẹn").said


class TestTheDoor:
    """Decree 23/2015, art. 20: the original is shown at the counter."""

    @pytest.mark.parametrize("door", [f"/lodge/{CODE}", f"/kiosk/{CODE}"])
    def test_nobody_lodges_online_what_needs_the_original_at_the_counter_and_reads_why(self, town: Town, door: str) -> None:
        page = Page.open(town.app.test_client(), door)
        assert page.status == 409
        assert "Người yêu cầu mang bản chính đến quầy" in page.words
        assert "23/2015/NĐ-CP Điều 20" in page.words

    def test_what_the_portal_sends_all_the_same_is_refused(self, town: Town) -> None:
        with pytest.raises(ChannelNotOffered):
            town.lodge_online(CODE)

    def test_the_guide_says_so_instead_of_offering_it(self, town: Town) -> None:
        page = town.citizen().open(f"/procedures/{CODE}")
        assert "Không nộp trực tuyến: Người yêu cầu mang bản chính" in page.words
        assert "Nộp hồ sơ trực tuyến" not in page.words
