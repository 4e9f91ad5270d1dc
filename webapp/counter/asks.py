"""The request to complete a dossier (Mẫu 02) as lines of the intake page: one for each paper that lacks something.

The words that a line begins with are those of the slip, which is Vietnamese whatever the officer reads.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.base.errors import Invalid
from engine.catalog.terms import ComponentRule
from engine.documents.checklist import Judgement

_PARTS = ("what", "lack", "why", "how")
#: Verdicts for which a paper is asked for, with the words for what is wrong.
BEGINS = {"missing": "Chưa nộp", "invalid": "Không hợp lệ"}
NEEDED = "Cần để tiếp nhận hồ sơ"
#: Characters of the one field that an older form has for why, lack and how.
_TOGETHER = 250


class RequestTooLong(Invalid):
    """Three fields of the page go into one of an older form."""


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
    verdict = seen.verdict if seen else ""
    counts = ", ".join(
        f"{number} {words}"
        for number, words in (
            (rule.originals, "bản chính"),
            (rule.certified, "bản sao chứng thực"),
            (rule.copies, "bản sao"),
        )
        if number
    )
    return Line(
        name=f"ask:{rule.key}",
        what=rule.name,
        lack=_lack(form, rule.key, verdict) or BEGINS["missing"],
        why=_typed(form, rule.key, "why") or _needed(rule),
        how=_typed(form, rule.key, "how") or (f"Nộp {counts}" if counts else "Nộp bổ sung"),
        is_asked=verdict in BEGINS,
        begins=BEGINS,
    )


def _needed(rule: ComponentRule) -> str:
    return f"Thành phần phải có theo {rule.article}" if rule.article else "Thành phần phải có của hồ sơ"


def _typed(form: Mapping[str, str], key: str, part: str) -> str:
    return form.get(f"ask:{key}.{part}", "").strip()


def _lack(form: Mapping[str, str], key: str, verdict: str) -> str:
    """What an officer typed; the words that the page began with follow the verdict, also where no script runs."""
    typed = _typed(form, key, "lack")
    return BEGINS.get(verdict, "") if typed in ("", *BEGINS.values()) else typed


def other_lines(form: Mapping[str, str]) -> list[Line]:
    """What else must be completed, as typed, and an empty line at the end."""
    rows = list(_others(form))
    return [*rows, Line(f"ask.{len(rows)}", "", "", "", "")]


def _others(form: Mapping[str, str]) -> Iterator[Line]:
    heads = {name.split(".")[1] for name in form if name.startswith("ask.")}
    for number in sorted(int(one) for one in heads if one.isascii() and one.isdigit() and len(one) <= 3):
        said = {part: form.get(f"ask.{number}.{part}", "").strip() for part in _PARTS}
        if any(said.values()):
            yield Line(f"ask.{number}", **said)


def asked(form: Mapping[str, str], known: Collection[str]) -> list[dict[str, str]]:
    """The rows of the request that are about no paper, as a form of the check takes them that knows these names.

    An older form has one field for why: what is wrong and how to mend it stand there. Refusal: RequestTooLong.
    """
    rows = []
    for one in _others(form):
        row = {"what": one.what or one.lack, "lack": one.lack, "why": one.why or NEEDED, "how": one.how}
        if not all(f"supplement_items.*.{name}" in known for name in ("lack", "how")):
            row = {"what": row["what"], "why": ". ".join(filter(None, (one.lack, row["why"], one.how)))}
            if len(row["why"]) > _TOGETHER:
                raise RequestTooLong(what=row["what"], long=len(row["why"]), most=_TOGETHER)
        rows.append({name: words for name, words in row.items() if words})
    return rows


def noted(form: Mapping[str, str], judged: Mapping[str, Judgement]) -> dict[str, Judgement]:
    """The verdicts; each paper that lacks something with what, why it is needed and how to mend it."""
    return {
        key: replace(
            seen,
            note=(_lack(form, key, seen.verdict) if f"ask:{key}.lack" in form else "") or seen.note,
            why=_typed(form, key, "why") or None,
            how=_typed(form, key, "how") or None,
        )
        if seen.verdict in BEGINS
        else seen
        for key, seen in judged.items()
    }
