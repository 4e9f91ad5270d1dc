"""Others than the applicant: who lodges, withdraws or fetches for them, and whether they may (Decree 118/2025, art. 6)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError
from engine.base.ids import digest_of, uuid7
from engine.base.text import nfc
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier
from engine.dossiers.people_models import Representative
from engine.ledger.events import RepresentativeNamed
from engine.ledger.models import LedgerEvent

#: What a representative may be allowed to do.
SCOPES = ("lodge", "change", "withdraw", "receive")
#: Văn bản ủy quyền, hợp đồng ủy quyền, giấy giới thiệu; none: kin and carriers need no paper to hand in.
KINDS = ("power", "contract", "introduction", "none")
#: Digits of a personal id: what else stands in its place is an organisation's.
_PERSONAL = 12
#: They bring a dossier in and do nothing else with it.
CARRIERS = ("postal", "officer_helping")


class MandateUnclear(DomainError):
    """Who acts for somebody is named, with a paper that says for what and by its number."""

    kind = "invalid"


class MandateDated(DomainError):
    """A paper by which somebody acts was signed today or earlier, and before its last day."""

    kind = "invalid"


class MandateUnknown(DomainError):
    """No paper with this number was recorded for this dossier."""

    kind = "invalid"


class MandateExpired(DomainError):
    """The authorisation no longer holds."""

    kind = "invalid"


class MandateOfAnother(DomainError):
    """This authorisation names somebody else."""

    kind = "invalid"


class NumberOfAnother(DomainError):
    """A personal id of nobody who may act in this dossier. Says no name: whoever types it from afar has shown nothing yet."""

    kind = "invalid"


class NotAuthorised(DomainError):
    """The authorisation is not for this."""

    kind = "invalid"


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Somebody with their paper, as typed."""

    name: str = ""
    personal_id: str | None = None
    phone: str | None = None
    relation: str = "authorised"
    kind: str = "power"
    number: str = ""
    dated: date | None = None
    valid_until: date | None = None
    scope: Sequence[str] = ("lodge",)

    def as_kept(self) -> dict[str, Any]:
        """As it lies beside the ledger."""
        days = {name: one.isoformat() if (one := getattr(self, name)) else None for name in ("dated", "valid_until")}
        words = {name: getattr(self, name) for name in ("name", "personal_id", "phone", "relation", "kind", "number")}
        return words | days | {"scope": sorted(self.scope)}


def submitter(authority: Authority | None, declared: Mapping[str, Any], name: str) -> Authority:
    """Who hands it in: the person of the declaration, with what was said of the paper around it.

    Refusal: MandateUnclear, where more is ticked than lodging and no paper, or a carrier's, is there to allow it.
    """
    given: Mapping[str, Any] = declared.get("proxy") or {}
    relation, number = given.get("relation") or "authorised", given.get("authorisation_no") or ""
    found = authority or Authority()
    dated = given.get("authorisation_date")
    lodges_only = relation in CARRIERS or not number
    if lodges_only and set(found.scope) - {"lodge"}:
        raise MandateUnclear
    return replace(
        found,
        name=nfc(str(given.get("full_name") or name)),
        personal_id=given.get("personal_id"),
        phone=given.get("phone"),
        relation=relation,
        kind=found.kind if number else "none",
        number=number,
        dated=date.fromisoformat(str(dated)) if dated else None,
        scope=("lodge",) if lodges_only else ("lodge", *found.scope),
    )


def is_same_submitter(session: Session, dossier: Dossier, authority: Authority | None, declared: Mapping[str, Any]) -> bool:
    """Whether a page that is sent again names whom it named first, with the same paper."""
    named = select(LedgerEvent.payload).filter_by(stream_id=dossier.id, type=RepresentativeNamed.type)
    first = session.scalar(named.order_by(LedgerEvent.seq).limit(1)) or {}
    again = submitter(authority, declared, dossier.submitter_name)
    return first.get("person_digest") == digest_of(again.as_kept())


def name_representative(act: Act, role: str, authority: Authority) -> Representative:
    """A row for somebody who acts for the applicant from now on. Refusals: MandateExpired, MandateUnclear, MandateDated."""
    if not set(authority.scope) <= set(SCOPES) or authority.kind not in KINDS:
        raise MandateUnclear
    if authority.dated and not authority.dated <= min(act.uow.clock.today(), authority.valid_until or date.max):
        raise MandateDated
    row = Representative(
        id=uuid7(),
        dossier_id=act.dossier.id,
        role=role,
        name=authority.name,
        personal_id=authority.personal_id,
        phone=authority.phone,
        relation=authority.relation,
        kind=authority.kind,
        number=authority.number.strip(),
        dated=authority.dated,
        valid_until=authority.valid_until,
        scope=[one for one in SCOPES if one in authority.scope],
        recorded_at=act.uow.clock.now(),
        recorded_by=act.uow.actor.officer_id,
    )
    _holds(row, act.uow.clock.today())
    act.uow.session.add(row)
    act.tell(
        RepresentativeNamed(
            representative_id=str(row.id),
            role=role,
            kind=row.kind,
            scope=row.scope,
            valid_until=row.valid_until.isoformat() if row.valid_until else None,
            person_digest=digest_of(authority.as_kept()),
        )
    )
    return row


def representatives(act: Act) -> Sequence[Representative]:
    """QUERY: everybody who was named for this dossier, the first first."""
    asked = select(Representative).filter_by(dossier_id=act.dossier.id)
    return act.uow.session.scalars(asked.order_by(Representative.recorded_at, Representative.id)).all()


def check_deed(act: Act, representative_id: uuid.UUID, deed: str) -> Representative:
    """Whether somebody who was named may do this today. Refusals: MandateUnknown, MandateExpired, NotAuthorised."""
    row = next((one for one in representatives(act) if one.id == representative_id), None)
    if row is None:
        raise MandateUnknown(number="–")
    _may(row, deed, act.uow.clock.today())
    return row


def whose(act: Act, number: str, deed: str) -> Representative | None:
    """Whose personal id this is: None the applicant's own, else that of somebody who may do this today.

    Refusals: NumberOfAnother, MandateExpired, NotAuthorised.
    """
    bare = _bare(number)
    if bare and bare == _bare(act.dossier.applicant_personal_id):
        return None
    theirs = [one for one in representatives(act) if bare and bare == _bare(one.personal_id)]
    if not theirs:
        raise NumberOfAnother
    return _first_that_may(theirs, deed, act.uow.clock.today())


def receiver(act: Act) -> dict[str, str]:
    """QUERY: who most likely comes for the result: the last one whose paper allows it today, else the applicant.

    Somebody comes for an organisation, and nothing says who.
    """
    today = act.uow.clock.today()
    named = [one for one in representatives(act) if one.number and "receive" in one.scope]
    for row in reversed(named):
        if row.valid_until is None or row.valid_until >= today:
            person = {"role": "proxy", "name": row.name, "authorisation_no": row.number}
            return person | ({"personal_id": row.personal_id} if row.personal_id else {})
    number = act.dossier.applicant_personal_id
    if number and not (number.isdigit() and len(number) == _PERSONAL):
        return {}
    return {"role": "applicant", "name": act.dossier.applicant_name} | ({"personal_id": number} if number else {})


def check_receiver(act: Act, clean: Mapping[str, Any]) -> None:
    """The result is handed to the applicant, or to whom a recorded paper names for it (art. 22)."""
    if clean.get("receiver_role") != "proxy":
        return
    number = _bare(clean.get("authorisation_no"))
    rows = [one for one in representatives(act) if one.number and _bare(one.number) == number]
    if not rows:
        raise MandateUnknown(number=clean.get("authorisation_no") or "–")
    given = _bare(clean.get("receiver_personal_id") or clean.get("receiver_paper_no"))
    theirs = [one for one in rows if not one.personal_id or _bare(one.personal_id) == given]
    if not theirs:
        raise MandateOfAnother(who=rows[0].name)
    _first_that_may(theirs, "receive", act.uow.clock.today())


def _first_that_may(rows: Sequence[Representative], deed: str, today: date) -> Representative:
    """Of several papers the first that allows it; the last one's refusal where none does."""
    for row in rows[:-1]:
        if deed in row.scope and (row.valid_until is None or row.valid_until >= today):
            return row
    _may(rows[-1], deed, today)
    return rows[-1]


def _may(row: Representative, deed: str, today: date) -> None:
    if deed not in row.scope:
        raise NotAuthorised(who=row.name, deed=deed)
    _holds(row, today)


def _holds(row: Representative, today: date) -> None:
    if row.valid_until is not None and row.valid_until < today:
        raise MandateExpired(who=row.name, number=row.number or "–", until=row.valid_until)


def _bare(number: Any) -> str:
    return "".join(one for one in str(number or "") if one.isalnum()).upper()
