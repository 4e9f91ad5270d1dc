"""A decision table of the bundle is asked, inside the act: it proposes, an officer confirms."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.catalog import decisions
from engine.dossiers import facts
from engine.dossiers.act import Act, topic
from engine.ledger.events import RulesApplied
from engine.runtime.machine import EngineCall


@topic("decision.evaluate")
def evaluate(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """What went in and what came out lie beside the ledger; the ledger keeps their digests and the rules that held.

    Nothing is made up: an input that nobody gave is null, and a decision without a value proposes nothing.
    """
    name = call.element.decision
    model = decisions.in_version(act.uow.session, act.runtime.process_version_id, name)
    known = {**facts.for_rules(act), **call.variables, "decided_on": act.uow.clock.today()}
    inputs = {one: known.get(one) for one in model.inputs_of(name)}
    decided = model.decide(name, inputs)
    value = decided.value
    proposed = value if isinstance(value, dict) else {} if value is None else {name: value}
    act.tell(
        RulesApplied(
            step_id=call.step,
            decision=name,
            model_digest=model.digest,
            inputs_digest=act.keep(f"{call.step}.inputs", f"decision/{name}", _plain(inputs)),
            result_digest=act.keep(call.step, f"decision/{name}", proposed),
            rules=[rule for matched in decided.matched for rule in matched.rules],
        )
    )
    return {call.element.variable: value} if call.element.variable else {}


def _plain(value: Any) -> Any:
    """As it can be stored: dates as ISO text."""
    match value:
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case date() | datetime():
            return value.isoformat()
    return value
