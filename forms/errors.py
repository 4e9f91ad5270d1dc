"""What can be wrong with answers, or with a form. Sentences say what to do; they stand beside the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: code -> sentence in Vietnamese and in English.
SENTENCES: dict[str, tuple[str, str]] = {
    "answers_type": ("Nội dung gửi lên không đúng dạng.", "What was sent is not a set of answers."),
    "answers_size": ("Nội dung gửi lên quá lớn.", "What was sent is too large."),
    "answers_depth": ("Nội dung gửi lên lồng nhau quá sâu.", "What was sent is nested too deeply."),
    "unknown": ("Mẫu không có trường này.", "The form has no such field."),
    "type": ("Giá trị gửi lên không đúng kiểu.", "The value has the wrong type."),
    "required": ("Chưa nhập: {label}.", "Still to enter: {label_en}."),
    "required_choice": ("Chưa chọn: {label}.", "Still to choose: {label_en}."),
    "required_tick": ("Cần đánh dấu: {label}.", "Must be ticked: {label_en}."),
    "check": ("{message}", "{message_en}"),
    "check_failed": ("Chưa đúng điều kiện của mẫu.", "A condition of the form is not met."),
    "condition": (
        "Không kiểm tra được mẫu với nội dung đã nhập. Hãy rút gọn nội dung.",
        "The form cannot be checked with what was entered. Please shorten it.",
    ),
    "characters": ("Có ký tự không hợp lệ, hãy gõ lại.", "There are characters that are not allowed."),
    "too_long": ("Dài {length} ký tự, tối đa {limit}.", "{length} characters, at most {limit}."),
    "too_short": ("Viết ít nhất {limit} ký tự.", "Write at least {limit} characters."),
    "pattern": ("Chưa đúng dạng: {label}.", "Not in the right form: {label_en}."),
    "number": ("Gõ một số, ví dụ 12 hoặc 12,5.", "Type a number, such as 12 or 12.5."),
    "integer": ("Gõ số nguyên, không có phần thập phân.", "Type a whole number."),
    "decimals": ("Tối đa {limit} chữ số thập phân.", "At most {limit} decimal places."),
    "minimum": ("Phải từ {limit} trở lên.", "Must be {limit} or more."),
    "maximum": ("Không được quá {limit}.", "Must be {limit} or less."),
    "option": ("Giá trị không có trong danh sách. Hãy chọn lại.", "The value is not on the list. Choose again."),
    "date": ("Không có ngày này. Gõ ngày/tháng/năm, ví dụ 02/11/2026.", "No such day. Type day/month/year."),
    "date_range": ("Ngày phải từ 01/01/1900 đến 31/12/2199.", "The day must lie between 1900 and 2199."),
    "time": (
        "Không có giờ này. Gõ giờ:phút, ví dụ 06:25.",
        "No such time. Type hours:minutes, such as 06:25.",
    ),
    "datetime": (
        "Không có thời điểm này. Gõ ngày/tháng/năm giờ:phút, ví dụ 02/11/2026 08:30.",
        "No such moment. Type day/month/year hours:minutes.",
    ),
    "pdate_year": ("Cần có năm.", "The year is needed."),
    "pdate_month": ("Đã ghi ngày thì phải ghi tháng.", "A day needs its month."),
    "pdate_day": ("Tháng {month} năm {year} không có ngày {day}.", "{month}/{year} has no day {day}."),
    "name_digits": ("Họ tên không có chữ số.", "A name has no digits."),
    "name": (
        "Họ tên chỉ gồm chữ cái, dấu cách, dấu chấm, gạch nối.",
        "A name has letters, spaces, dots, hyphens.",
    ),
    "personal_id_characters": (
        "Số định danh chỉ gồm 12 chữ số, ví dụ 038 195 001 234.",
        "A personal number is 12 digits, such as 038 195 001 234.",
    ),
    "personal_id_short": (
        "Mới có {count} chữ số. Gõ đủ 12 chữ số, ví dụ 038 195 001 234.",
        "Only {count} digits. Type all 12, such as 038 195 001 234.",
    ),
    "personal_id_long": (
        "Có {count} chữ số, thừa {over}. Số định danh có 12 chữ số.",
        "{count} digits, {over} too many. A personal number has 12.",
    ),
    "personal_id_century": (
        "Chữ số thứ tư là {digit}: người sinh từ năm 1900 có số từ 0 đến 3. Gõ lại số ghi trên thẻ.",
        "The fourth digit is {digit}; it is 0 to 3 for everybody born since 1900. Type the number on the card.",
    ),
    "phone_characters": (
        "Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678.",
        "A phone number is digits only, such as 0912 345 678.",
    ),
    "phone_short": (
        "Mới có {count} chữ số. Gõ đủ 10 chữ số, ví dụ 0912 345 678.",
        "Only {count} digits. Type all 10, such as 0912 345 678.",
    ),
    "phone_long": (
        "Có {count} chữ số, thừa {over}. Số di động có 10 chữ số, ví dụ 0912 345 678.",
        "{count} digits, {over} too many. A mobile number has 10, such as 0912 345 678.",
    ),
    "phone_area": (
        "Có {count} chữ số. Số cố định có 11 chữ số, ví dụ 0237 3852 123.",
        "{count} digits. A number with an area code has 11, such as 0237 3852 123.",
    ),
    "phone_prefix": (
        "Đầu số {prefix} không còn dùng. Gõ số hiện nay, ví dụ 0912 345 678.",
        "Numbers no longer begin with {prefix}. Type today’s number, such as 0912 345 678.",
    ),
    "phone_zero": ("Số điện thoại bắt đầu bằng số 0.", "A phone number begins with 0."),
    "email": (
        "Chưa đúng địa chỉ thư điện tử, ví dụ ten@example.vn.",
        "Not an e-mail address, such as ten@example.vn.",
    ),
    "tax_code": (
        "Mã số thuế có 10 chữ số, thêm -001 cho đơn vị phụ thuộc; cá nhân dùng số định danh 12 chữ số.",
        "A tax code has 10 digits, with -001 for a branch; a person's is the 12-digit personal number.",
    ),
    "entry_no": ("Gõ số, hoặc số/năm, ví dụ 17/2024.", "Type the number, or number/year, such as 17/2024."),
    "ethnicity": (
        "“{value}” là quốc tịch, không phải dân tộc. Chọn dân tộc, ví dụ Kinh.",
        "“{value}” is a nationality, not an ethnicity. Choose an ethnicity, such as Kinh.",
    ),
    "commune_province": (
        "{commune} không thuộc {province}. Hãy chọn lại xã, phường.",
        "{commune} does not belong to {province}. Choose the commune again.",
    ),
    "rows_minimum": ("Cần ít nhất {limit} dòng.", "At least {limit} rows are needed."),
    "rows_maximum": ("Có {count} dòng, tối đa {limit}.", "{count} rows, at most {limit}."),
}

#: What is wrong with a form document, for whoever wrote it.
DEFECTS: dict[str, str] = {
    "document": "Tài liệu không phải là một biểu mẫu form-js.",
    "too_large": "Biểu mẫu quá lớn hoặc lồng nhau quá sâu.",
    "id": "Biểu mẫu thiếu mã (id).",
    "component": "Thành phần phải là một đối tượng JSON có “type”.",
    "unknown_type": "Không có loại thành phần “{type}”.",
    "unknown_kind": "Loại “{type}” không có kiểu “{kind}”.",
    "key": "Khóa “{key}” phải gồm chữ thường không dấu, chữ số, gạch dưới, bắt đầu bằng chữ.",
    "duplicate": "Khóa “{key}” đã dùng ở {where}.",
    "duplicate_route": "Biến “{key}” đã được chuyển sang quy trình ở {where}.",
    "label": "Thành phần thiếu nhãn (label).",
    "properties": "“properties” và “validate” phải là đối tượng JSON; giá trị của “properties” là chuỗi.",
    "values": "Danh sách lựa chọn trống, thiếu nhãn hoặc trùng mã.",
    "limit": "“{name}” phải là một số không âm.",
    "bounds": "“{low}” lớn hơn “{high}”.",
    "pattern": "Biểu thức mẫu (pattern) không đọc được.",
    "subtype": "“subtype” phải là date, time hoặc datetime.",
    "feel_sign": "{name}: điều kiện phải bắt đầu bằng dấu “=”.",
    "feel": "{name}: {reason}",
    "feel_name": "{name}: không có trường hay biến “{read}”.",
    "feel_cycle": "Điều kiện ẩn của các trường phụ thuộc vòng tròn: {keys}.",
    "message": "Có “check” thì phải có câu báo lỗi (message).",
    "of": "“of” phải là khóa của ô chọn tỉnh trong cùng nhóm.",
    "parts": "Nhóm “{kind}” phải có các khóa: {keys}.",
    "route": "Chỉ lựa chọn, đánh dấu, số nguyên và ngày được chuyển sang quy trình.",
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one answer."""

    code: str
    values: tuple[tuple[str, Any], ...] = ()

    def sentence(self, language: str = "vi") -> str:
        vietnamese, english = SENTENCES[self.code]
        return (english if language == "en" else vietnamese).format(**dict(self.values))


def problem(code: str, **values: Any) -> Problem:
    return Problem(code, tuple(values.items()))


class FormInvalid(ValueError):
    """The answers do not fit the form."""

    def __init__(self, problems: Mapping[str, Sequence[Problem]]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{path}: {' '.join(said)}" for path, said in self.errors.items()))

    def __reduce__(self) -> tuple[type["FormInvalid"], tuple[dict[str, Sequence[Problem]]]]:
        """Another process that fills forms can say what was refused."""
        return type(self), (self.problems,)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Dotted path of a field (rows are counted from 0) -> Vietnamese sentences."""
        return self.sentences("vi")

    def sentences(self, language: str) -> dict[str, list[str]]:
        return {path: [one.sentence(language) for one in found] for path, found in self.problems.items()}


@dataclass(frozen=True)
class Finding:
    """One defect of a form document. `path` is the place in the document: `components[3].properties.check`."""

    path: str
    message_vi: str
    code: str

    @property
    def message(self) -> str:
        return self.message_vi


def finding(path: str, code: str, **values: Any) -> Finding:
    return Finding(path, DEFECTS[code].format(**values), code)


class FormBroken(ValueError):
    """The document is no form that could be filled in."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{one.path}: {one.message_vi}" for one in findings))
