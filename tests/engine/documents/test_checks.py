"""Papers that are handed in are looked into: art. 17(1)(c) wants copies that somebody can read."""

import io
import zipfile
from datetime import date

import pytest
from PIL import Image, ImageDraw, ImageFile
from pypdf import PdfReader, PdfWriter

from engine.documents import checks
from engine.documents.checks import Seen, look
from tests.factories.scans import picture, scan
from tests.journeys.clerk import PDF

DAY = date(2026, 11, 23)


def seen(content: bytes, kind: str = "application/pdf") -> Seen:
    return look(content, kind, name="giay.pdf", on=DAY)


def locked(password: str) -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(scan()))), io.BytesIO()
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def word(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in files.items():
            package.writestr(name.replace("__", "/") + ".xml", text)
    return out.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TestPdf:
    def test_pages_are_counted_and_a_scan_says_its_resolution(self):
        assert seen(scan(pages=3, dpi=300)) == Seen(pages=3, dpi=300)

    def test_a_text_that_was_never_scanned_has_none(self):
        assert seen(PDF) == Seen(pages=1)

    def test_blank_pages_are_named_from_one(self):
        assert seen(scan(pages=4, blank=(2, 4))).blank_pages == (2, 4)

    def test_a_faint_speck_does_not_make_a_page_of_a_blank_sheet(self):
        sheet = Image.new("L", (1654, 2339), 247)
        ImageDraw.Draw(sheet).point((800, 900), 0)
        out = io.BytesIO()
        sheet.save(out, "PDF", resolution=200)
        with pytest.raises(checks.UploadBlank):
            seen(out.getvalue())

    def test_a_photograph_in_a_pdf_whose_size_nobody_set_counts_as_a_sheet_of_a4(self):
        assert 250 < (seen(scan(dpi=300, said=72)).dpi or 0) < 320

    @pytest.mark.parametrize("dpi", [72, 99])
    def test_so_few_dots_that_nobody_can_read_it_are_refused_with_the_figures(self, dpi):
        with pytest.raises(checks.UploadTooCoarse) as refusal:
            seen(scan(dpi=dpi))
        assert refusal.value.facts == {"name": "giay.pdf", "dpi": dpi, "least": 100, "wanted": 200}

    def test_a_blank_one_is_refused(self):
        with pytest.raises(checks.UploadBlank):
            seen(scan(pages=2, blank=(1, 2)))

    @pytest.mark.parametrize("password", ["secret", ""])
    def test_a_lock_is_refused_whether_or_not_it_asks_for_a_password(self, password):
        with pytest.raises(checks.UploadLocked):
            seen(locked(password))

    @pytest.mark.parametrize("share", [0.1, 0.6, 0.99])
    def test_one_that_was_cut_off_is_refused(self, share):
        whole = scan(pages=3)
        with pytest.raises(checks.UploadUnreadable):
            seen(whole[: int(len(whole) * share)])

    @pytest.mark.parametrize(
        "content",
        [
            b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
            b"%PDF-1.4\n%%EOF",
            b"%PDF-1.7 " + bytes(range(256)) * 40 + b"%%EOF",
        ],
        ids=["no pages", "nothing", "noise"],
    )
    def test_what_only_begins_like_one_is_refused(self, content):
        with pytest.raises(checks.UploadUnreadable):
            seen(content)


class TestPicture:
    @pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("TIFF", "image/tiff")])
    def test_it_is_one_page_with_the_resolution_that_the_scanner_wrote(self, kind, mime):
        assert seen(picture(kind, dpi=300), mime) == Seen(pages=1, dpi=300)

    def test_that_of_a_camera_is_taken_for_a_sheet_of_a4(self):
        assert 250 < (seen(picture("JPEG", dpi=300, said=72), "image/jpeg").dpi or 0) < 320

    def test_every_frame_of_a_scanned_stack_is_a_page(self):
        assert seen(picture("TIFF", pages=3, blank=(2,)), "image/tiff") == Seen(pages=3, dpi=200, blank_pages=(2,))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
    @pytest.mark.parametrize("share", [0.6, 0.99])
    def test_one_that_was_cut_off_is_refused_even_where_others_make_do_with_half(self, kind, share, monkeypatch):
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
        whole = picture(kind)
        with pytest.raises(checks.UploadUnreadable):
            seen(whole[: int(len(whole) * share)], f"image/{kind.lower()}")

    def test_a_thumbnail_is_refused(self):
        small = Image.new("L", (200, 280), 255)
        out = io.BytesIO()
        small.save(out, "PNG")
        with pytest.raises(checks.PictureTooSmall):
            seen(out.getvalue(), "image/png")

    def test_a_blank_one_is_refused(self):
        with pytest.raises(checks.UploadBlank):
            seen(picture("PNG", blank=(1,)), "image/png")

    def test_one_that_claims_a_hundred_thousand_dots_a_side_is_refused_before_it_fills_the_memory(self):
        head = bytearray(picture("PNG"))
        head[16:24] = (100_000).to_bytes(4, "big") * 2
        with pytest.raises(checks.UploadUnreadable):
            seen(bytes(head), "image/png")


    def test_one_that_would_fill_the_memory_though_its_file_is_small_is_refused_unopened(self):
        out = io.BytesIO()
        Image.new("1", (9_200, 9_200), 1).save(out, "PNG")
        assert len(out.getvalue()) < 100_000
        with pytest.raises(checks.UploadUnreadable):
            seen(out.getvalue(), "image/png")


class TestWord:
    def test_one_that_unpacks_to_more_than_any_text_is_refused_unopened(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("word/document.xml", b"<a/>")
            with package.open("word/media.xml", "w") as file:
                for _ in range(310):
                    file.write(bytes(1 << 20))
        assert len(out.getvalue()) < 1 << 20
        with pytest.raises(checks.UploadUnreadable):
            seen(out.getvalue(), WORD)

    def test_pages_of_a_text_are_not_counted(self):
        assert seen(word(word__document="<a/>"), WORD) == Seen()

    @pytest.mark.parametrize("content", [word(other="<a/>"), word(word__document="<a/>" * 99)[:60]], ids=["no text", "cut"])
    def test_one_that_is_no_text_is_refused(self, content):
        with pytest.raises(checks.UploadUnreadable):
            seen(content, WORD)
