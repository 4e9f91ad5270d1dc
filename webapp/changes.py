"""What an applicant changed of a declaration, field by field, in the words of its form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine.base.uow import UnitOfWork
from engine.dossiers import amending, tasks
from engine.dossiers.overview import Overview
from webapp import choices, formview
from webapp.formview import Item


@dataclass(frozen=True)
class Row:
    """One field; empty where nothing was said."""

    within: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One time that the applicant changed something."""

    at: datetime
    remark: str
    rows: tuple[Row, ...]


def changes(uow: UnitOfWork, view: Overview) -> list[Change]:
    """The newest first; asks nothing where nothing was changed."""
    if view.dossier.amended_at is None:
        return []
    document = tasks.declared_form(uow, view.dossier.id)
    known = amending.amendments(uow.session, view.dossier.id)
    options = choices.named(uow.session, document, *(said for one in known for said in (one.before, one.after)))
    found = []
    for one in known:
        old, new = (dict(_told(formview.view(document, said, {}, None, choices=options).lines)) for said in (one.before, one.after))
        names = dict.fromkeys((*old, *new))
        rows = [Row(*(new.get(name) or old[name])[:2], _words(old, name), _words(new, name)) for name in names]
        found.append(Change(one.at, one.remark, tuple(row for row in rows if row.before != row.after)))
    return found


#: The group in which a field lies, its label, and what was answered.
_Said = tuple[str, str, str]


def _words(said: dict[str, _Said], name: str) -> str:
    return said[name][2] if name in said else ""


def _told(lines: Iterable[Iterable[Item]], within: str = "") -> Iterator[tuple[str, _Said]]:
    for item in (one for line in lines for one in line if not one.hidden):
        if item.shape == "group" and item.compact:
            yield item.name, (within, item.label, item.told)
        elif item.shape == "group":
            yield from _told(item.lines, item.label or within)
        elif item.shape == "rows":
            for row in item.rows:
                yield from _told(row.lines, f"{item.label} {row.label}")
        elif item.shape == "field":
            yield item.name, (within, item.label, _answer(item))


def _answer(item: Item) -> str:
    if item.control == "checkbox":
        return _("có") if item.value == "true" else ""
    if item.choices:
        return ", ".join(one.label for one in item.choices if one.chosen)
    return item.value
