"""R: the proof. Scenarios that the analyst wrote, and walks at random, on the machine that will run the dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

from engine.base.ids import digest_of
from engine.base.kept import Kept
from engine.catalog.findings import Finding
from engine.catalog.lint.frame import FINAL, is_whole, may_follow
from engine.catalog.lint.registry import PROOF, in_scenarios, on, rule
from engine.catalog.lint.rehearsal import COMMANDS, STATES, Story, Wanderer, play
from engine.catalog.lint.shape import misfits
from engine.catalog.lint.subject import Subject
from engine.catalog.lint.variables import BOOLEAN, INTEGER, VARIABLES
from engine.runtime.parser import Program, compile_program

_SHAPE = [
    {
        "name": str,
        "title_vi": str,
        "start": {},
        "path": [
            {"at": str, "kind": frozenset({"user", "service", "message", "timer", "signal", "command"}), "set?": {}}
        ],
        "end": str,
        "status": str,
    }
]
WALKS = 200
#: A scenario shows a way; more of them than this only take time.
_MOST = 100
#: Variables of the list that a form or a service gives later.
_LATER = {"registration_state", "personal_id_known", "examination_outcome", "document_kind", "result_kind"}

#: What was found of a diagram with its parts and scenarios: the same bytes are walked once in a process.
_stories: Kept[str, tuple[Story, ...]] = Kept(256)
_walked: Kept[str, tuple[Finding, ...]] = Kept(256)


def _program(subject: Subject) -> Program:
    return compile_program(
        subject.bundle.diagram, {code: part.diagram for code, part in subject.parts.items()}
    )


def _key(subject: Subject, *more: Any) -> str:
    files = [subject.bundle.diagram, *(subject.parts[code].diagram for code in sorted(subject.parts))]
    return digest_of([*map(digest_of, files), *more])


def _shaped(subject: Subject) -> list[Mapping[str, Any]]:
    scenarios = subject.bundle.scenarios
    return [] if len(scenarios) > _MOST or next(misfits(scenarios, _SHAPE), None) else scenarios


def _played(subject: Subject) -> list[tuple[Mapping[str, Any], Story]]:
    scenarios = _shaped(subject)

    def play_all() -> tuple[Story, ...]:
        program = _program(subject)
        return tuple(play(program, scenario) for scenario in scenarios)

    return list(zip(scenarios, _stories.get(_key(subject, scenarios), play_all), strict=True))


@rule("R01", "E", "Gói chỉ áp dụng khi kịch bản của nó chạy đúng", stage=PROOF)
def scenarios_can_be_read(subject: Subject) -> Iterator[Finding]:
    if is_whole(subject) and not subject.bundle.scenarios:
        yield in_scenarios(subject, "Gói chưa có kịch bản nào: phải viết và chạy đúng trước khi áp dụng.")
    if len(subject.bundle.scenarios) > _MOST:
        yield in_scenarios(subject, f"Gói có hơn {_MOST} kịch bản.")
    for path, wanted in misfits(subject.bundle.scenarios, _SHAPE):
        yield in_scenarios(subject, f"Kịch bản: “{'.'.join(path)}” phải là {wanted}.")
    for scenario in _shaped(subject):
        for step in scenario["path"]:
            if step["kind"] == "command" and step["at"] not in COMMANDS:
                yield in_scenarios(
                    subject, f"Kịch bản “{scenario['name']}”: không có lệnh “{step['at']}”.", scenario["name"]
                )


@rule("R01", "E", "Gói chỉ áp dụng khi kịch bản của nó chạy đúng", stage=PROOF)
def scenarios_end_as_they_say(subject: Subject) -> Iterator[Finding]:
    for scenario, story in _played(subject):
        if story.wrong:
            yield in_scenarios(subject, f"Kịch bản “{scenario['name']}”: {story.wrong}.", scenario["name"])


@rule("R01", "E", "Gói chỉ áp dụng khi kịch bản của nó chạy đúng", stage=PROOF)
def scenarios_show_the_least(subject: Subject) -> Iterator[Finding]:
    """Granted, supplemented, not supplemented, refused.

    Not one for each variant: variants differ in papers and money, and what differs in its way is an element (R02).
    """
    stories = [story for _, story in _played(subject) if not story.wrong]
    if not is_whole(subject) or not stories:
        return
    topics = {node.element.topic for node in subject.walk.graph.ways}
    drafts = any(one.kind == "user" and one.paper == "03" for one in subject.drawn.elements.values())
    granted = [story for story in stories if story.status == "handed_over"]
    asked = [story for story in stories if _asked(story)]
    shown = {
        "trả kết quả mà không phải bổ sung": any(not _asked(one) and not _refused(one) for one in granted),
        "bổ sung rồi có kết quả": "supplement.open" not in topics or any(one in granted for one in asked),
        "không bổ sung rồi đóng hồ sơ": "supplement.open" not in topics
        or any(one.status == "stopped" for one in asked),
        "từ chối sau thẩm tra": not drafts or any(_refused(one) for one in granted),
    }
    for words, there in shown.items():
        if not there:
            yield in_scenarios(subject, f"Chưa có kịch bản: {words}.")


def _asked(story: Story) -> bool:
    return any(one.element.topic == "supplement.open" for one in story.passed)


def _refused(story: Story) -> bool:
    return any(one.element.kind == "user" and one.element.paper == "03" for one in story.passed)


@rule("R02", "W", "Bước không kịch bản nào đi qua là bước chưa thử", stage=PROOF)
def scenarios_come_through_every_element(subject: Subject) -> Iterator[Finding]:
    played = _played(subject)
    passed = {
        one.step for _, story in played for one in story.passed if one.process == subject.drawn.process_id
    }
    for element in subject.drawn.elements.values() if played else ():
        if element.id not in passed:
            yield on(element, f"Không kịch bản nào đi qua “{element.name or element.id}”.")


@rule("R03", "E", "Không hồ sơ nào mất giữa đường", stage=PROOF)
def walks_at_random_come_to_an_end(subject: Subject) -> Iterator[Finding]:
    allowed = sorted(subject.bundle.record.get("allow_transitions") or ())

    def walk() -> tuple[Finding, ...]:
        found = (_judged(subject, story, allowed) for story in wanderer(subject).walks(WALKS))
        return tuple(islice(filter(None, found), 1))

    key = _key(subject, _at_lodging(subject), _answers(subject), allowed, subject.bundle.kind)
    yield from _walked.get(key, walk)


def wanderer(subject: Subject) -> Wanderer:
    return Wanderer(_program(subject), _at_lodging(subject), _answers(subject))


def _judged(subject: Subject, story: Story, allowed: list[str]) -> Finding | None:
    """What is wrong with a walk, at the element where it went wrong."""
    wrong, at = story.wrong, story.stopped
    if not wrong and is_whole(subject):
        wrong, at = _wrong_status(story, allowed)
    if not wrong:
        return None
    for node in subject.walk.graph.ways:
        if node.id == at:
            of = "" if node.process == subject.drawn.process_id else node.process
            return on(node.element, f"Đi thử ngẫu nhiên: {wrong}.", of=of)
    return on(subject.walk.graph.start.element, f"Đi thử ngẫu nhiên: {wrong}.")


def _wrong_status(story: Story, allowed: list[str]) -> tuple[str | None, str | None]:
    bearing = [one for one in story.passed if one.element.status]
    for before, after in pairwise(bearing):
        if not may_follow(before.element.status, after.element.status, allowed):
            return f"trạng thái đổi từ {before.element.status} sang {after.element.status}", after.step
    if story.ended and story.status not in FINAL:
        return f"kết thúc với trạng thái {story.status}", story.ended
    return None, None


def _at_lodging(subject: Subject) -> dict[str, tuple[Any, ...]]:
    """Every variable that is fixed when a dossier is lodged, with what it may be."""
    declaration = subject.bundle.record.get("declaration")
    declared = {
        name: options
        for name, options in _options(subject, lambda form: form == declaration).items()
        if options
    }
    listed: dict[str, tuple[Any, ...]] = {}
    for name, domain in VARIABLES.items():
        if name in STATES | _LATER:
            continue
        if domain == BOOLEAN:
            listed[name] = (True, False)
        elif domain == INTEGER:
            listed[name] = (0, 1, 8000)
        elif isinstance(domain, tuple):
            listed[name] = domain
    fixed = {name: (value,) for name, value in subject.settings.items()}
    return {**listed, "supplement_count": (0,), **declared, **fixed}


def _answers(subject: Subject) -> dict[str, tuple[Any, ...]]:
    """What the officers' forms of the bundle may answer."""
    declaration = subject.bundle.record.get("declaration")
    return _options(subject, lambda form: form != declaration)


def _options(subject: Subject, of: Callable[[str], bool]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, dict[Any, None]] = {}
    for name, fields in subject.routes.items():
        for one in fields:
            if of(one.form):
                truth = (True, False) if one.type == "checkbox" else ()
                number = (0, 1, 8000) if one.type == "number" else ()
                found.setdefault(name, {}).update(
                    dict.fromkeys(one.options or truth or number or ("2026-11-20",))
                )
    return {name: tuple(values) for name, values in found.items()}
