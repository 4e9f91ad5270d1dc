"""The request to complete a dossier (Mẫu 02) as lines of the intake page: one for each paper that lacks something."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.catalog.terms import ComponentRule
from engine.documents.checklist import Judgement

#: Of one answer of the form `one_stop/check_dossier`.
LONGEST = 250
_PARTS = ("what", "lack", "why", "how")
#: Verdicts for which a paper is asked for.
LACKING = ("missing", "invalid")


@dataclass(frozen=True)
class Line:
    """What is missing, why it is needed, how to mend it; all of it can be typed over."""

    #: `ask:<component>` or `ask.<number>`: the head of the names of its fields.
    name: str
    what: str
    lack: str
    why: str
    how: str
    #: Whether it is in the request as the verdicts stand.
    is_asked: bool = True
    #: What `lack` begins with, by verdict.
    begins: Mapping[str, str] | None = None


def paper_lines(
    papers: Sequence[tuple[ComponentRule, bool | None]],
    judged: Mapping[str, Judgement],
    form: Mapping[str, str],
) -> list[Line]:
    """A line for every paper that these answers may ask for, with words to begin with."""
    return [_line(rule, judged.get(rule.key), form) for rule, required in papers if required is not False]


def _line(rule: ComponentRule, seen: Judgement | None, form: Mapping[str, str]) -> Line:
    name, verdict = f"ask:{rule.key}", seen.verdict if seen else ""
    begins = {"missing": _("Chưa nộp"), "invalid": _("Không hợp lệ")}
    counts = ", ".join(
        words
        for number, words in (
            (rule.originals, _("%(n)s bản chính", n=rule.originals)),
            (rule.certified, _("%(n)s bản sao chứng thực", n=rule.certified)),
            (rule.copies, _("%(n)s bản sao", n=rule.copies)),
        )
        if number
    )
    return Line(
        name=name,
        what=rule.name,
        lack=_typed(form, name, "lack", but=begins) or begins.get(verdict, begins["missing"]),
        why=form.get(f"{name}.why") or _needed(rule),
        how=form.get(f"{name}.how") or (_("Nộp %(counts)s", counts=counts) if counts else _("Nộp bổ sung")),
        is_asked=verdict in LACKING,
        begins=begins,
    )


def _needed(rule: ComponentRule) -> str:
    if rule.article:
        return _("Thành phần phải có theo %(article)s", article=rule.article)
    return _("Thành phần phải có của hồ sơ")


def _typed(form: Mapping[str, str], name: str, part: str, *, but: Mapping[str, str]) -> str:
    """What an officer typed; the words that the page began with follow the verdict."""
    typed = form.get(f"{name}.{part}", "")
    return "" if typed in but.values() else typed


def other_lines(form: Mapping[str, str]) -> list[Line]:
    """What else must be completed, as typed, and an empty line at the end."""
    rows = list(_others(form))
    return [*rows, Line(f"ask.{len(rows)}", "", "", "", "")]


def _others(form: Mapping[str, str]) -> Iterator[Line]:
    heads = {name.split(".")[1] for name in form if name.startswith("ask.")}
    for number in sorted(int(one) for one in heads if one.isascii() and one.isdigit() and len(one) <= 3):
        said = {part: form.get(f"ask.{number}.{part}", "").strip()[:LONGEST] for part in _PARTS}
        if any(said.values()):
            yield Line(f"ask.{number}", **said)


def asked(form: MultiDict[str, str], judged: Mapping[str, Judgement]) -> list[dict[str, str]]:
    """The rows of the request, as the form of the check takes them: papers first, each once."""
    rows = []
    for key, seen in judged.items():
        if seen.verdict in LACKING and (what := form.get(f"ask:{key}.what")):
            said = {part: form.get(f"ask:{key}.{part}", "").strip()[:LONGEST] for part in _PARTS[1:]}
            rows.append({"what": what[:LONGEST]} | said)
    rows += [{"what": one.what or one.lack, "lack": one.lack, "why": one.why, "how": one.how} for one in _others(form)]
    for row in rows:
        row["why"] = row["why"] or _("Cần để tiếp nhận hồ sơ")
    return [{part: words for part, words in row.items() if words} for row in rows]


def noted(form: Mapping[str, str], judged: Mapping[str, Judgement]) -> dict[str, Judgement]:
    """The verdicts, each with what is said to be missing: the dossier's page shows it beside the paper."""
    return {
        key: replace(seen, note=form.get(f"ask:{key}.lack", "").strip()[:LONGEST] or seen.note)
        if seen.verdict in LACKING
        else seen
        for key, seen in judged.items()
    }
