"""A decision of a real bundle (four decisions that need one another, nineteen rules) against one bare call into V8."""

import json
import statistics
from datetime import date

from benchmarks.measures import Figure, timed
from engine.runtime.decisions import Decisions
from feel import v8
from webapp.postgres import ROOT

TABLE = ROOT / "bpmn" / "1.001776" / "decisions" / "benefit.dmn"
INPUTS = {
    "beneficiary_class": "disabled_extreme",
    "subject": {"birth_date": {"d": 5, "m": 8, "y": 1961}},
    "children": [],
    "decided_on": date(2026, 11, 23),
}
BARE = json.dumps([["expression", "1", {}, []]])
ROUNDS = 400


def costs() -> list[Figure]:
    """Both in turn: the call is most of the cost, so a decision is asked in one."""
    model = Decisions.of(TABLE.read_bytes())
    decisions, calls = [], []
    for _ in range(ROUNDS):
        calls.append(timed(lambda: v8.ENGINE.call("run", BARE)))
        decisions.append(timed(lambda: model.decide("benefit", INPUTS)))
    asked, bare = statistics.median(decisions), statistics.median(calls)
    return [
        Figure("decision_vs_call", asked / bare, "x", 2.5),
        Figure("decision_us", asked * 1e6, "us", 1500),
    ]
