"""Numbers of the law are rows with a day and an article: the words of a form leave them open (`{{T06}}`)."""

import re
from datetime import date
from pathlib import Path

import pytest

from engine.calendar import rules
from engine.runtime.model import read_model

ROOT = Path(__file__).parents[2]
FORMS, DIAGRAMS = ROOT / "forms" / "schemas", ROOT / "bpmn"
#: `03 ngày`, `within 5 working days`.
LENGTH = re.compile(r"\d+\W{0,3}(ngày|giờ|tháng|năm\b|working|days?\b|hours?\b|months?\b|years?\b)")
#: What a sector's own form says of the thing it is about: no limit of the office's work.
OF_THE_THING = {
    "1.000656/declaration": "when a death is registered late",
    "2.002913/declaration": "as above",
    "1.001193/declaration": "when a birth is registered late",
    "3.000722/declaration": "as above",
    "1.001193/verify_documents": "how long a child whose parents are unknown is announced",
    "1.001776/declaration": "the age of children",
    "1.013225/draft_permit": "how long the permit is good for",
    "3.000347/print_licence": "how long the old licence is kept",
}


@pytest.mark.parametrize("path", sorted(FORMS.rglob("*.form.json")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_form_writes_a_limit_into_its_words(path):
    key = f"{path.parent.name}/{path.name.removesuffix('.form.json')}"
    found = LENGTH.search(path.read_text(encoding="utf-8"))
    assert bool(found) == (key in OF_THE_THING), f"{key}: {found and found[0]}: cite the rule"


@pytest.mark.parametrize("path", sorted(DIAGRAMS.rglob("diagram.bpmn")), ids=lambda path: path.parent.name)
def test_no_diagram_repeats_the_number_of_its_rule(path):
    """A number in a diagram is that of a sector; one that only repeats the rule would outlive it."""
    known = rules.in_force(rules.newest(), date.max).by_code
    elements = read_model(path.read_bytes()).elements.values()
    limits = {one.id: (one.limit, str(known[one.rule].limit)) for one in elements if one.rule and one.limit}
    assert [step for step, (own, rule) in limits.items() if own == rule] == []
