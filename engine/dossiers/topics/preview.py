"""The applicant confirms the electronic draft; a day of silence goes on (procedure 1.001193)."""

from collections.abc import Mapping
from typing import Any

from engine.dossiers import papers
from engine.dossiers.act import Act, topic
from engine.ledger.events import PreviewClosed, PreviewSent
from engine.runtime.machine import EngineCall


@topic("notice.preview")
def send(act: Act, call: EngineCall) -> Mapping[str, Any]:
    act.tell(PreviewSent())
    papers.tell_applicant(act, "preview")
    return {"confirm_state": None, "confirm_answer": None}


@topic("preview.close")
def close(act: Act, call: EngineCall) -> Mapping[str, Any]:
    state = call.variables.get("confirm_answer") or "silent"
    act.tell(PreviewClosed(state=state))
    return {"confirm_state": state}


@topic("examination.set_eligible")
def set_eligible(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """A later finding overrules a refusal that was not issued."""
    return {"examination_outcome": "eligible"}


@topic("examination.set_ineligible")
def set_ineligible(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """A later finding overrules the first examination; the refusal is drafted from here."""
    return {"examination_outcome": "ineligible"}
