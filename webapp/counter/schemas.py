"""The shape of what the intake page sends."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from engine.base.errors import Invalid
from engine.base.text import nfc
from engine.dossiers.people import Authority
from engine.dossiers.tasks import ReasonMissing
from webapp.authority import held
from webapp.labels import REFUSAL_GROUNDS

#: Buttons of the page: what reception decides. `estimate` only looks again.
DECISIONS = ("accept", "supplement", "refuse")


#: Letters of a proof: kind of paper, number, day, who gave it.
_PROOF = 300


class IntakeMalformed(Invalid):
    """The page sent something that it does not offer."""


class GroundMissing(Invalid):
    """A refusal says on which ground."""


class RightOfficeMissing(Invalid):
    """Whoever came to the wrong office is told which is the right one."""


@dataclass(frozen=True)
class Intake:
    """Everything around the declaration and the papers."""

    key: uuid.UUID
    channel: str = "in_person"
    decision: str = "accept"
    competent_office_id: uuid.UUID | None = None
    #: Whoever sits at the counter does not know who decides.
    resolve: bool = False
    is_proxy: bool = False
    authority: Authority | None = None
    agreed_days: int | None = None
    #: The applicant asks for the receipt although the result comes on the same day.
    slip_wanted: bool = False
    #: Of a refusal: its ground, the right office where this is the wrong one, and what the applicant is told.
    refusal_ground: str | None = None
    right_office_id: uuid.UUID | None = None
    reason: str = ""
    #: found | missing | not_tried: what the officer, who looked by hand, says was in the population database.
    lookup: str = "not_tried"
    #: Class of person that the applicant is said to be -> the paper that shows it.
    exempt: Mapping[str, str] = field(default_factory=dict)


class _IntakeSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    key = fields.UUID(required=True)
    channel = fields.String(load_default="in_person", validate=validate.OneOf(("in_person", "post")))
    decision = fields.String(load_default="accept", validate=validate.OneOf(DECISIONS))
    competent_office_id = fields.UUID(load_default=None)
    resolve = fields.Boolean(load_default=False)
    is_proxy = fields.Boolean(load_default=False)
    slip_wanted = fields.Boolean(load_default=False)
    agreed_days = fields.Integer(load_default=None, validate=validate.Range(1, 400))
    refusal_ground = fields.String(load_default=None, validate=validate.OneOf(REFUSAL_GROUNDS))
    right_office_id = fields.UUID(load_default=None)
    reason = fields.String(load_default="", validate=validate.Length(max=2_000))
    lookup = fields.String(load_default="not_tried", validate=validate.OneOf(("found", "missing", "not_tried")))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Intake:
        return Intake(**data)


def read_intake(form: Mapping[str, str]) -> tuple[Intake, Invalid | None]:
    """What can be read, and what is wrong with the rest: the page is drawn again, and nothing that was typed is lost.

    An empty choice is no choice; one of the offices to choose from is that nobody knows which.
    """
    given = {name: value for name, value in form.items() if value}
    if given.get("competent_office_id") == "resolve":
        given |= {"resolve": "true", "competent_office_id": ""}
    wrong: Invalid | None = None
    try:
        loaded: Intake = _IntakeSchema().load({name: value for name, value in given.items() if value})
    except ValidationError as error:
        right = cast(dict[str, Any], error.valid_data)
        if "key" not in right:
            raise IntakeMalformed from error
        loaded, wrong = Intake(**right), IntakeMalformed()
    authority, unclear = held(form) if loaded.is_proxy else (None, None)
    exempt = _exempt(form)
    if any(len(proof) > _PROOF for proof in exempt.values()):
        wrong = IntakeMalformed()
    return replace(loaded, exempt=exempt, authority=authority), wrong or unclear


def _exempt(form: Mapping[str, str]) -> dict[str, str]:
    """The boxes that are ticked, each with what was written beside it."""
    ticked = [name.removeprefix("exempt:") for name, value in form.items() if name.startswith("exempt:") and value]
    return {one: nfc(form.get(f"proof:{one}", "").strip()) for one in ticked}


def check_refusal(given: Intake) -> None:
    """A refusal names its ground and, at the wrong office, the right one (Decree 118/2025, art. 17)."""
    if given.decision != "refuse":
        return
    if given.refusal_ground is None:
        raise GroundMissing
    if given.refusal_ground == "wrong_authority" and given.right_office_id is None:
        raise RightOfficeMissing
    if not given.reason.strip():
        raise ReasonMissing
