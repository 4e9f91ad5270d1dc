"""The day book as a workbook: amounts are numbers, nothing is taken for a formula."""

import io
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from engine.base.clock import VIETNAM
from engine.payments.days import Book, Line
from webapp import labels

#: (title, width in letters)
COLUMNS = (("STT", 6), ("Giờ", 18), ("Nội dung", 16), ("Loại", 12), ("Số biên lai, phiếu chi", 16), ("Người nộp, nhận", 30), ("Hình thức", 14), ("Số tiền (đồng)", 18))
_FONT = "Times New Roman"

_Value = str | int | datetime | None


def workbook(book: Book, office: str) -> bytes:
    """Lines, then what the drawer must hold and what was counted."""
    made = Workbook(write_only=True)
    sheet = made.create_sheet("Sổ thu trong ngày")
    for letter, (_title, width) in zip("ABCDEFGH", COLUMNS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(_row(sheet, [office.upper()], bold=True))
    sheet.append(_row(sheet, [f"SỔ THU TRONG NGÀY {book.day.day:%d/%m/%Y}, QUYỂN {book.day.number}"], bold=True))
    sheet.append(_row(sheet, [f"Người thu: {book.cashier}"]))
    sheet.append(_row(sheet, [title for title, _width in COLUMNS], bold=True))
    for number, line in enumerate(book.lines, start=1):
        sheet.append(_row(sheet, _line(number, line)))
    for words, amount in (
        ("Tiền đầu ngày", book.day.opening),
        *((labels.label(labels.PAYMENT_WAYS, way), amount) for way, amount in book.ways.items()),
        ("Tiền mặt phải có", book.expected),
        ("Tiền mặt kiểm đếm", book.day.counted),
    ):
        sheet.append(_row(sheet, [None, None, None, None, None, words, None, amount], bold=True))
    if book.day.reason:
        sheet.append(_row(sheet, [f"Lý do chênh lệch: {book.day.reason}"]))
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _line(number: int, line: Line) -> list[_Value]:
    entry, receipt = line.entry, line.receipt
    return [
        number,
        entry.at.astimezone(VIETNAM).replace(tzinfo=None, microsecond=0),
        labels.label(labels.CASH_ENTRIES, entry.kind),
        labels.label(labels.MONEY, receipt.kind) if receipt else None,
        line.number or None,
        line.person or None,
        labels.label(labels.PAYMENT_WAYS, entry.way),
        entry.amount,
    ]


def _row(sheet: Worksheet, values: Sequence[_Value], *, bold: bool = False) -> list[WriteOnlyCell]:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # «=1+1» in somebody's name stays text
        elif isinstance(value, datetime):
            cell.number_format = "hh:mm dd/mm/yyyy"
        elif value is not None:
            cell.number_format = "#,##0"
        cell.font = Font(name=_FONT, size=11, bold=bold)
        cells.append(cell)
    return cells
