"""The shape of what the dossier page sends."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import request

from engine.base.clock import VIETNAM
from engine.base.errors import Invalid
from webapp import once
from webapp.typed import line

#: Enough for a reason or an opinion; the database has no limit of its own.
LONGEST = 4_000


class ActMalformed(Invalid):
    """The page sent something that it does not offer."""


class SentenceMissing(Invalid):
    """This act needs a sentence: why, or what."""


class SentenceTooLong(Invalid):
    """A sentence of at most 4,000 characters."""


class ChoiceMissing(Invalid):
    """This act needs a choice: a ground, a person."""


class NotConfirmed(Invalid):
    """What cannot be undone is said twice."""


class WarehouseMalformed(Invalid):
    """One file is chosen, and its last day is a day."""


@dataclass(frozen=True)
class Said:
    """What was typed and chosen in the form of an act; all of it comes back where the act is refused."""

    act: str = ""
    text: str = ""
    choice: str = ""
    sure: bool = False
    #: The wait, question or task that the form was drawn for.
    about: uuid.UUID | None = None
    #: Revision of that task.
    seen: int = 0
    #: Made with the form: sent twice, it has one effect.
    key: uuid.UUID | None = None


def read_said(act: str) -> Said:
    """Whatever was typed, good or not: `check` refuses it."""
    form = request.form
    try:
        return Said(
            act=act,
            text=form.get("text", "").strip(),
            choice=form.get("choice", ""),
            sure="sure" in form,
            about=_id(form.get("about")),
            seen=int(form.get("seen") or 0),
            key=once.key(),
        )
    except ValueError as error:
        raise ActMalformed from error


def read_visit() -> tuple[datetime | None, str, str]:
    """When, where, who; None for a time that is none."""
    place, people = (line(request.form, name) for name in ("visit_place", "visit_people"))
    try:
        at = datetime.strptime(request.form.get("visit_at", "").strip(), "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)
    except ValueError:
        return None, place, people
    return at, place, people


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def check(said: Said, *, text: bool = False, choice: bool = False, sure: bool = False) -> None:
    """Refuse what misses something that the act needs."""
    if choice and not said.choice:
        raise ChoiceMissing
    if text and not said.text:
        raise SentenceMissing
    if len(said.text) > LONGEST:
        raise SentenceTooLong
    if sure and not said.sure:
        raise NotConfirmed


def read_result(form: Mapping[str, str]) -> tuple[str | None, date | None]:
    """Which result it is, where one was chosen, and its last day, where it has one. Refusal: WarehouseMalformed."""
    until = form.get("valid_to", "").strip()
    try:
        day = datetime.strptime(until, "%d/%m/%Y").date() if until else None  # noqa: DTZ007  a day
    except ValueError as error:
        raise WarehouseMalformed from error
    return form.get("type_code") or None, day
