"""What only Vietnam has: personal number, tax code, entries of registers, two-level addresses, ethnic groups."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from forms import places
from forms.component import MISSING, refuse
from forms.components.choice import One
from forms.components.layout import Parts
from forms.components.text import Digits, Text, clean
from forms.errors import Finding, Problem, problem
from forms.registry import component
from forms.schema import Node, Option


@component("textfield", "personal_id")
class PersonalId(Digits):
    """The 12-digit number of the population database: where the birth was registered, century and sex, year, six more.

    The first three are not judged: a birth registered abroad has the number of that country there. Whether the rest
    fits the declared birth and sex is pointed at in the forms, not refused: the database decides.
    """

    name = "personal_id"
    length = 12

    def fit(self, node: Node, text: str) -> None:
        super().fit(node, text)
        if text[3] not in "0123":
            raise refuse("personal_id_century", digit=text[3])


@component("textfield", "tax_code")
class TaxCode(Text):
    """Of an enterprise or its branch; since July 2025 a person's is the personal number."""

    def normalise(self, node: Node, value: Any) -> Any:
        value = super().normalise(node, value)
        return re.sub(r"(?<=\d)[ .]+(?=\d)", "", value) if isinstance(value, str) else value

    def fit(self, node: Node, text: str) -> None:
        if not re.fullmatch(r"[0-9]{10}(-[0-9]{3})?|[0-9]{12}", text):
            raise refuse("tax_code")


@component("textfield", "entry_no")
class EntryNumber(Text):
    """The number of an entry in a civil-status register, perhaps with its year."""

    def normalise(self, node: Node, value: Any) -> Any:
        value = super().normalise(node, value)
        return re.sub(r"\s*/\s*", "/", value) if isinstance(value, str) else value

    def fit(self, node: Node, text: str) -> None:
        if not re.fullmatch(r"[0-9]{1,6}(/[0-9]{4})?", text):
            raise refuse("entry_no")


class Listed(One):
    """A choice from a public list: `values` of the document stays empty. A typed name becomes its code."""

    names: ClassVar[Callable[[], Mapping[str, str]]]

    def options(self, node: Node) -> tuple[Option, ...]:
        return tuple(Option(code, name, name) for code, name in type(self).names().items())

    def normalise(self, node: Node, value: Any) -> Any:
        value = super().normalise(node, value)
        names = type(self).names()
        if not isinstance(value, str) or value in names:
            return value
        return next((code for code, name in names.items() if name.casefold() == value.casefold()), value)

    def take(self, node: Node, value: Any) -> str:
        code = clean(value)
        if code not in type(self).names():
            raise refuse("option")
        return code

    def findings(self, node: Node) -> Iterator[Finding]:
        return iter(())


@component("select", "province")
class Province(Listed):
    """One of the 34 provinces and cities."""

    names = staticmethod(places.provinces)


@component("select", "commune")
class Commune(Listed):
    """A commune, ward or special zone; of which province, the node's `of` says."""

    names = staticmethod(places.all_communes)

    def options(self, node: Node) -> tuple[Option, ...]:
        """None: 3,321 are too many for one list. `communes(province)` gives those of one."""
        return ()

    def normalise(self, node: Node, value: Any) -> Any:
        """A name is not enough: there are several communes of many a name."""
        return One.normalise(self, node, value)


@component("select", "nationality")
class Nationality(Listed):
    """A state, or none."""

    names = staticmethod(places.nationalities)

    def options(self, node: Node) -> tuple[Option, ...]:
        english = places.nationalities("en")
        return tuple(Option(code, name, english[code]) for code, name in places.nationalities().items())


@component("select", "ethnicity")
class Ethnicity(Listed):
    """One of the 54 groups, or another. People often enter their nationality here."""

    names = staticmethod(places.ethnicities)

    def take(self, node: Node, value: Any) -> str:
        code = clean(value)
        nationality = places.nationalities().get(code.upper(), code)
        if code not in places.ethnicities() and nationality in places.nationalities().values():
            raise refuse("ethnicity", value=nationality)
        return super().take(node, code)


@component("select", "office", "officer")
class Known(One):
    """An office or an officer: the caller knows which there are, and gives them as options."""

    def take(self, node: Node, value: Any) -> str:
        code = clean(value)
        if len(code) > 250:
            raise refuse("option")
        return code

    def findings(self, node: Node) -> Iterator[Finding]:
        return iter(())


@component("group", "address2")
class Address(Parts):
    """Province, commune, and what the people there write before them; no district since July 2025."""

    keys = ("province", "commune")


def commune_misplaced(province: Any, commune: Any) -> Problem | None:
    """A commune belongs to the province chosen beside it."""
    if commune is MISSING or not isinstance(province, str) or not isinstance(commune, str):
        return None
    if commune not in places.all_communes() or commune in places.communes(province):
        return None
    name = places.provinces().get(province, province)
    return problem("commune_province", commune=places.all_communes()[commune], province=name)
