"""Whoever reads English finds no Vietnamese left on a form of the house, and no sentence that says less."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import forms

HOUSE = Path(__file__).parents[2]
DOCUMENTS = sorted((HOUSE / "forms" / "schemas").glob("*/*.form.json"))
#: Letters that English does not have; a quoted Vietnamese word is what the reader must type or find.
_MARKED = re.compile(r"[À-ỹĐđ]")
_QUOTED = re.compile(r"“[^”]*”|[\w./]*(?:NĐ-CP|NQ-CP|QĐ-\w+)")


def pairs(components: list[Any], where: str) -> Iterator[tuple[str, str, str]]:
    """(place, Vietnamese, English) of everything that a page shows of these components."""
    for number, spec in enumerate(components):
        at = f"{where}[{number}]"
        own = spec.get("properties", {})
        for vietnamese, english in (
            (spec.get("label"), own.get("label_en")),
            (spec.get("text"), own.get("label_en")),
            (spec.get("description"), own.get("description_en")),
            (own.get("message"), own.get("message_en")),
            *((option["label"], option.get("label_en")) for option in spec.get("values", ())),
        ):
            if vietnamese:
                yield at, vietnamese, english or ""
        yield from pairs(spec.get("components", []), f"{at}.components")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_everything_that_is_shown_has_its_english(path):
    shown = list(pairs(json.loads(path.read_text("utf-8"))["components"], "components"))
    assert shown
    assert [one for one in shown if not one[2] or _MARKED.search(_QUOTED.sub("", one[2]))] == []
    assert [one for one in shown if one[1][:1].isupper() and one[2][:1].islower()] == [], "as a label begins"


class TestRefusals:
    def refused(self, component: dict[str, Any], answer: Any) -> forms.FormInvalid:
        with pytest.raises(forms.FormInvalid) as refusal:
            forms.load({"id": "f", "components": [component]}, {} if answer is None else {"a": answer}, {})
        return refusal.value

    def test_what_is_still_to_enter_is_named_in_the_readers_language(self):
        field = {
            "type": "textfield",
            "key": "a",
            "label": "Nơi cấp:",
            "validate": {"required": True},
            "properties": {"label_en": "Issued by"},
        }
        refusal = self.refused(field, None)
        assert refusal.sentences("vi") == {"a": ["Chưa nhập: Nơi cấp."]}
        assert refusal.sentences("en") == {"a": ["Still to enter: Issued by."]}

    @pytest.mark.parametrize(
        ("more", "english"), [({"message_en": "Write b."}, "Write b."), ({}, "Phải là b.")], ids=["both", "one"]
    )
    def test_a_check_speaks_english_where_the_form_does(self, more, english):
        own = {"check": '=a = "b"', "message": "Phải là b."} | more
        refusal = self.refused({"type": "textfield", "key": "a", "label": "A", "properties": own}, "c")
        assert (refusal.sentences("vi"), refusal.sentences("en")) == ({"a": ["Phải là b."]}, {"a": [english]})

    def test_a_pattern_names_its_field(self):
        field = {
            "type": "textfield",
            "key": "a",
            "label": "Từ tháng",
            "validate": {"pattern": "[0-9]+"},
            "properties": {"label_en": "From month"},
        }
        assert self.refused(field, "x").sentences("en") == {"a": ["Not in the right form: From month."]}
