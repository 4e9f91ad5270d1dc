"""Pages that stand for what applicants hand in: made here, and saying so."""

from functools import lru_cache
from html import escape

from weasyprint import HTML

_PAGE = """<style>@page {{ size: A5; margin: 18mm }} body {{ font: 12pt "Noto Serif", serif }}
h1 {{ font-size: 15pt; text-align: center; margin: 24mm 0 10mm }} p {{ line-height: 1.6 }}
.note {{ margin-top: 30mm; text-align: center; color: #777; border-top: 1px solid #bbb; padding-top: 4mm }}</style>
<p style="text-align:center"><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br>Độc lập - Tự do - Hạnh phúc</p>
<h1>{name}</h1><p>Bản chụp giấy tờ do người nộp hồ sơ xuất trình.</p>
<p class="note">Giấy tờ minh họa, không có giá trị pháp lý</p>"""


@lru_cache(maxsize=64)
def page(name: str) -> bytes:
    """A one-page PDF that bears the name of the paper."""
    pdf: bytes = HTML(string=_PAGE.format(name=escape(name))).write_pdf()
    return pdf
