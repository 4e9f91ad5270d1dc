"""Offices and officers that answers name: they must exist, and stand where they are needed, today."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.base.errors import DomainError
from engine.org import directory
from forms.compiler import compiled
from forms.component import MISSING
from forms.conditions import look, spots


class OfficeNotOffered(DomainError):
    """No such office exists today."""

    kind = "invalid"


class NotInLane(DomainError):
    """This officer does not stand in the lane of the task today."""

    kind = "invalid"


def check(
    session: Session,
    document: Mapping[str, Any],
    clean: Mapping[str, Any],
    *,
    on: date,
    assigning: uuid.UUID | None = None,
) -> None:
    """Refuse an office that is none, and an officer who is no specialist of the `assigning` office."""
    named: dict[str, set[str]] = {"office": set(), "officer": set()}
    for spot in spots(compiled(document).form.nodes, clean):
        if spot.node.kind in named and (value := look(clean, spot.place)) is not MISSING:
            named[spot.node.kind].add(str(value))
    if named["office"] and named["office"] - {str(one.id) for one in directory.offices(session, on=on)}:
        raise OfficeNotOffered
    if not (assigning and named["officer"]):
        return
    staff = directory.officers_in(session, assigning, "specialist", on=on)
    if named["officer"] - {str(one.id) for one in staff}:
        raise NotInLane
