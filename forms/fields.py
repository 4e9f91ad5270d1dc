"""Component type and kind -> the marshmallow field that checks one answer. The one registry.

Sentences say what is wrong and what to do. Texts are composed (NFC) and trimmed before they are judged.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from marshmallow import ValidationError, fields, validate

from forms import places
from forms.lists import ETHNICITIES, NATIONALITIES
from forms.schema import Node

#: The longest text of a field without a limit of its own.
LONGEST = {"textfield": 250, "textarea": 2_000}
_EARLIEST = date(1900, 1, 1)


def clean_text(value: str) -> str:
    """Composed, trimmed; what cannot be stored is refused."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("Có ký tự không đọc được.") from error
    if any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in value):
        raise ValidationError("Có ký tự điều khiển không được phép.")
    return unicodedata.normalize("NFC", value).strip()


class Text(fields.Field[str]):
    """A text; `shape` further normalises it or refuses it with a sentence."""

    def __init__(self, shape: Callable[[str], str] = lambda text: text, **options: Any):
        super().__init__(**options)
        self._shape = shape

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Phải là chữ.")
        return self._shape(clean_text(value))


def _personal_id(text: str) -> str:
    digits = re.sub(r"[\s.-]", "", text)
    if not digits.isascii() or not digits.isdigit():
        raise ValidationError("Số định danh chỉ gồm chữ số.")
    if len(digits) != 12:
        raise ValidationError(f"Số định danh phải có 12 chữ số, bạn gõ {len(digits)}.")
    return digits


def _phone(text: str) -> str:
    digits = re.sub(r"[\s.-]", "", text)
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        raise ValidationError(f"Mới có {len(digits)} chữ số. Gõ đủ 10 chữ số, ví dụ 0912 345 678.")
    if not re.fullmatch(r"0[0-9]{9}", digits):
        raise ValidationError("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0, ví dụ 0912 345 678.")
    return digits


def _name(text: str) -> str:
    if any(c.isdigit() for c in text):
        raise ValidationError("Họ tên không có chữ số.")
    if not 2 <= len(text) <= 100 or not all(c.isalpha() or unicodedata.combining(c) or c in "’' .-" for c in text):
        raise ValidationError("Họ tên chỉ gồm chữ, từ 2 đến 100 ký tự.")
    return " ".join(text.split())


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}", text) or len(text) > 200:
        raise ValidationError("Thư điện tử chưa đúng, ví dụ ten@example.vn.")
    return text


def _tax_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{10}(-[0-9]{3})?", text):
        raise ValidationError("Mã số thuế gồm 10 chữ số, hoặc 10 chữ số, gạch nối và 3 chữ số.")
    return text


def _entry_no(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,6}(/[0-9]{4})?", text):
        raise ValidationError("Số ghi sổ có dạng 31 hoặc 31/1996.")
    return text


_SHAPES: dict[str, Callable[[str], str]] = {
    "personal_id": _personal_id,
    "phone": _phone,
    "name": _name,
    "email": _email,
    "tax_code": _tax_code,
    "entry_no": _entry_no,
}


class Number(fields.Field[Any]):
    """A number; whole where no decimals are allowed. Text as people type it is read too: `1.500.000`, `2,5`."""

    def __init__(self, decimals: int, least: float | None, most: float | None, **options: Any):
        super().__init__(**options)
        self._decimals, self._least, self._most = decimals, least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int | float:
        number = self._read(value)
        if self._least is not None and number < self._least:
            raise ValidationError(f"Ít nhất là {self._least:g}.")
        if self._most is not None and number > self._most:
            raise ValidationError(f"Nhiều nhất là {self._most:g}.")
        return number

    def _read(self, value: Any) -> int | float:
        if isinstance(value, str):
            text = value.strip().replace(" ", "")
            if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", text):
                text = text.replace(".", "")
            text = text.replace(",", ".")
            if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text):
                raise ValidationError("Phải là một số.")
            value = float(text) if "." in text else int(text)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise ValidationError("Phải là một số.")
        if abs(value) > 1e15:
            raise ValidationError("Số quá lớn.")
        if not self._decimals:
            if value != int(value):
                raise ValidationError("Phải là số nguyên.")
            return int(value)
        return round(value, self._decimals)


class Moment(fields.Field[str]):
    """A day, a time or both, kept as ISO text; typed as ISO or dd/MM/yyyy."""

    def __init__(self, subtype: str, **options: Any):
        super().__init__(**options)
        self._subtype = subtype

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Phải là ngày, giờ.")
        text = re.sub(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", _iso_day, value.strip()).replace(" ", "T", 1)
        try:
            if self._subtype == "time":
                return time.fromisoformat(text).strftime("%H:%M")
            if self._subtype == "datetime":
                moment = datetime.fromisoformat(text)
                _in_range(moment.date())
                return moment.isoformat(timespec="minutes")
            return _in_range(date.fromisoformat(text)).isoformat()
        except ValueError as error:
            raise ValidationError(_WRONG_MOMENT[self._subtype]) from error


_WRONG_MOMENT = {
    "date": "Ngày chưa đúng. Gõ ngày/tháng/năm, ví dụ 05/11/2026.",
    "time": "Giờ chưa đúng. Gõ giờ:phút, ví dụ 09:40.",
    "datetime": "Ngày, giờ chưa đúng. Ví dụ 05/11/2026 09:40.",
}


def _iso_day(match: re.Match[str]) -> str:
    return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"


def _in_range(day: date) -> date:
    if not _EARLIEST <= day <= date(2200, 1, 1):
        raise ValidationError("Ngày phải từ 01/01/1900.")
    return day


class Choice(fields.Field[str]):
    """A code of a list."""

    def __init__(self, codes: Callable[[], Any], **options: Any):
        super().__init__(**options)
        self._codes = codes

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise ValidationError("Hãy chọn một giá trị trong danh sách.")
        codes = self._codes()
        if codes is not None and str(value) not in codes:
            raise ValidationError("Giá trị này không có trong danh sách.")
        return str(value)


class Ethnicity(Choice):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **rest: Any) -> str:
        if isinstance(value, str) and clean_text(value).casefold() == "việt nam":
            raise ValidationError("«Việt Nam» là quốc tịch, không phải dân tộc.")
        return super()._deserialize(value, attr, data, **rest)


class YesNo(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Phải là có hoặc không.")
        return value


#: Lists behind a kind of select. Offices and officers are checked by the command that uses them.
LISTS: dict[str, Callable[[], Any]] = {
    "province": places.provinces,
    "ethnicity": lambda: ETHNICITIES,
    "nationality": lambda: NATIONALITIES,
    "commune": lambda: None,
    "office": lambda: None,
    "officer": lambda: None,
}


def _text(node: Node) -> fields.Field[Any]:
    rules = node.rules
    checks: list[Any] = [
        validate.Length(
            max=rules.get("maxLength") or LONGEST[node.type], error="Nhiều nhất {max} ký tự."
        )
    ]
    if rules.get("minLength"):
        checks.append(validate.Length(min=rules["minLength"], error="Ít nhất {min} ký tự."))
    if rules.get("pattern"):
        checks.append(validate.Regexp(rules["pattern"], error="Chưa đúng mẫu."))
    return Text(_SHAPES.get(node.kind, lambda text: text), validate=checks)


def _number(node: Node) -> fields.Field[Any]:
    least = 0 if node.kind == "money" else None
    return Number(
        0 if node.kind == "money" else int(node.spec.get("decimalDigits") or 0),
        node.rules.get("min", least),
        node.rules.get("max"),
    )


def _choice(node: Node) -> fields.Field[Any]:
    if node.kind == "ethnicity":
        return Ethnicity(LISTS["ethnicity"])
    if node.kind in LISTS and not node.options:
        return Choice(LISTS[node.kind])
    return Choice(lambda: node.options)


def _checklist(node: Node) -> fields.Field[Any]:
    return fields.List(Choice(lambda: node.options), error_messages={"invalid": "Phải là danh sách."})


#: Component type -> its field; a type that is not here holds no answer or is refused.
FIELDS: dict[str, Callable[[Node], fields.Field[Any]]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "datetime": lambda node: Moment(node.spec.get("subtype") or "date"),
    "select": _choice,
    "radio": _choice,
    "checkbox": lambda node: YesNo(),
    "checklist": _checklist,
}

#: Components that hold no answer of their own.
SILENT = ("text", "separator", "filepicker")
