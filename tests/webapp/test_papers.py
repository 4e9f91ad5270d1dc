"""Slips as PDF/A: one page for the usual ones, Vietnamese whatever the officer reads, made from stored data alone."""

import re
import zlib
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import Babel

from webapp import filters, papers
from webapp.papers import headed, pdf

# WeasyPrint leaves its colour profile open for the collector.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def english():
    app = Flask("webapp")
    Babel(app, default_locale="en")
    filters.init_app(app)
    with app.test_request_context():
        yield


def receipt(*, papers=3, name="Thủ tục đăng ký khai sinh"):
    row = {"name": "Giấy chứng sinh", "obtained_by": "paper", "originals": 1, "certified": 0, "copies": 0}
    data = {
        "code": "H56.101-261123-0017",
        "reference": "N261123-ABCDEF",
        "secret": "T9WW3MHZ",
        "parent_office": "Ủy ban nhân dân phường Hạc Thành",
        "office": "Trung tâm Phục vụ hành chính công phường Hạc Thành",
        "office_phone": "0237 000 0000",
        "made_on": "2026-11-23",
        "submitter": "Hoàng Văn Thiện",
        "owner": "Hoàng Nguyễn Minh Khang",
        "channel": "in_person",
        "address": "",
        "phone": "0912 345 678",
        "email": "",
        "personal_id": "038091004217",
        "procedure": {"name": name, "code": "1.001193"},
        "components": [row] * papers,
        "accepted_at": "2026-11-23T02:42:00+00:00",
        "due_at": "2026-11-23T10:00:00+00:00",
        "return_way": "counter",
        "charges": [],
        "officer": "Phạm Thị Thu Hà",
    }
    return SimpleNamespace(kind="receipt", number="1", digest="0" * 64, data=data)


def opened(made):
    """The file with its streams inflated."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL)
    return b"\n".join([made, *(_inflated(one) for one in streams)])


def pages(made):
    return len(re.findall(rb"/Type\s*/Page\b", opened(made)))


def _inflated(part):
    try:
        return zlib.decompressobj().decompress(part)
    except zlib.error:
        return b""


def test_a_usual_receipt_is_one_page_for_the_archive():
    made = pdf(receipt(), "https://motcua.test")
    assert pages(made) == 1
    assert b'pdfaid:part="2" pdfaid:conformance="B"' in opened(made)
    assert "Giấy tiếp nhận hồ sơ H56.101-261123-0017".encode() in opened(made)


def test_a_long_one_is_set_smaller_and_a_very_long_one_goes_on():
    long_name = "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ " * 3
    assert pages(pdf(receipt(papers=9, name=long_name), "https://motcua.test")) == 1
    assert pages(pdf(receipt(papers=60), "https://motcua.test")) > 1


def test_the_same_data_give_the_same_bytes():
    assert pdf(receipt(), "https://motcua.test") == pdf(receipt(), "https://motcua.test")


def test_a_long_office_ends_its_lines_where_its_parts_end():
    assert headed("Trung tâm Phục vụ hành chính công phường Hạc Thành") == [
        "Trung tâm Phục vụ",
        "hành chính công",
        "phường Hạc Thành",
    ]
    assert headed("Sở Xây dựng") == ["Sở Xây dựng"]


@pytest.fixture
def printed(monkeypatch):
    """The HTML that a slip is printed from."""
    seen = []

    class Seen(papers.HTML):
        def __init__(self, *, string):
            seen.append(string)
            super().__init__(string=string)

    monkeypatch.setattr(papers, "HTML", Seen)

    def print_(kind, **more):
        slip = receipt()
        slip.kind = kind
        slip.data |= {"reason": "Theo đơn.", "competent_office": "UBND phường Hạc Thành", "old_due_at": None} | more
        pdf(slip, "https://motcua.test")
        return seen[-1]

    return print_


@pytest.mark.parametrize("nobody", ["Hệ thống", "Người nộp hồ sơ"])
def test_what_a_clock_or_the_applicant_brought_about_waits_for_a_hand_to_sign(printed, nobody):
    assert '<p class="who"></p>' in printed("stop", officer=nobody)
    assert "THỦ TRƯỞNG CƠ QUAN" in printed("stop", officer=nobody)


def test_a_refusal_names_no_telephone_that_is_not_there(printed):
    assert "số điện thoại trên" in printed("refusal")
    assert "số điện thoại trên" not in printed("refusal", office_phone="")


def test_what_was_typed_is_text_and_never_markup(printed):
    assert "&lt;img src=x&gt;" in printed("stop", reason="<img src=x>")
