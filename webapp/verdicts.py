"""Reception's verdicts on the checklist, as the intake page and the task page send them."""

from werkzeug.datastructures import MultiDict

from engine.documents.checklist import SOURCES, VERDICTS, Judgement


def judgements(form: MultiDict[str, str]) -> dict[str, Judgement]:
    """Reception's verdicts: `verdict:<component>`, `source:<component>`, `note:<component>`."""
    given = {}
    for name, verdict in form.items():
        if name.startswith("verdict:") and verdict in VERDICTS:
            key = name.removeprefix("verdict:")
            source = form.get(f"source:{key}") or None
            note = (form.get(f"note:{key}") or "").strip()[:500] or None
            given[key] = Judgement(verdict, source if source in SOURCES else None, note)
    return given
