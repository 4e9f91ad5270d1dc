"""A form document with answers and errors, as what a template draws: forms/_form.html has the macros.

Everything is plain HTML that works without JavaScript. Hidden fields are drawn too (with `hidden`), so that what was
typed in them survives until they are shown again; `load` drops their answers.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import get_locale

import feel
import forms
from engine.calendar.rules import Rule
from forms import places
from forms.compiler import compiled
from forms.component import MISSING
from forms.conditions import Place, copied, look, put, spot_id
from forms.registry import of
from forms.schema import CITED, Node, walk
from webapp.rulewords import number

#: What a control is, and the attributes that help typing in it.
_CONTROLS: dict[tuple[str, str | None], tuple[str, dict[str, str]]] = {
    ("textarea", None): ("textarea", {"rows": "3"}),
    ("number", None): ("text", {"inputmode": "decimal"}),
    ("number", "year"): ("text", {"inputmode": "numeric"}),
    ("number", "money"): ("money", {"inputmode": "numeric"}),
    ("textfield", "phone"): ("text", {"inputmode": "tel"}),
    ("textfield", "email"): ("text", {"inputmode": "email"}),
    ("textfield", "personal_id"): ("text", {"inputmode": "numeric"}),
    ("radio", None): ("radio", {}),
    ("checklist", None): ("checklist", {}),
    ("checkbox", None): ("checkbox", {}),
    ("select", "nationality"): ("names", {"list": "mc-nationalities"}),
}
_DATES = {
    "date": ("ngày/tháng/năm", "day/month/year", "numeric"),
    "time": ("giờ:phút", "hours:minutes", "numeric"),
    "datetime": ("ngày/tháng/năm giờ:phút", "day/month/year hours:minutes", "text"),
}
#: Stands for the number of a row in the markup that a script copies.
NEW_ROW = "__row__"
_WIDTH, _COLUMNS = 12, 16

Choices = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Choice:
    """One option of a control."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Item:
    """One thing on the page: a field, a group, a list, words."""

    #: field, group, rows, words, line, slot
    shape: str
    id: str
    name: str
    label: str
    description: str = ""
    control: str = "text"
    value: str = ""
    choices: tuple[Choice, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    required: bool = False
    readonly: bool = False
    hidden: bool = False
    #: FEEL; the item is away while it is true.
    hide: str | None = None
    #: Whether other items are shown, hidden or required by this one's answer.
    decides: bool = False
    #: Of 12 columns.
    width: int = _WIDTH
    #: A group's lines.
    lines: tuple[tuple["Item", ...], ...] = ()
    #: Small controls beside one another: day, month, year.
    compact: bool = False
    #: A list's rows, and the markup of a new one.
    rows: tuple["Item", ...] = ()
    blank: "Item | None" = None
    most: int = 0
    #: The document component of a slot.
    component: str = ""

    @property
    def told(self) -> str:
        """What small controls beside one another say together, as all dates of the house: `12/04/1996`, `04/1996`, `1996`."""
        return "/".join(inner.value.zfill(2) for line in self.lines for inner in line if inner.value)

    @property
    def described_by(self) -> str:
        """The ids of what explains the control."""
        parts = (f"{self.id}-help" if self.description else "", f"{self.id}-error" if self.errors else "")
        return " ".join(filter(None, parts))


@dataclass(frozen=True)
class Wrong:
    """One line of the summary: a sentence, and the control it speaks of."""

    id: str
    #: The groups in which the control lies, by name.
    within: str
    sentence: str


@dataclass(frozen=True)
class FormView:
    """A form ready to be drawn."""

    lines: tuple[tuple[Item, ...], ...]
    wrong: tuple[Wrong, ...]
    #: Names for the controls in which a state is typed.
    nationalities: tuple[str, ...]


def view(
    document: Any,
    answers: Any,
    errors: Mapping[str, Sequence[str]],
    context: Mapping[str, Any] | None,
    *,
    choices: Choices | None = None,
    prefix: str = "",
    language: str | None = None,
    read: frozenset[str] = frozenset(),
    cited: Mapping[str, Rule] | None = None,
) -> FormView:
    """The form as these answers make it look. `answers` may be wrong, `errors` are those of `FormInvalid`.

    `choices` are the options that only the caller knows, by kind (`office`, `officer`): code -> name.
    `cited` are the rules whose numbers the form leaves to them, by code.
    `read` are names that rules around the form read (fees, papers): their fields decide too.
    No `context`: answers of before, to be read. What was hidden then has none; the conditions of now hide nothing of them.
    """
    drawing = _Drawing(document, answers, errors, context, choices or {}, prefix, language or _language())
    drawing.deciding |= read
    drawing.cited = cited or {}
    return drawing.form()


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "vi"


def sentences(refusal: forms.FormInvalid) -> dict[str, list[str]]:
    """What is wrong, field by field, in the reader's language."""
    return refusal.sentences(_language())


def change_rows(document: Any, answers: dict[str, Any], data: Mapping[str, str]) -> dict[str, Any] | None:
    """The answers after a row was added (`_add`) or removed (`_remove`), or None when no such button was pressed."""
    lists = {node.dotted for node in walk(compiled(document).form.nodes) if node.is_list}
    changed: dict[str, Any] = copied(answers)
    if name := data.get("_add"):
        place, number = _place(name), None
    else:
        *owner, number = _place(data.get("_remove", ""))
        place = tuple(owner)
    if ".".join("*" if isinstance(part, int) else part for part in place) not in lists:
        return None
    rows = look(changed, place)
    if not isinstance(rows, list):
        put(changed, place, rows := [])
    if number is None:
        rows.append({})
    elif isinstance(number, int):
        del rows[number : number + 1]
    return changed


def _place(name: str) -> Place:
    return tuple(int(part) if part.isdecimal() else part for part in name.split("."))


class _Drawing:
    def __init__(
        self,
        document: Any,
        answers: Any,
        errors: Mapping[str, Sequence[str]],
        context: Mapping[str, Any] | None,
        choices: Choices,
        prefix: str,
        language: str,
    ) -> None:
        self.nodes = compiled(document).form.nodes
        self.answers = answers if isinstance(answers, dict) and answers else forms.initial(document)
        self.errors = errors
        self.choices = choices
        self.prefix = prefix
        self.english = language == "en"
        if context is None:  # no condition is asked
            self.state = forms.State(frozenset(), frozenset())
        else:
            try:
                self.state = forms.state(document, self.answers, context)
            except forms.FormInvalid:
                self.answers = {}
                self.state = forms.state(document, {}, context)
        self.deciding = _deciding(self.nodes)
        self.drawn: dict[str, Item] = {}
        self.within: list[str] = []
        self.owners: dict[str, str] = {}
        self.states_typed = False
        self.cited: Mapping[str, Rule] = {}

    def form(self) -> FormView:
        lines = self.lines(self.nodes, ())
        names = places.nationalities("en" if self.english else "vi").values() if self.states_typed else ()
        return FormView(lines, tuple(self.wrong()), tuple(names))

    def wrong(self) -> Iterable[Wrong]:
        """The summary: what lies in a field that is not drawn is said without a link."""
        for path, sentences in self.errors.items():
            item = self.drawn.get(path)
            for sentence in sentences:
                yield Wrong(item.id if item else "", self.owners.get(path, ""), sentence)

    def lines(
        self, nodes: Sequence[Node], base: Place, *, hidden: bool = False
    ) -> tuple[tuple[Item, ...], ...]:
        """Components that share a row of the layout stand on one line."""
        together: list[list[Node]] = []
        for node in nodes:
            if together and node.row and node.row == together[-1][-1].row:
                together[-1].append(node)
            else:
                together.append([node])
        return tuple(
            tuple(
                self.item(node, base, width, hidden=hidden)
                for node, width in zip(line, widths([node.columns for node in line]), strict=True)
            )
            for line in together
        )

    def item(self, node: Node, base: Place, width: int, *, hidden: bool) -> Item:
        place = (*base, *node.at)
        path = ".".join(map(str, place))
        spot = spot_id(node, base)
        holds = of(node).holds
        own = path if node.path and (holds != "group" or node.nests) else node.where
        common: dict[str, Any] = {
            "id": "f-" + re.sub(r"\W+", "-", self.prefix + own).strip("-"),
            "name": self.prefix + path,
            "label": node.label_en if self.english and node.label_en else node.label,
            "description": self.said(node.description_en if self.english and node.description_en else node.description),
            "errors": tuple(self.errors.get(path, ())) if holds != "group" or node.nests else (),
            "required": spot in self.state.required,
            "hidden": hidden or spot in self.state.hidden,
            "hide": node.hide,
            "decides": not self.deciding.isdisjoint(_names(node)),
            "width": width,
        }
        draw = {"value": self.field, "group": self.group, "rows": self.rows, "nothing": self.silent}[holds]
        named = common["label"].partition(" (")[0] if node.children else ""
        if holds != "group" or node.nests:
            self.owners[path] = " · ".join(filter(None, self.within))
        self.within.append(named)
        item = draw(node, place, base, common)
        self.within.pop()
        if holds != "group" or node.nests:
            self.drawn[path] = item
        return item

    def said(self, words: str) -> str:
        """With the numbers that are the rules', each with its article."""
        return CITED.sub(lambda code: self.number(self.cited[code[1]]) if code[1] in self.cited else code[0], words)

    @staticmethod
    def number(rule: Rule) -> str:
        return f"{number(rule)} ({rule.article})"

    def field(self, node: Node, place: Place, base: Place, common: dict[str, Any]) -> Item:
        control, attributes = _CONTROLS.get((node.type, node.kind), ("text", {}))
        given = look(self.answers, place)
        given = None if given is MISSING else given
        if node.type == "datetime":
            vietnamese, english, inputmode = _DATES.get(of(node).subtype(node), _DATES["date"])
            attributes = {"placeholder": english if self.english else vietnamese, "inputmode": inputmode}
        if node.type == "textfield" and (longest := node.rule("maxLength")):
            attributes = attributes | {"maxlength": str(int(longest))}
        choices: tuple[Choice, ...] = ()
        if control == "names":
            self.states_typed = True
            names = places.nationalities("en" if self.english else "vi")
            given = names.get(given, given) if isinstance(given, str) else given
        elif control in {"radio", "checklist"} or (node.type == "select" and control != "names"):
            choices = self.options(node, given, place, hidden=common["hidden"])
            control = "select" if node.type == "select" and choices else control
            attributes = (
                attributes | self.communes(node, common["id"]) if node.kind == "province" else attributes
            )
        if node.kind == "commune":
            control = "select"
        return Item(
            shape="field",
            control=control,
            value="true" if given is True else of(node).show(node, given),
            choices=choices,
            attributes=attributes,
            readonly=node.readonly,
            **common,
        )

    def options(self, node: Node, given: Any, place: Place, *, hidden: bool) -> tuple[Choice, ...]:
        chosen = given if isinstance(given, list) else [given]
        if node.kind == "commune":
            province = look(self.answers, (*place[:-1], node.of))
            options = list(places.communes(province).items()) if isinstance(province, str) else []
        elif node.kind in {"office", "officer"}:
            options = list(self.choices.get(node.kind or "", {}).items())
        else:
            options = [
                (one.value, one.label_en if self.english else one.label) for one in of(node).options(node)
            ]
        long = hidden and node.type == "select"
        return tuple(
            Choice(code, name, code in chosen) for code, name in options if not long or code in chosen
        )

    def communes(self, node: Node, own: str) -> dict[str, str]:
        """A chosen province fetches its communes; without JavaScript the page itself brings them."""
        target = own.removesuffix(node.key)
        beside = next((one for one in walk(self.nodes) if one.kind == "commune" and one.of == node.key
                       and one.path[:-1] == node.path[:-1]), None)  # fmt: skip
        if beside is None:
            return {}
        return {"hx-get": "/places/communes", "hx-trigger": "change", "hx-target": f"#{target}{beside.key}"}

    def group(self, node: Node, place: Place, base: Place, common: dict[str, Any]) -> Item:
        compact = node.kind == "pdate"
        lines = self.lines(node.children, base, hidden=common["hidden"])
        if compact:
            common["required"] |= any(part.required for line in lines for part in line)
        return Item(shape="group", lines=lines, compact=compact, **common)

    def rows(self, node: Node, place: Place, base: Place, common: dict[str, Any]) -> Item:
        given = look(self.answers, place)
        count = len(given) if isinstance(given, list) else 0
        low, high = of(node).bounds(node)
        count = max(count, int(low or 0), 1)
        rows = tuple(self.row(node, (*place, number), hidden=common["hidden"]) for number in range(count))
        blank = None if NEW_ROW in place else self.row(node, (*place, NEW_ROW), hidden=common["hidden"])
        return Item(shape="rows", rows=rows, blank=blank, most=int(high), **common)

    def row(self, node: Node, at: Place, *, hidden: bool) -> Item:
        path = ".".join(map(str, at))
        label = str(at[-1] + 1 if isinstance(at[-1], int) else at[-1])
        self.within.append(label)
        lines = self.lines(node.children, at, hidden=hidden)
        self.within.pop()
        return Item(
            shape="row",
            id="f-" + (self.prefix + path).replace(".", "-"),
            name=self.prefix + path,
            label=label,
            lines=lines,
            errors=tuple(self.errors.get(path, ())),
        )

    def silent(self, node: Node, place: Place, base: Place, common: dict[str, Any]) -> Item:
        if node.type == "filepicker":
            return Item(shape="slot", component=node.component, **common)
        words = self.said(node.label_en if self.english and node.label_en else node.text)
        return Item(shape="line" if node.type == "separator" else "words", value=words, **common)


def _deciding(nodes: tuple[Node, ...]) -> frozenset[str]:
    """The names that conditions of showing and of need read."""
    read: set[str] = set()
    for node in walk(nodes):
        for expression in (node.hide, node.required_when):
            read |= feel.check(expression) if expression else set()
    return frozenset(read)


def _names(node: Node) -> set[str]:
    """What a condition may call a node, or a group that holds it: from the form, or from its row."""
    whole = [part for part in node.path if part != "*"]
    return {".".join(path[:length]) for path in (whole, list(node.at)) for length in range(1, len(path) + 1)}


def widths(columns: Sequence[int]) -> list[int]:
    """Columns of 16 as columns of 12 that fill the line as much as before."""
    exact = [_WIDTH * one / _COLUMNS for one in columns]
    whole = [max(1, int(one)) for one in exact]
    spare = round(sum(exact)) - sum(whole)
    by_rest = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in by_rest[: max(0, spare)]:
        whole[index] += 1
    return whole
