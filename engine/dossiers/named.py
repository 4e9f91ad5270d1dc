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
    found = named(document, clean)
    if found["office"] and found["office"] - {str(one.id) for one in directory.offices(session, on=on)}:
        raise OfficeNotOffered
    if not (assigning and found["officer"]):
        return
    staff = directory.officers_in(session, assigning, "specialist", on=on)
    if found["officer"] - {str(one.id) for one in staff}:
        raise NotInLane


def named(document: Mapping[str, Any], clean: Mapping[str, Any]) -> dict[str, set[str]]:
    """Whom and what checked answers name, by kind: `office`, `officer`."""
    found: dict[str, set[str]] = {"office": set(), "officer": set()}
    for spot in spots(compiled(document).form.nodes, clean):
        if spot.node.kind in found and (value := look(clean, spot.place)) is not MISSING:
            found[spot.node.kind].add(str(value))
    return found
