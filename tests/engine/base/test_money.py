"""Money in figures and in words, as a receipt says it."""

import pytest

from engine.base.money import dong, in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (105, "Một trăm linh năm đồng"),
        (2_000, "Hai nghìn đồng"),
        (8_005, "Tám nghìn không trăm linh năm đồng"),
        (200_000, "Hai trăm nghìn đồng"),
        (1_234_567, "Một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy đồng"),
        (1_001_000, "Một triệu không trăm linh một nghìn đồng"),
        (1_000_000_005, "Một tỷ không trăm linh năm đồng"),
        (2_100_000_000_000, "Hai nghìn một trăm tỷ đồng"),
    ],
)
def test_an_amount_in_words(amount, words):
    assert in_words(amount) == words


def test_an_amount_in_figures():
    assert dong(1_234_567) == "1.234.567 đ"
