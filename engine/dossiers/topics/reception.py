"""Reception: accept with a code and a due date, ask for completion, or refuse."""

import uuid
from collections.abc import Mapping
from typing import Any

from engine.dossiers import facts, limits, papers, same_day
from engine.dossiers.act import Act, topic
from engine.dossiers.clock import legs_of, legs_of_group
from engine.dossiers.models import GROUP, Supplement
from engine.dossiers.numbering import next_code
from engine.dossiers.offices import AuthorityOpen
from engine.dossiers.search_text import search_text
from engine.dossiers.topics.supplement import asked_items, check_once, open_round
from engine.ledger.events import DossierAccepted, DossierRefused
from engine.org.models import Office
from engine.runtime.machine import EngineCall


@topic("dossier.accept")
def accept(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The code of the deciding office, the due date, the receipt (Decree 118/2025, art. 17(3), 28)."""
    dossier, now = act.dossier, act.uow.clock.now()
    if dossier.unresolved_at:
        raise AuthorityOpen
    # art. 28: of the deciding office; of a group of several of them, the one that received it
    names_it = dossier.receiving_office_id if act.terms.children else dossier.competent_office_id
    dossier.code = next_code(act.uow, act.uow.session.get_one(Office, names_it).code)
    if act.terms.children:
        dossier.facts = {**dossier.facts, GROUP: {"code": dossier.code}}
    dossier.accepted_at = now
    dossier.search_text = search_text(dossier)
    elsewhere = call.variables.get("transfer_needed") is True
    rule, form = act.terms.limit(facts.for_rules(act)), dossier.dossier_form
    own = legs_of(form) if elsewhere else ()
    legs = legs_of_group(form, whole=rule.whole if rule else None) if act.terms.children else own
    limits.start_clock(act, now, first=True, legs=legs)
    at_once = _is_handed_out_today(act, travels=elsewhere)
    act.tell(
        DossierAccepted(
            code=dossier.code,
            due_at=dossier.due_at.isoformat() if dossier.due_at else None,
            without_slip=at_once,
        )
    )
    if not at_once:
        papers.receipt(act)
    papers.tell_applicant(act, "accepted", code=dossier.code)
    return {"intake_state": "accepted"}


def _is_handed_out_today(act: Act, *, travels: bool) -> bool:
    """Whoever waits at the counter for a result of the same day gets no slip unless they ask (art. 17(4))."""
    if not same_day.is_today(act.dossier.due_at, act.uow.clock.today()) or not facts.may_wait(act, travels=travels):
        return False
    return act.answers("check_dossier").get("slip_wanted") is not True


@topic("dossier.refuse")
def refuse(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Not accepted, with the reason (Mẫu 03)."""
    check = act.answers("check_dossier")
    act.tell(DossierRefused(ground=check.get("refusal_ground")))
    reason = check.get("refusal_text") or check.get("refusal_ground") or ""
    if named := check.get("competent_office"):
        # art. 17: whoever came to the wrong office is told which is the right one, and where it is
        right = act.uow.session.get_one(Office, uuid.UUID(named))
        phone = f"điện thoại {right.phone}" if right.phone else None
        reason += f"\nCơ quan có thẩm quyền: {', '.join(filter(None, (right.name, right.address, phone)))}."
    papers.refusal(act, reason)
    papers.tell_applicant(act, "refused")
    return {"intake_state": "refused"}


@topic("slip.completion")
def ask_completion(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Everything that is missing, once, before acceptance (Mẫu 02; art. 17(1)(c))."""
    due = limits.completion(act)
    items = asked_items(act, act.answers("check_dossier"))
    check_once(act, items)
    round_: Supplement = open_round(act, items, due, rule="L01", after_acceptance=False)
    papers.supplement(act, items, due, after_acceptance=False)
    papers.tell_applicant(act, "supplement_asked", round=round_.round)
    return {"completion_due_at": due.isoformat()}
