"""People as they write about themselves in Vietnam: numbers, telephones, mail, names, places, days."""

import json
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import feel
import forms
from forms.compiler import compiled
from forms.schema import Node, walk

HOUSE = Path(__file__).parents[2]
#: Services inside a group: their answers are made from the group's, which were checked when it was lodged.
IN_GROUPS = {path.parent.name for path in (HOUSE / "bpmn").glob("*/procedure.json") if b'"only_in_group": true' in path.read_bytes()}
DECLARATIONS = [
    path for path in sorted((HOUSE / "forms" / "schemas").glob("*/declaration.form.json")) if path.parent.name not in IN_GROUPS
]
LODGED = date(2026, 11, 23)


def ask(type_: str, kind: str, answer: Any) -> Any:
    """What is kept of one answer, or the sentence beside the field."""
    field = {"type": type_, "key": "a", "label": "A", "properties": {"kind": kind}}
    try:
        return forms.load({"id": "f", "components": [field]}, {"a": answer}, {}).get("a")
    except forms.FormInvalid as refused:
        return refused.errors["a"][0]


ID, PHONE = "Số định danh", "Số điện thoại"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("038195001234", "038195001234"),
        ("038 195 001 234", "038195001234"),
        ("038.195.001.234", "038195001234"),
        ("038\u00a0195\u00a0001\u00a0234", "038195001234"),
        ("\u200b038195001234\ufeff", "038195001234"),
        ("001301009999", "001301009999"),
        ("038195 00123", "Mới có 11 chữ số. Gõ đủ 12 chữ số, ví dụ 038 195 001 234."),
        ("0381950012345", f"Có 13 chữ số, thừa 1. {ID} có 12 chữ số."),
        ("172345678", "Mới có 9 chữ số. Gõ đủ 12 chữ số, ví dụ 038 195 001 234."),
        ("03819500123O", f"{ID} chỉ gồm 12 chữ số, ví dụ 038 195 001 234."),
        ("０３８１９５００１２３４", f"{ID} chỉ gồm 12 chữ số, ví dụ 038 195 001 234."),
        ("038795001234", "Chữ số thứ tư là 7: người sinh từ năm 1900 có số từ 0 đến 3. Gõ lại số ghi trên thẻ."),
    ],
)
def test_a_personal_number(typed, said):
    assert ask("textfield", "personal_id", typed) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("+84(0)912345678", f"{PHONE} chỉ gồm chữ số, ví dụ 0912 345 678."),
        ("0237 3852 123", "02373852123"),
        ("+84 24 3825 3536", "02438253536"),
        ("0237 385 212", "Có 10 chữ số. Số cố định có 11 chữ số, ví dụ 0237 3852 123."),
        ("091234567", "Mới có 9 chữ số. Gõ đủ 10 chữ số, ví dụ 0912 345 678."),
        ("09123456789", "Có 11 chữ số, thừa 1. Số di động có 10 chữ số, ví dụ 0912 345 678."),
        ("01681234567", "Đầu số 01 không còn dùng. Gõ số hiện nay, ví dụ 0912 345 678."),
        ("912345678", f"{PHONE} bắt đầu bằng số 0."),
        ("0912345678 (gọi sau 17h)", f"{PHONE} chỉ gồm chữ số, ví dụ 0912 345 678."),
    ],
)
def test_a_telephone_number(typed, said):
    assert ask("textfield", "phone", typed) == said


EMAIL = "Chưa đúng địa chỉ thư điện tử, ví dụ ten@example.vn."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (" hoai.le@example.vn ", "hoai.le@example.vn"),
        ("hoai_le+dvc@mail.thanhhoa.gov.vn", "hoai_le+dvc@mail.thanhhoa.gov.vn"),
        ("hoai.le@gmail", EMAIL),
        ("hoai.le.example.vn", EMAIL),
        ("hoài@example.vn", EMAIL),
        ("hoai le@example.vn", EMAIL),
        ("a@b.vn, c@d.vn", EMAIL),
        ("hoai@-example.vn", EMAIL),
        ("hoai@example.vn\nBcc: x@y.vn", EMAIL),
    ],
)
def test_an_e_mail_address(typed, said):
    assert ask("textfield", "email", typed) == said


NAME = "Họ tên chỉ gồm chữ cái, dấu cách, dấu chấm, gạch nối."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("  Lê   Thị Hoài ", "Lê Thị Hoài"),
        ("LÊ THỊ HOÀI", "LÊ THỊ HOÀI"),
        ("Le\u0302 Thi\u0323 Hoa\u0300i", "Lê Thị Hoài"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("Y Moan Ênuôl", "Y Moan Ênuôl"),
        ("Nguyễn-Phúc Bảo Long", "Nguyễn-Phúc Bảo Long"),
        ("Ý", "Viết ít nhất 2 ký tự."),
        ("Nguyễn Văn A1", "Họ tên không có chữ số."),
        ("Nguyễn Văn A/B", NAME),
        ("nguyen@example.vn", NAME),
        ("...", NAME),
        ("- -", NAME),
        ("Nguyễn Văn An\u202e", "Nguyễn Văn An"),
        ("<b>An</b>", NAME),
    ],
)
def test_a_name(typed, said):
    assert ask("textfield", "name", typed) == said


NOT_LISTED = "Giá trị không có trong danh sách. Hãy chọn lại."


class TestAddress:
    PARTS: tuple[dict[str, Any], ...] = (
        {"type": "select", "key": "province", "label": "Tỉnh", "properties": {"kind": "province"}},
        {"type": "select", "key": "commune", "label": "Xã", "properties": {"kind": "commune", "of": "province"}},
    )

    @pytest.mark.parametrize(
        ("province", "commune", "said"),
        [
            ("38", "14797", {}),
            ("thanh hóa", "14797", {}),
            ("36", "14797", {"home.province": [NOT_LISTED]}),  # Nam Định until 2025
            ("38", "00004", {"home.commune": ["Phường Ba Đình không thuộc Thanh Hóa. Hãy chọn lại xã, phường."]}),
            ("38", "Phường Hạc Thành", {"home.commune": [NOT_LISTED]}),
            ("38", "00000", {"home.commune": [NOT_LISTED]}),
        ],
    )
    def test_a_commune_lies_in_its_province(self, province, commune, said):
        home = {"type": "group", "path": "home", "properties": {"kind": "address2"}, "components": self.PARTS}
        document = {"id": "f", "components": [home]}
        with pytest.raises(forms.FormInvalid) if said else nullcontext() as refused:
            forms.load(document, {"home": {"province": province, "commune": commune}}, {})
        assert (refused.value.errors if refused else {}) == said


def declared_days() -> list[Any]:
    """Every day that a declaration asks for, but those that lie ahead: a wedding, the end of a term, a first day of business."""
    found = []
    for path in DECLARATIONS:
        for node in walk(compiled(json.loads(path.read_text("utf-8"))).form.nodes):
            whole = node.type == "datetime" and node.spec.get("subtype", "date") == "date"
            if (whole or node.kind == "pdate") and node.key not in {"ceremony_at", "until", "expires_on", "start_on"}:
                found.append(pytest.param(node, id=f"{path.parent.name}-{node.dotted}"))
    return found


@pytest.mark.parametrize("node", declared_days())
def test_no_declared_day_lies_after_the_day_of_lodging(node: Node):
    check, value = (node.check, None)
    if node.kind == "pdate":
        check = next(part.check for part in node.children if part.key == "y")
    assert check, "a day that nobody checks"
    for day, wrong in ((date(2026, 11, 24), True), (LODGED, False), (date(2019, 2, 28), False)):
        value = {"d": day.day, "m": day.month, "y": day.year} if node.kind == "pdate" else day
        facts: Any = value
        for step in reversed(node.at):
            facts = {step: facts}
        assert (feel.evaluate(check, facts | {"lodged_on": LODGED}) is False) is wrong, day


def persons() -> list[Any]:
    """Every block of a declaration that has a personal number beside a date of birth."""
    found = []
    for path in DECLARATIONS:
        document = json.loads(path.read_text("utf-8"))
        nodes = list(walk(compiled(document).form.nodes))
        paths = {node.path for node in nodes}
        found += [
            pytest.param(document, node.path[:-1], id=f"{path.parent.name}-{'.'.join(node.path[:-1])}")
            for node in nodes
            if node.kind == "personal_id" and (*node.path[:-1], "birth_date") in paths
        ]
    return found


MALES, FEMALES = {"groom", "father"}, {"bride", "mother"}


@pytest.mark.parametrize(("document", "person"), persons())
def test_a_number_that_does_not_fit_birth_year_or_sex_is_pointed_at_and_not_refused(document, person):
    """Digit 4 is century and sex, 5 and 6 the year; the population database decides, not the form."""
    nodes = list(walk(compiled(document).form.nodes))
    hint = next(node for node in nodes if node.type == "text" and node.path == person and "định danh" in node.text)
    born = next(node for node in nodes if node.path == (*person, "birth_date"))
    sexed = any(node.path == (*person, "sex") for node in nodes)
    own = person[person.index("*") + 1 :] if "*" in person else person

    def shown(number: str | None, year: int | None, sex: str | None = None) -> bool:
        day = {"y": year} if born.kind == "pdate" else year and date(year, 5, 1)
        facts: Any = {"personal_id": number, "birth_date": day, "sex": sex}
        for step in reversed(own):
            facts = {step: facts}
        return feel.evaluate(hint.hide or "", facts) is not True

    fits = "038095001234" if person[-1] in MALES else "038195001234"
    assert shown(fits, 1994)
    assert shown(fits.replace("95", "05"), 2005), "born in this century with a number of the last"
    assert [shown(fits, 1995), shown(None, 1995), shown(fits, None), shown("0381", 1995)] == [False] * 4
    if sexed or person[-1] in MALES | FEMALES:
        other = "038095001234" if fits != "038095001234" else "038195001234"
        assert shown(other, 1995, "female")
    if sexed:
        assert not shown("038095001234", 1995, "male")
