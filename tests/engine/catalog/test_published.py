"""Flattened words become values only where they leave no doubt."""

import pytest

from engine.catalog import published

HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
PAPERS = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
BASIS = "Tên văn bản pháp lýMã văn bản"


class TestChannels:
    def test_rows_without_borders_are_told_apart(self) -> None:
        rows = published.channels(
            HEAD
            + "Trực tuyến20 NgàyMiễn phí(Theo quy định của HĐND)Dịch vụ bưu chính3 Ngày làm việc500,000 Việt Nam "
            "ĐồngGửi hồ sơ qua bưu chính.Trực tiếp2 GiờKhông có thông tin"
        )
        assert [(r["channel"], r["limit_value"], r["limit_unit"]) for r in rows] == [
            ("online", 20, "d"),
            ("post", 3, "wd"),
            ("in_person", 2, "h"),
        ]
        assert [r["fee_amount"] for r in rows] == [None, 500_000, None]
        assert [r["description"] for r in rows] == [None, "Gửi hồ sơ qua bưu chính.", None]
        assert rows[0]["fee_text"] == "Miễn phí(Theo quy định của HĐND)"
        assert rows[2]["fee_text"] is None

    def test_channel_words_inside_a_description_begin_no_row(self) -> None:
        rows = published.channels(HEAD + "Trực tiếp5 NgàyMiễn phíTrực tuyến qua Cổng dịch vụ công khi có thể")
        assert len(rows) == 1
        assert rows[0]["description"] == "Trực tuyến qua Cổng dịch vụ công khi có thể"

    @pytest.mark.parametrize(
        ("limit", "value", "unit"),
        [
            ("15 Ngày làm việc", 15, "wd"),
            ("3 Tháng", 3, "month"),
            ("1", None, None),
            ("140,00", None, None),
            ("Không có thông tin", None, None),
            ("Không phải trả kết quả cho người nộp thuế", None, None),
        ],
    )
    def test_a_limit_needs_a_whole_number_and_a_unit(
        self, limit: str, value: int | None, unit: str | None
    ) -> None:
        (row,) = published.channels(f"{HEAD}Trực tuyến{limit}Miễn phí")
        assert (row["limit_value"], row["limit_unit"]) == (value, unit)
        assert row["limit_text"] == (None if limit == "Không có thông tin" else limit)

    @pytest.mark.parametrize(
        ("fee", "amount"),
        [
            ("Miễn phí", 0),
            ("Miễn phí(Không có)", 0),
            ("Miễn phí(Mức lệ phí cụ thể do HĐND tỉnh quy định)", None),
            ("8,000 VNĐ", 8_000),
            ("700 Việt Nam Đồng", None),
            ("10 USD", None),
            ("1,350,000 VNĐ(Thẩm định: 1.350.000 đồng/loại thuốc)", 1_350_000),
            ("1,350,000 VNĐ(Cấp mới 1.350.000 đồng; cấp lại 500.000 đồng)", None),
            ("500,000 VNĐ(Cấp mới)300,000 VNĐ(Cấp lại)", None),
            ("500,000 VNĐ(ngoặc (lồng) nhau)", 500_000),
        ],
    )
    def test_a_fee_is_an_amount_only_when_nothing_contradicts_it(self, fee: str, amount: int | None) -> None:
        (row,) = published.channels(f"{HEAD}Trực tiếp1 Ngày{fee}")
        assert row["fee_amount"] == amount

    def test_no_words_give_no_rows(self) -> None:
        assert published.channels("") == []


class TestComponents:
    def test_papers_groups_counts_and_form_files_are_read(self) -> None:
        papers = published.components(
            f"Trường hợp cấp mới:{PAPERS}- Đơn đề nghị;Mẫu số 01.docx1 bản chínhBản sao bằng0 bản chính,2 bản sao"
            f"Trường hợp cấp lại:{PAPERS}Đơn đề nghị1 bản sao"
        )
        assert [(p["group"], p["name"], p["originals"], p["copies"], p["form"]) for p in papers] == [
            ("Trường hợp cấp mới:", "Đơn đề nghị", 1, 0, "Mẫu số 01.docx"),
            ("Trường hợp cấp mới:", "Bản sao bằng", 0, 2, None),
            ("Trường hợp cấp lại:", "Đơn đề nghị", 0, 1, None),
        ]

    def test_a_key_stays_when_the_list_is_reordered(self) -> None:
        one = published.components(f"--{PAPERS}Đơn1 bản chínhẢnh2 bản chính")
        other = published.components(f"--{PAPERS}Ảnh2 bản chínhĐơn1 bản chính")
        assert {p["key"]: p["name"] for p in one} == {p["key"]: p["name"] for p in other}

    def test_the_same_paper_twice_has_two_keys(self) -> None:
        first, second = published.components(f"--{PAPERS}Đơn1 bản chínhĐơn1 bản sao")
        assert second["key"] == first["key"] + "_2"


class TestLegalBasis:
    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            (
                "Luật Khiếu nại  năm 201102/2011/QH13Nghị định 05/2012/NĐ-CP05/2012/NĐ-CP",
                [("02/2011/QH13", "Luật Khiếu nại năm 2011"), ("05/2012/NĐ-CP", "Nghị định 05/2012/NĐ-CP")],
            ),
            (
                "Luật số 37/2024/QH1537/2024/QH15Luật Thú y79/2015/QH13",
                [("37/2024/QH15", "Luật số 37/2024/QH15"), ("79/2015/QH13", "Luật Thú y")],
            ),
            (
                "sửa đổi Thông tư 19/2021/TT-BTC ngày 18/3/2021 về thuế46/2024/TT-BTCTHÔNG TƯ MỚI12/2025/TT-BTC",
                [
                    ("46/2024/TT-BTC", "sửa đổi Thông tư 19/2021/TT-BTC ngày 18/3/2021 về thuế"),
                    ("12/2025/TT-BTC", "THÔNG TƯ MỚI"),
                ],
            ),
            ("Bộ luật Hàng hải Việt Nam", [(None, "Bộ luật Hàng hải Việt Nam")]),
            ("", []),
        ],
    )
    def test_numbers_are_cut_from_titles(self, text: str, rows: list[tuple[str | None, str]]) -> None:
        found = published.legal_basis(BASIS + text if text else "")
        assert [(row["number"], row["title"]) for row in found] == rows


class TestResults:
    def test_several_results_and_older_codes_are_read(self) -> None:
        found = published.results(
            "Giấy phépMã: KQ.G19.000286Văn bản từ chốiMã: 000.00.00.G04-KQ3336Thư cảm ơn"
        )
        assert [(row["code"], row["name"]) for row in found] == [
            ("KQ.G19.000286", "Giấy phép"),
            ("000.00.00.G04-KQ3336", "Văn bản từ chối"),
            (None, "Thư cảm ơn"),
        ]


def test_applicants_with_commas_inside_stay_whole() -> None:
    text = "Tổ chức (không bao gồm doanh nghiệp, HTX), Cán bộ, công chức, viên chức, Công dân Việt Nam"
    assert published.applicants(text) == [
        "Tổ chức (không bao gồm doanh nghiệp, HTX)",
        "Cán bộ, công chức, viên chức",
        "Công dân Việt Nam",
    ]


def test_levels_are_in_the_order_of_the_state() -> None:
    assert published.levels("Cấp xã, Cấp tỉnh, Cơ quan khác") == ["province", "commune", "other"]
