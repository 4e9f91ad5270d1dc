"""Fees are worked out anew while a dossier runs: answers were corrected, or a paper of an exemption came later (art. 21, 24)."""

import uuid

from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.dossiers import fees
from engine.dossiers.act import Act
from engine.dossiers.course import allowed, said_with
from engine.dossiers.facts import waiting_for
from engine.dossiers.reckoning import Difference, reckon
from engine.dossiers.settle import deliver

#: Under which is kept who brought which paper.
_EXEMPTED = "exempt"


class NotReassessable(DomainError):
    """The dossier has ended: what was owed and paid stays."""


class ExemptionIdle(DomainError):
    """No fee of this dossier is less for this class of person."""

    kind = "invalid"


def exempt(uow: UnitOfWork, dossier_id: uuid.UUID, exempt_class: str, proof: str, *, key: uuid.UUID | None = None) -> None:
    """A paper shows after the lodging that the applicant is of a class for whom fees are waived or reduced.

    Refusals: NotReassessable, ClassUnknown, ProofMissing, ExemptionIdle, Forbidden.
    """
    act = allowed(uow, dossier_id, "fee.reassess")
    said = said_with(key, exempt=exempt_class, proof=proof)
    if act.did(_EXEMPTED, said):
        return
    dossier = act.dossier
    if dossier.ended_at:
        raise NotReassessable
    held = [one for one in dossier.facts.get("fee_classes") or () if one != exempt_class]
    proofs = {**(dossier.facts.get("fee_proofs") or {}), exempt_class: proof.strip()}
    known = {**dossier.facts, "fee_classes": [*held, exempt_class], "fee_proofs": proofs}
    fees.check_classes(act.terms, known)
    dossier.facts = known
    if reassess(act, "exempted") is None:
        raise ExemptionIdle
    act.keep(_EXEMPTED, "", said)
    dossier.revision += 1
    dossier.moved_at, dossier.moved_by, dossier.moved_step = uow.clock.now(), uow.actor.officer_id, _EXEMPTED


def reassess(act: Act, cause: str) -> Difference | None:
    """As `reckon`; who waits for money that is not owed any more waits no longer."""
    if difference := reckon(act, cause):
        _nothing_left(act)
    return difference


def _nothing_left(act: Act) -> None:
    wait = waiting_for(act, "payment_settled")
    if wait and not fees.owed(act):
        deliver(act.beside(wait.runtime_id), wait, {"payment_answer": "waived"}, how="arrived")
