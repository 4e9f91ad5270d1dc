"""The register as a workbook: real dates in cells, nothing that a spreadsheet could take for a formula."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from engine.base.clock import VIETNAM
from engine.dossiers.registers import RegisterRow, Wanted
from webapp import labels

#: (title, width in letters) of the columns of Mẫu 07, in the order of `_line`.
COLUMNS = (
    ("STT", 6),
    ("Mã hồ sơ", 25),
    ("Số giấy tiếp nhận", 14),
    ("Tên thủ tục hành chính", 44),
    ("Chủ hồ sơ", 26),
    ("Người nộp", 26),
    ("Số định danh", 15),
    ("Điện thoại", 14),
    ("Cơ quan giải quyết", 34),
    ("Cách nộp", 12),
    ("Nhận hồ sơ", 17),
    ("Hẹn trả", 17),
    ("Chuyển giải quyết", 17),
    ("Có kết quả", 17),
    ("Nhận kết quả", 17),
    ("Trả kết quả", 17),
    ("Cách trả", 20),
    ("Số kết quả", 16),
    ("Tình trạng", 26),
    ("Nhóm liên thông", 34),
)
_FONT = "Times New Roman"
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def workbook(rows: Sequence[RegisterRow], head: Mapping[str, str], wanted: Wanted) -> bytes:
    """One sheet, ready to print on A4 across, the titles on every page."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sổ theo dõi")
    for letter, (_title, width) in zip(_letters(), COLUMNS, strict=False):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "C5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "4:4"
    sheet.append([_cell(sheet, head["office"].upper(), bold=True)])
    sheet.append([_cell(sheet, "SỔ THEO DÕI HỒ SƠ", bold=True, size=14)])
    sheet.append([_cell(sheet, f"Từ ngày {wanted.since:%d/%m/%Y} đến ngày {wanted.until:%d/%m/%Y}")])
    sheet.append([_cell(sheet, title, bold=True, boxed=True) for title, _width in COLUMNS])
    for number, row in enumerate(rows, start=1):
        sheet.append([_cell(sheet, value, boxed=True) for value in _line(number, row)])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _letters() -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _line(number: int, row: RegisterRow) -> list[str | int | datetime | None]:
    return [
        number,
        row.code,
        row.slip_number,
        f"{row.procedure_name} ({row.procedure_code})",
        row.owner_name,
        row.submitter_name,
        row.personal_id,
        row.phone,
        row.competent,
        labels.label(labels.CHANNELS, row.channel),
        _local(row.accepted_at),
        _local(row.due_at),
        _local(row.transferred_at),
        _local(row.decided_at),
        _local(row.received_at),
        _local(row.returned_at),
        labels.label(labels.RETURN_WAYS, row.return_way),
        row.result_number,
        labels.label(labels.STANDINGS, row.standing),
        f"{row.group_code} ({labels.label(labels.CHILDREN, row.child_kind or '')})" if row.group_code else "",
    ]


def _local(at: datetime | None) -> datetime | None:
    """Workbooks know no time zones."""
    return at.astimezone(VIETNAM).replace(tzinfo=None, second=0, microsecond=0) if at else None


def _cell(
    sheet: Worksheet, value: str | int | datetime | None, *, bold: bool = False, boxed: bool = False, size: int = 11
) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # «=1+1» in somebody's name stays text
    if isinstance(value, datetime):
        cell.number_format = "hh:mm dd/mm/yyyy"
    cell.font = Font(name=_FONT, size=size, bold=bold)
    if boxed:
        cell.border, cell.alignment = _BOX, Alignment(vertical="top", wrap_text=True)
    return cell
