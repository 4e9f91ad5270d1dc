"""Invented people for the demo: names that exist in Thanh Hóa, numbers that no office issued (099…)."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

_FAMILIES = ("Lê", "Nguyễn", "Trịnh", "Phạm", "Hoàng", "Lò", "Hà", "Bùi", "Mai", "Cao", "Quách", "Trương",
             "Đỗ", "Vi", "Lương", "Phan", "Vũ", "Đinh", "Công Tằng Tôn Nữ")  # fmt: skip
_MIDDLE = {
    "male": ("Văn", "Đức", "Hữu", "Minh", "Quốc", "Xuân", "Gia Bảo", "Thế"),
    "female": ("Thị", "Thị Thu", "Thị Hồng", "Ngọc", "Thị Phương", "Thanh", "Bảo", "Thị Hoàng Ngân"),
}
_GIVEN = {
    "male": ("Tấn", "Khang", "Thiện", "Long", "Hùng", "Đạt", "Quân", "Thắng", "Lực", "Pọong", "Thoong"),
    "female": ("Hoài", "Nga", "Lụa", "Nhung", "Trang", "Châu", "Thảo", "Hương", "Nhè", "Khánh", "Giang"),
}
#: Blocks of a declaration that name one person; a woman, a man, or either.
_BLOCKS = {"mother": "female", "bride": "female", "father": "male", "groom": "male"}


def name(chance: random.Random, sex: str | None = None, family: str | None = None) -> str:
    sex = sex or chance.choice(("male", "female"))
    return f"{family or chance.choice(_FAMILIES)} {chance.choice(_MIDDLE[sex])} {chance.choice(_GIVEN[sex])}"


def every_name() -> Iterator[str]:
    """All that `name` can make, families in turn."""
    parts = [(middle, given) for sex in ("male", "female") for middle in _MIDDLE[sex] for given in _GIVEN[sex]]
    for middle, given in parts:
        for family in _FAMILIES:
            yield f"{family} {middle} {given}"


def personal_id(chance: random.Random, year: int) -> str:
    """A number that fits the year of birth and is nobody's: 099 is the number of no place."""
    century = year // 100 * 2 - 38 + chance.randint(0, 1)
    return f"099{century}{year % 100:02}{chance.randint(0, 999_999):06}"


def replace_all(answers: dict[str, Any], chance: random.Random, today: date) -> None:
    """Give every person in a declaration another name; who is the same person stays the same person."""
    known: dict[str, str] = {}
    for block in ("requester", *_BLOCKS, "child", "subject", "holder", "owner", "beneficiary", "applicant", "deceased"):
        _replace(answers.get(block), block, chance, known)
    child = answers.get("child")
    if isinstance(child, dict) and "birth_date" in child:
        born = today - timedelta(days=chance.randint(4, 25))
        child["birth_date"] = born.isoformat()
        notice = answers.get("birth_notice")
        if isinstance(notice, dict) and "issued_on" in notice:
            notice["issued_on"] = (born + timedelta(days=1)).isoformat()


def _replace(block: Any, role: str, chance: random.Random, known: dict[str, str]) -> None:
    if not isinstance(block, dict):
        return
    key = "name" if block.get("kind") == "household" else "full_name"
    if not isinstance(block.get(key), str):
        return
    old = block[key]
    if old not in known:
        sex = _BLOCKS.get(role) or block.get("sex")
        known[old] = name(chance, sex if sex in _MIDDLE else None, family=old.split()[0] if role == "child" else None)
    block[key] = known[old]
