"""One sample of each list that an office prints: what changes hands, the tracking register, the cashier's day."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from engine.dossiers.registers import RegisterRow, Totals, Wanted
from engine.payments.days import Book, Line
from engine.payments.models import CashDay, CashEntry, Receipt
from tests.factories.papers import CENTRE, COMMITTEE, HEAD, PAPERS

_HEAD = {name: HEAD[name] for name in ("office", "parent_office", "place", "province", "made_on")}
_NOBODY = uuid.UUID(int=0)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026, UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def _given(kind: str, **of_row: Any) -> dict[str, Any]:
    row = {
        "code": "H56.101-261123-0017",
        "procedure": "Thủ tục đăng ký khai sinh",
        "owner": "Hoàng Nguyễn Minh Khang",
        "due_at": "2026-11-23T10:00:00+00:00",
        "result_number": None,
        "papers": PAPERS[:2],
    }
    other = row | {
        "code": "H56.101-261123-0018",
        "procedure": "Thực hiện hỗ trợ chi phí mai táng cho đối tượng hưởng trợ cấp hưu trí xã hội",
        "owner": "Công Tằng Tôn Nữ Thị Thùy Dương",
        "due_at": None,
        "papers": [],
    }
    data = {
        "kind": kind,
        "from_office": CENTRE,
        "to_office": COMMITTEE,
        "carrier": "Nguyễn Văn Hòa",
        "officer": "Lê Thị Ngọc Bích",
        "sent_at": "2026-11-23T08:30:00+00:00",
        "due_at": "2026-11-25T01:30:00+00:00",
        "rows": [row | of_row, other | of_row],
    }
    return {"data": _HEAD | data, "slip": {"number": "6/BGDS"}, "code": "6/BGDS"}


def _line(**more: Any) -> RegisterRow:
    known: dict[str, Any] = {
        "dossier_id": _NOBODY,
        "code": "H56.101-261123-0017",
        "slip_number": "17/TNHS",
        "procedure_code": "1.001193",
        "procedure_name": "Thủ tục đăng ký khai sinh",
        "owner_name": "Hoàng Nguyễn Minh Khang",
        "submitter_name": "Hoàng Văn Thiện",
        "personal_id": "099091000217",
        "phone": "0990345678",
        "channel": "in_person",
        "receiving": CENTRE,
        "competent": COMMITTEE,
        "accepted_at": _at(23, 2, 42),
        "due_at": _at(23, 10),
        "transferred_at": _at(23, 2, 42),
        "decided_at": _at(23, 7, 5),
        "received_at": _at(23, 7, 5),
        "returned_at": _at(23, 8, 30),
        "return_way": "counter",
        "result_number": "15/KQ-TTHC",
        "status": "handed_over",
        "standing": "on_time",
        "group_code": "",
        "child_kind": "",
    }
    return RegisterRow(**(known | more))


def _register() -> dict[str, Any]:
    still = {"decided_at": None, "received_at": None, "returned_at": None, "result_number": ""}
    rows = [
        _line(),
        _line(
            code="H56.101-261120-0009",
            slip_number="09/TNHS",
            procedure_name="Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ",
            owner_name="Công Tằng Tôn Nữ Thị Thùy Dương",
            submitter_name="Công Tằng Tôn Nữ Thị Thùy Dương",
            competent="Sở Xây dựng tỉnh Thanh Hóa",
            accepted_at=_at(20, 3),
            return_way="post",
            status="in_process",
            standing="open_late",
            **still,
        ),
        _line(code="H56.101-261119-0002", slip_number="02/TNHS", due_at=None, status="withdrawn", standing="ended", **still),
        _line(code="H56.101-261118-0004", slip_number="04/TNHS", group_code="H56.101.01-261118-0001", child_kind="birth"),
        _line(code="H56.101.01-261118-0001", slip_number="03/TNHS", group_code="H56.101.01-261118-0001"),
    ]
    standings = {"open": 0, "open_late": 1, "on_time": 3, "late": 0, "ended": 1}
    return {
        "data": _HEAD,
        "signer": HEAD["officer"],
        "rows": rows,
        "totals": Totals(5, standings, {"in_person": 5}),
        "wanted": Wanted(_NOBODY, date(2026, 11, 1), date(2026, 11, 23)),
    }


def _taken(number: str, kind: str, amount: int, way: str, entry: str = "receipt") -> Line:
    receipt = Receipt(number=number, kind=kind, payer="Hoàng Văn Thiện", amount=abs(amount), way=way)
    return Line(CashEntry(kind=entry, way=way, amount=amount, at=_at(23, 3, 15)), receipt)


def _cash_day() -> dict[str, Any]:
    lines = [
        _taken("0000031", "phi", 12_000, "cash"),
        _taken("0000012", "le_phi", 24_000, "transfer"),
        _taken("0000032", "phi", 8_000, "cash"),
        _taken("0000032", "phi", -8_000, "cash", "void"),
    ]
    day = CashDay(
        day=date(2026, 11, 23),
        number=1,
        opening=200_000,
        closed_at=_at(23, 9, 50),
        expected=212_000,
        counted=211_000,
        reason="Trả lại thừa một tờ 1.000 đồng cho người nộp",
        deposit_no="GNT-0457",
    )
    return {"data": _HEAD, "signer": "Trần Thị Kim Oanh", "book": Book(day, "Trần Thị Kim Oanh", CENTRE, lines)}


#: name -> (kind of template, everything that it shows)
LISTS: dict[str, tuple[str, dict[str, Any]]] = {
    "handover_list": ("handover_list", _given("papers")),
    "handover_list_of_results": ("handover_list", _given("result", result_number="15/KQ-TTHC")),
    "register": ("register", _register()),
    "cash_day": ("cash_day", _cash_day()),
}
