"""What a form need not ask again: answers that the house already holds for this dossier.

A component says where its answer may come from (`properties.prefill`). Of those words these are known
here; the others name databases that a look-up has to ask first.

    earlier              the newest answer to the same key in this dossier
    declaration.<path>   what the applicant declared
    step.<id>.<path>     the newest answer of one step
    registration.<key>   what the registration gave back: entry_no, book_no, entered_on, personal_id
    officer              who fills the form
    objections           what was said to the public posting
    receiver.<key>       who most likely fetches papers: role, name, personal_id, authorisation_no
    lodging_office       where the dossier was lodged
    next_number          the next of the register in which the document is numbered
    result_number        of the result as it stands
    refund               what of the money may still go back
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from sqlalchemy import select

import forms
from engine.calendar.opening import local
from engine.documents import numbers
from engine.dossiers import fees, papers, people, publicity
from engine.dossiers.act import Act
from engine.dossiers.models import AnswerSet
from forms.compiler import compiled
from forms.component import MISSING
from forms.conditions import look, put
from forms.schema import walk

#: Steps whose answers are the registration's.
_REGISTERED = ("register_in_ministry", "register_by_hand", "obtain_personal_id", "chase_personal_id")


def begin(act: Act, document: Mapping[str, Any]) -> dict[str, Any]:
    """What a form begins with: its defaults, and what we hold; the officer sees and may change all of it."""
    answers = forms.initial(document)
    asking = [node for node in walk(compiled(document).form.nodes) if node.properties.get("prefill") and "*" not in node.path]
    if not asking:
        return answers
    given = [
        (row.step_id, row.answers)
        for row in act.uow.session.execute(
            select(AnswerSet.step_id, AnswerSet.answers)
            .filter_by(dossier_id=act.dossier.id)
            .order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc())
        )
    ]
    sources = [[one.strip() for one in str(node.properties["prefill"]).split(",")] for node in asking]
    # Several fields are about one person: who it is, is asked once.
    fetching = people.receiver(act) if any(one.startswith("receiver.") for each in sources for one in each) else {}
    for node, each in zip(asking, sources, strict=True):
        for source in each:
            value = _from(act, source, node.path, given, fetching)
            if value is not MISSING and value is not None:
                put(answers, node.path, value)
                break
    return answers


#: Sources that have another value each time: the last time the step was about another paper, or money that went back since.
_ANEW = frozenset({"next_number", "result_number", "refund"})


def resume(act: Act, document: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered at this step the last time; what nobody may type, and what is open anew, as it is now."""
    if not before:
        return begin(act, document)
    anew = _ANEW if act.task and act.task.done_at is None else frozenset()
    asking = [(node, node.properties.get("prefill")) for node in walk(compiled(document).form.nodes)]
    told = [node for node, source in asking if source and (node.readonly or source in anew)]
    if not told:
        return dict(before)
    now, answers = begin(act, document), deepcopy(dict(before))
    for node in told:
        if "*" not in node.path and (value := look(now, node.path)) is not MISSING:
            put(answers, node.path, value)
    return answers


#: Sources that the dossier itself answers; None: it has none.
_AT_HAND: Mapping[str, Callable[[Act], Any]] = {
    "officer": lambda act: act.uow.actor.name,
    "lodging_office": lambda act: str(act.dossier.receiving_office_id),
    "result_number": lambda act: act.dossier.result_number,
    "refund": lambda act: fees.refundable(act) or None,
}


def _from(
    act: Act, source: str, path: tuple[str, ...], given: list[tuple[str, dict[str, Any]]], fetching: Mapping[str, str]
) -> Any:
    if source == "earlier":
        return _first(one for _, answers in given if (one := look(answers, path)) is not MISSING)
    if source in _AT_HAND:
        return _AT_HAND[source](act)
    if source == "objections":
        said = publicity.objections(act.uow.session, act.dossier.id)
        rows = [
            {"by": one.said_by, "what": one.what, "received_on": local(one.recorded_at).date().isoformat()} for one in said
        ]
        return rows or MISSING
    if source == "next_number":
        positions = act.machine.positions(act.runtime.state)
        variables = next((one.data for one in positions if act.task and one.token == act.task.token), {})
        return numbers.proposed(act.uow, act.dossier.competent_office_id, *papers.result_registers(act, variables))
    room, _, rest = source.partition(".")
    if room == "receiver":
        return fetching.get(rest, MISSING)
    if room == "declaration":
        return look(act.answers("lodge"), tuple(rest.split(".")))
    if room in ("step", "registration"):
        at, _, rest = rest.partition(".") if room == "step" else ("", "", rest)
        steps = (at,) if at else _REGISTERED
        found = (look(answers, tuple(rest.split("."))) for step, answers in given if step in steps)
        return _first(one for one in found if one is not MISSING)
    return MISSING


def _first(values: Any) -> Any:
    return next(iter(values), MISSING)
