"""From the draft to the hand-over: sent back, issued, extended, decided, returned, stopped."""

from collections.abc import Mapping
from typing import Any

from engine.documents import numbers
from engine.dossiers import (
    children,
    correcting,
    fees,
    group_dates,
    limits,
    papers,
    reckoning,
    steps,
    warehouse,
)
from engine.dossiers.act import Act, topic
from engine.ledger.events import (
    DocumentIssued,
    DocumentSentBack,
    DossierDecided,
    DossierReturned,
    DossierStopped,
    ExtensionDenied,
    ResultReplaced,
)
from engine.runtime.machine import EngineCall


@topic("document.issue")
def issue(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Signed, numbered, sealed (Decree 118/2025, art. 22(1)); the number is the next of its register, or another's."""
    typed = str(act.answers("number_and_seal").get("number") or "")
    kind = papers.document_kind(call.variables)
    registers = papers.result_registers(act, call.variables)
    number = numbers.keep(act.uow, act.dossier.competent_office_id, typed, *registers)
    if kind != "interim":
        act.dossier.result_number = number
    act.tell(DocumentIssued(kind=kind, number=number))
    return {"signing_state": "issued", "document_kind": None}


@topic("document.interim")
def sign_interim(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """What is signed next is no result: a council is set up, a finding is told."""
    return {"document_kind": "interim"}


@topic("document.send_back")
def send_back(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The reason was asked for in the form; the draft returns to whoever wrote it."""
    act.tell(DocumentSentBack(kind=papers.document_kind(call.variables)))
    return {"signing_state": "sent_back"}


@topic("deadline.extend")
def extend(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The one new date, told with an apology (Mẫu 04; art. 19(6)); none once the clock has stopped meanwhile."""
    if steps.running(act) is None:
        return deny(act, call)
    letter = act.answers("write_apology")
    new_due = limits.appointment(act, letter)
    limits.check_extension(act, new_due)
    old_due = act.dossier.due_at
    limits.extend_clock(act, new_due, letter["reason"])
    group = group_dates.promised_with(act, new_due)
    papers.slip(
        act,
        "extension",
        decides=True,
        reason=letter["reason"],
        old_due_at=old_due.isoformat() if old_due else None,
        due_at=new_due.isoformat(),
        **({"group_code": group[0], "group_due_at": group[1].isoformat()} if group else {}),
    )
    papers.tell_applicant(act, "extended")
    return {"extension_state": "extended", "extension_used": True}


@topic("deadline.deny")
def deny(act: Act, call: EngineCall) -> Mapping[str, Any]:
    act.tell(ExtensionDenied())
    return {"extension_state": "denied"}


#: A refusal after assessment, or a written answer, is a result too: on time if issued before due.
_KINDS = {"ineligible": "refused", "no_entry": "notice", "register_only": "notice", "not_eligible": "notice"}


@topic("dossier.decide")
def decide(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The clock stops here (Decree 118/2025, art. 22(4))."""
    said = (call.variables.get(name) for name in ("examination_outcome", "eligibility_outcome"))
    kind = next((_KINDS[one] for one in said if one in _KINDS), "granted")
    if act.terms.children:
        kind = children.result_kind(act)
    act.dossier.decided_at, act.dossier.result_kind = act.uow.clock.now(), kind
    limits.stop_clock(act, "decided")
    act.tell(DossierDecided(result_kind=kind))
    if kind == "refused":
        papers.refusal_assessed(act)
    if fees.hang_on_result(act.terms):
        reckoning.reckon(act, "decided")
    due = fees.recount(act)
    papers.tell_applicant(act, "ready")
    return {"result_kind": kind, **due}


@topic("result.replace")
def replace_result(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The agency's own error: the old result is revoked, the new one takes its place (art. 23(1))."""
    number = str(act.answers("number_and_seal").get("number") or "")
    act.tell(ResultReplaced(old_number=act.dossier.result_number, number=number))
    act.dossier.result_number = number
    correcting.replace(act, number)
    warehouse.corrected(act)
    papers.tell_applicant(act, "replaced")
    return {}


@topic("dossier.return")
def hand_over(act: Act, call: EngineCall) -> Mapping[str, Any]:
    way = call.variables.get("return_way") or act.dossier.return_way
    act.tell(DossierReturned(way=way))
    papers.tell_applicant(act, "returned")
    return {}


@topic("dossier.stop")
def stop(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Closed by an officer, with the notice (Mẫu 05)."""
    closing = act.answers("confirm_closing")
    act.tell(DossierStopped(ground=closing.get("ground")))
    papers.stop(act, closing.get("notice") or "", ground=closing.get("ground") or "other")
    papers.tell_applicant(act, "stopped")
    return {}
