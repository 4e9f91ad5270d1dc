"""Slips as PDF/A: one page for the usual ones, Vietnamese whatever the officer reads, made from stored data alone."""

import io
import re
import zlib
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from engine.base.ids import digest_of
from engine.documents import templates
from tests.factories.papers import ONE, SAMPLES, sample, template
from webapp.papers import headed, page, pdf, spelled_day
from webapp.papers import word as word_of

# WeasyPrint leaves its colour profile open for the collector.
pytestmark = [
    pytest.mark.usefixtures("on_an_english_page"),
    pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]


def person(name, **more):
    return {"name": name, "personal_id": "", "phone": "", "email": "", "address": ""} | more


def receipt(*, papers=3, name="Thủ tục đăng ký khai sinh"):
    applicant = person("Hoàng Văn Thiện", personal_id="038091004217", phone="0912 345 678")
    return sample(
        "receipt",
        components=[{"name": "Giấy chứng sinh", **ONE}] * papers,
        procedure={"name": name, "code": "1.001193"},
        is_proxy=False,
        submitter=applicant,
        applicant=applicant,
        statutory="Trong ngày làm việc",
    )


def printed(slip):
    return pdf(slip, template(slip.kind), "https://motcua.test")


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


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_usual_paper_is_one_page_and_says_nothing_that_only_a_program_says(kind):
    made = PdfReader(io.BytesIO(printed(sample(kind))))
    said = made.pages[0].extract_text()

    assert len(made.pages) == 1
    assert SAMPLES[kind][0] in said
    for word in ("None", "Undefined", "{{", "{%", "receipt", "counter", "in_person", "not_supplemented"):
        assert word not in said


def test_a_usual_receipt_is_one_page_for_the_archive():
    made = printed(receipt())
    assert pages(made) == 1
    assert b'pdfaid:part="2" pdfaid:conformance="B"' in opened(made)
    assert "Giấy tiếp nhận hồ sơ H56.101-261123-0017".encode() in opened(made)


def test_a_long_one_is_set_smaller_and_a_very_long_one_goes_on():
    long_name = "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ " * 2
    assert pages(printed(receipt(papers=7, name=long_name))) == 1
    assert pages(printed(receipt(papers=60))) > 1


def test_the_same_data_give_the_same_bytes():
    assert printed(receipt()) == printed(receipt())


def test_a_long_office_ends_its_lines_where_its_parts_end():
    assert headed("Trung tâm Phục vụ hành chính công phường Hạc Thành") == [
        "Trung tâm Phục vụ",
        "hành chính công",
        "phường Hạc Thành",
    ]
    assert headed("Sở Xây dựng") == ["Sở Xây dựng"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-03", "ngày 03 tháng 11 năm 2026"),
        ("2026-02-28", "ngày 28 tháng 02 năm 2026"),
        ("2026-03-01", "ngày 01 tháng 3 năm 2026"),
    ],
)
def test_a_day_is_written_so_that_nobody_adds_a_digit_decree_30_2020(day, words):
    assert spelled_day(day) == words


def words_of(kind, **more):
    """What a slip of this kind says, without its markup."""
    slip = receipt()
    slip.kind = kind
    slip.data |= {"reason": "Theo đơn."} | more
    facts = {"slip": {"kind": kind, "number": slip.number}, "data": slip.data, "code": slip.data["code"], "qr": ""}
    facts |= {"signer": slip.data["officer"], "look_up": "", "look_up_host": "motcua.test", "secret": "", "tight": False}
    html = page(template(kind), **facts | {"signer": more.get("signer", slip.data["officer"])})
    return re.sub(r"\s+", " ", re.sub(r"<(?!img)[^>]+>", " ", html.partition("<body")[2]))


class TestForm01:
    @pytest.mark.parametrize("number", ["2801234567", "2801234567-001"])
    def test_an_organisation_has_a_tax_code_and_no_personal_number(self, number):
        said = words_of("receipt", submitter=person("Công ty CP Gạch Mường Sáng", personal_id=number))
        assert f"Mã số thuế: {number}" in said
        assert "Số định danh cá nhân/hộ chiếu" not in said

    def test_who_hands_in_and_who_asks_each_have_their_own_data(self):
        proxy = person("Lê Thị Hòa", phone="0990 000 111", personal_id="038190000111", relation="grandparent")
        said = words_of("receipt", is_proxy=True, submitter=proxy | {"authorisation_no": "12/GUQ", "authorisation_date": "2026-11-20"})

        assert re.search(r"Tiếp nhận hồ sơ của: +Lê Thị Hòa", said)
        assert "Số điện thoại: 0990 000 111" in said
        assert "Số định danh cá nhân/hộ chiếu: 038190000111" in said
        assert "Tư cách: ông, bà; văn bản ủy quyền số 12/GUQ, ngày 20/11/2026" in said
        assert "Người yêu cầu: Hoàng Văn Thiện; số định danh: 038091004217" in said

    def test_it_names_sets_the_time_of_the_law_and_each_count(self):
        said = words_of("receipt")

        assert "Số lượng hồ sơ: 01 bộ" in said
        assert "Thời gian giải quyết theo quy định: Trong ngày làm việc" in said
        assert "Chứng thực" in said


class TestForm02:
    ITEMS = [{"what": "Giấy chứng sinh", "why": "Bản nộp bị mờ", "originals": 1, "certified": 0, "copies": 0}]

    def test_before_acceptance_no_limit_runs_that_could_begin_anew_art_17(self):
        said = words_of("supplement", items=self.ITEMS, after_acceptance=False)

        assert "tính lại từ đầu" not in said
        assert "thời hạn giải quyết tính từ khi nhận đủ hồ sơ hợp lệ" in said

    def test_after_acceptance_the_limit_begins_anew_art_19_5(self):
        assert "tính lại từ đầu" in words_of("supplement", items=self.ITEMS, after_acceptance=True)


@pytest.mark.parametrize("nobody", ["Hệ thống", "Người nộp hồ sơ"])
def test_what_a_clock_or_the_applicant_brought_about_waits_for_a_hand_to_sign(nobody):
    slip = receipt()
    slip.data["officer"] = nobody
    assert printed(slip) != printed(receipt())
    assert nobody not in words_of("stop", officer=nobody, signer="", ground="other").replace("NGƯỜI NỘP HỒ SƠ", "")


def test_a_refusal_names_no_telephone_that_is_not_there():
    assert "số điện thoại trên" in words_of("refusal", assessed=False)
    assert "số điện thoại trên" not in words_of("refusal", assessed=False, office_phone="")


def test_every_list_of_words_that_a_face_names_is_there():
    """One that only some row needs would else be missed at the counter: a register with a part of a group."""
    faces = "".join(one.read_text("utf-8") for one in templates.HERE.rglob("*.html"))
    named = set(re.findall(r'word\("(\w+)"', faces))
    assert "CHILDREN" in named
    assert {word_of(name, "no such code") for name in named} == {"no such code"}


def test_what_was_typed_is_text_and_never_markup():
    assert "&lt;img src=x&gt;" in words_of("stop", reason="<img src=x>", ground="other")


def test_a_template_reaches_nothing_but_what_it_is_given():
    hostile = {"main": "{{ data.__class__.__mro__ }}"}
    made = SimpleNamespace(sources=hostile, digest=digest_of(hostile))
    with pytest.raises(Exception, match="unsafe"):
        page(made, data={})


@pytest.mark.parametrize(("held_at", "said"), [("hội trường UBND xã", "tháng 12 năm 2026, tại hội trường UBND xã. Thành viên"), (None, "tháng 12 năm 2026. Thành viên")])
def test_minutes_say_where_a_council_met_only_where_somebody_wrote_it(held_at, said):
    minutes = sample("council_minutes", held_at=held_at)
    text = PdfReader(io.BytesIO(printed(minutes))).pages[0].extract_text()

    assert said in " ".join(text.split())
