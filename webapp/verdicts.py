"""Reception's verdicts on the checklist, as the intake page and the task page send them."""

import uuid

from werkzeug.datastructures import MultiDict

from engine.documents.checklist import SOURCES, VERDICTS, Judgement
from webapp.typed import raw


def judgements(form: MultiDict[str, str]) -> dict[str, Judgement]:
    """Reception's verdicts: `verdict:<component>`, `source:<component>`, `note:<component>`.

    `reuse:<component>` names a paper of the owner's warehouse that is taken instead; `anyway:<component>` says why it is not.
    Where a request is sent nobody judges again: `still:<component>` says why a paper is asked for although it is held.
    """
    given = {}
    for name, verdict in form.items():
        if name.startswith("verdict:") and verdict in VERDICTS:
            key = name.removeprefix("verdict:")
            source = form.get(f"source:{key}") or None
            note = raw(form, f"note:{key}") or None
            reason = raw(form, f"anyway:{key}") or None
            given[key] = Judgement(verdict, source if source in SOURCES else None, note, reason=reason)
    for name, said in form.items():
        if name.startswith("still:") and (reason := said.strip()):
            given[name.removeprefix("still:")] = Judgement("missing", reason=reason)
    for name, chosen in form.items():
        if name.startswith("reuse:") and (paper_id := _id(chosen)):
            given[name.removeprefix("reuse:")] = Judgement("ok", "warehouse", paper_id=paper_id)
    return given


def _id(chosen: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(chosen)
    except ValueError:
        return None
