"""A page as a person sees it: words, links, forms with labels and buttons. Knows no address and no field by heart."""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

import lxml.html
from lxml.html import HtmlElement
from werkzeug.test import Client

from forms import places

_STRIP = re.compile(r"\s+")


class NotOnThePage(AssertionError):
    """What the person looks for is not there."""


def words_of(element: HtmlElement) -> str:
    return _STRIP.sub(" ", str(element.text_content())).strip()


class Page:
    """One answer of the server, read."""

    def __init__(self, client: Client, answer: Any):
        self.client = client
        self.status: int = answer.status_code
        self.path: str = answer.request.path
        self.html: str = answer.get_data(as_text=True)
        self.tree: HtmlElement = lxml.html.document_fromstring(self.html)

    @classmethod
    def open(cls, client: Client, address: str) -> "Page":
        return cls(client, client.get(address, follow_redirects=True))

    @property
    def words(self) -> str:
        return words_of(self.tree.body)

    @property
    def heading(self) -> str:
        return words_of(self.tree.find(".//h1"))

    @property
    def said(self) -> str:
        """What the page answers to the last act: done, or refused and why."""
        found = self.tree.xpath("//*[@role='status' or @role='alert']")
        return " ".join(words_of(one) for one in found)

    def link(self, words: str) -> "Page":
        for one in self.tree.iter("a"):
            if words in words_of(one):
                return Page.open(self.client, one.get("href"))
        raise NotOnThePage(f"link {words!r} on {self.path}: {self.words[:400]}")

    def row(self, *words: str) -> HtmlElement:
        """The row of a list that says all of this."""
        for one in self.tree.iter("tr"):
            if all(word in words_of(one) for word in words):
                return one
        raise NotOnThePage(f"row {words} on {self.path}: {self.words[:600]}")

    def form(self, button: str) -> "Form":
        """The form that has a button with these words, the content before the header; `aria-disabled` is no button."""
        for form in sorted(self.tree.forms, key=lambda one: not any(up.tag == "main" for up in one.iterancestors())):
            if any(words_of(one) == button or one.get("aria-label") == button for one in _buttons(form)):
                return Form(self, form)
        raise NotOnThePage(f"button {button!r} on {self.path}: {self.words[:600]}")

    def press(self, button: str, **typed: Any) -> "Page":
        form = self.form(button)
        form.fill(typed)
        return form.press(button)

    def offers(self, button: str) -> bool:
        return any(words_of(one) == button for form in self.tree.forms for one in _buttons(form))


class Form:
    """A form while somebody fills it in."""

    def __init__(self, page: Page, element: HtmlElement):
        self.page, self.element = page, element
        self.files: list[tuple[str, tuple[io.BytesIO, str]]] = []

    def control(self, name: str) -> list[HtmlElement]:
        """Everything with this name; a radio or a checklist is several."""
        found = self.there(name)
        if not found:
            raise NotOnThePage(f"field {name!r} on {self.page.path}")
        return found

    def there(self, name: str) -> list[HtmlElement]:
        return self._named.get(name, [])

    @cached_property
    def _named(self) -> dict[str | None, list[HtmlElement]]:
        found: dict[str | None, list[HtmlElement]] = {}
        for one in self.element.iter("input", "select", "textarea"):
            if not _in_template(one):
                found.setdefault(one.get("name"), []).append(one)
        return found

    def labelled(self, label: str) -> str:
        """The name of the field with this label."""
        for one in self.element.iter("label"):
            if words_of(one).removesuffix("*").strip() == label:
                return str(self.element.get_element_by_id(one.get("for")).get("name"))
        raise NotOnThePage(f"label {label!r} on {self.page.path}")

    def label(self, control: HtmlElement) -> str:
        found = self.element.xpath(".//label[@for=$id]", id=control.get("id"))
        return words_of(found[0]).removesuffix("*").strip() if found else ""

    def fill(self, answers: Mapping[str, Any]) -> list[str]:
        """Type nested answers into the fields of their names; returns what the page does not show or offer yet."""
        late = []
        for name, value in flat(answers):
            controls = self.there(name)
            if not controls or not is_shown(controls[0]) or not put(controls, value):
                late.append(name)
        return late

    def attach(self, name: str, content: bytes, called: str) -> None:
        assert self.control(name)
        self.files.append((name, (io.BytesIO(content), called)))

    def slots(self) -> list[str]:
        """Where a file can be chosen."""
        return [one.get("name") for one in self.element.iter("input") if one.get("type") == "file"]

    def press(self, button: str, *, value: str | None = None) -> Page:
        """Send the form as a browser would with this button; `value` chooses among buttons with the same words."""
        for one in _buttons(self.element):
            named = words_of(one) == button or one.get("aria-label") == button
            if named and value in (None, one.get("value")):
                return self.send(one)
        raise NotOnThePage(f"button {button!r} on {self.page.path}")

    def send(self, button: HtmlElement) -> Page:
        data: list[tuple[str, Any]] = list(self.element.form_values())
        if button.get("name"):
            data.append((button.get("name"), button.get("value", "")))
        address = button.get("formaction") or self.element.get("action") or self.page.path
        if self.element.get("method", "get").lower() == "get":
            return Page(
                self.page.client,
                self.page.client.get(address, query_string=_many(data), follow_redirects=True),
            )
        slots = set(self.slots())
        fields = _many([one for one in data if one[0] not in slots])
        for name, content in self.files:
            fields.setdefault(name, []).append(content)
        answer = self.page.client.post(address, data=fields, follow_redirects=True)
        (*answer.history, answer)[0].request.environ["wsgi.input"].close()
        return Page(self.page.client, answer)

    def asked(self) -> Iterator[HtmlElement]:
        """Fields that the page shows, asks for, and that are empty. Of a choice, its first option."""
        for one in self.element.iter("input", "select", "textarea", "fieldset"):
            if one.get("aria-required") == "true" and is_shown(one) and not _in_template(one) and not _in_row(one):
                if one.tag == "fieldset":
                    options = list(one.iter("input"))
                    if options and not any(option.checked for option in options):
                        yield options[0]
                elif one.get("type") == "checkbox":
                    if not one.checked:
                        yield one
                elif not one.value:
                    yield one

    def wrong(self) -> list[HtmlElement]:
        """The fields that the page's list of errors points at."""
        found = []
        for link in self.page.tree.xpath("//div[contains(@class,'mc-errors')]//a[starts-with(@href,'#')]"):
            target = self.element.get_element_by_id(link.get("href")[1:], None)
            if target is not None:
                found.append(target)
        return found


def flat(answers: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Nested answers as names of fields; a list of codes stays one value."""
    for key, value in answers.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                yield from flat(row, f"{name}.{number}.")
        else:
            yield name, value


def put(controls: list[HtmlElement], value: Any) -> bool:
    """Type or choose one value; False when the page does not offer it."""
    first = controls[0]
    if first.get("type") == "checkbox" and len(controls) == 1 and isinstance(value, bool):
        first.checked = value
        return True
    if first.get("type") in ("radio", "checkbox"):
        wanted = {_code(one) for one in (value if isinstance(value, list) else [value])}
        for one in controls:
            one.checked = one.get("value") in wanted
        return wanted <= {one.get("value") for one in controls}
    if first.tag == "select":
        for option in first.iter("option"):
            if value is not None and (option.get("value") == _code(value) or words_of(option) == value):
                first.value = option.get("value")
                return True
        return False
    first.value = typed(first, value)
    return True


def typed(control: HtmlElement, value: Any) -> str:
    """As a person types it: days first, names of states in words."""
    if control.get("list") == "mc-nationalities":
        return str(places.nationalities("vi").get(value, value))
    hint = control.get("placeholder") or ""
    if hint.startswith("ngày/tháng/năm giờ"):
        return f"{datetime.fromisoformat(str(value)):%d/%m/%Y %H:%M}" if "-" in str(value) else str(value)
    if hint == "ngày/tháng/năm":
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}" if "-" in str(value) else str(value)
    return _code(value).replace(".", ",") if isinstance(value, float) else _code(value)


def _code(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def is_shown(element: HtmlElement) -> bool:
    return all(one.get("hidden") is None for one in (element, *element.iterancestors()))


def _in_template(element: HtmlElement) -> bool:
    return any(one.tag == "template" for one in element.iterancestors())


def _in_row(element: HtmlElement) -> bool:
    return any(one.get("data-one-row") is not None for one in element.iterancestors())


def _buttons(form: HtmlElement) -> Iterator[HtmlElement]:
    """Those inside, and those elsewhere on the page that name the form."""
    elsewhere = form.getroottree().xpath("//button[@form=$id]", id=form.get("id") or "-")
    for one in (*form.iter("button"), *elsewhere):
        if one.get("type", "submit") == "submit" and one.get("aria-disabled") != "true" and not _in_template(one):
            yield one


def _many(pairs: list[tuple[str, Any]]) -> dict[str, list[Any]]:
    fields: dict[str, list[Any]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields
