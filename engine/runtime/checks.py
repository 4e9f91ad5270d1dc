"""What must hold for a model as a graph before it may run."""

from collections.abc import Iterable, Iterator, Mapping

import feel
from engine.runtime.allowed import REASONS
from engine.runtime.errors import Problem
from engine.runtime.grammar import ROUND_WORDS
from engine.runtime.model import Element, Model
from engine.runtime.soundness import check_tokens

#: Kinds that wait, so that a boundary event has time to come.
GUARDABLE = frozenset({"user", "service", "call", "sub"})
MANY_OUT = frozenset({"xor", "or", "and", "events"})
CHOOSING = frozenset({"xor", "or"})
#: Events that come from inside of what they stand on.
INNER = frozenset({"error", "escalation"})
MAX_NODES = 300
MAX_DEPTH = 4
#: Seconds for all conditions of a diagram together, and how much of a wrong one is shown.
MAX_SECONDS = 5.0
MAX_SAID = 200


def check_model(model: Model) -> list[Problem]:
    """Problems of one process; empty when it may run."""
    if problems := list(_size(model)):
        return problems
    scopes = dict(model.scopes())
    problems = [*_expressions(model), *_handlers(model)]
    for owner, scope in scopes.items():
        problems += [*_ends(scope, model.elements.get(owner))]
        problems += [*_degrees(scope), *_gateways(scope), *_events(scope)]
    problems = problems or [one for scope in scopes.values() for one in _reach(scope)]
    problems = problems or [*_catches(model), *_looks(model)]
    return problems or [one for scope in scopes.values() for one in check_tokens(scope)]


def _size(model: Model) -> Iterator[Problem]:
    if len(model.elements) > MAX_NODES:
        yield Problem(
            "too_many_nodes",
            f"Quy trình có hơn {MAX_NODES} phần tử; hãy tách thành phần dùng chung.",
            model.process_id,
            model.line,
            model.process_id,
        )


def _ends(model: Model, owner: Element | None) -> Iterator[Problem]:
    """A process or sub-process begins in one place and ends somewhere."""
    said = f"Quy trình con “{owner.name}”" if owner else "Quy trình"
    own, line = (owner.id, owner.line) if owner else (model.process_id, model.line)
    starts = [one for one in model.elements.values() if one.kind == "start"]
    if len(starts) != 1:
        yield Problem(
            "one_start",
            f"{said} phải có đúng một điểm bắt đầu, đang có {len(starts)}.",
            starts[1].id if starts else own,
            starts[1].line if starts else line,
            model.process_id,
        )
    if not any(one.kind == "end" for one in model.elements.values()):
        yield Problem("no_end", f"{said} không có điểm kết thúc.", own, line, model.process_id)


def _degrees(model: Model) -> Iterator[Problem]:
    for one in model.elements.values():
        if one.kind == "handler":
            continue
        entered, left = len(one.incoming), len(one.outgoing)
        entry = one.kind == "start" or one.attached_to is not None
        if entry and entered:
            yield _at(model, one, "entry", f"“{one.name}” không được có luồng đi vào.")
        if not entry and not entered:
            yield _at(model, one, "island", f"Không có luồng nào dẫn tới “{one.name}”.")
        if one.kind == "end" and left:
            yield _at(model, one, "after_end", f"Điểm kết thúc “{one.name}” có luồng đi ra.")
        if one.kind != "end" and not left:
            yield _at(model, one, "dead_end", f"“{one.name}” không dẫn tới đâu.")
        if one.kind not in MANY_OUT and left > 1:
            yield _at(model, one, "many_out", f"“{one.name}” có nhiều luồng đi ra; hãy vẽ cổng.")
        targets = [model.flows[flow].target for flow in one.outgoing]
        if len(set(targets)) < len(targets):
            yield _at(model, one, "double_flow", f"Hai luồng từ “{one.name}” tới cùng một phần tử.")


def _gateways(model: Model) -> Iterator[Problem]:
    for one in model.elements.values():
        flows = [model.flows[name] for name in one.outgoing]
        chooses = one.kind in CHOOSING and len(flows) > 1
        for flow in flows:
            needs = chooses and flow.id != one.default
            if needs and not flow.condition:
                yield _at(model, one, "no_condition", f"Luồng “{flow.name or flow.id}” không có điều kiện.")
            if not needs and flow.condition is not None:
                yield _at(
                    model,
                    one,
                    "odd_condition",
                    f"Điều kiện trên luồng “{flow.name or flow.id}” sẽ không bao giờ được xét.",
                )
        if one.kind == "events":
            yield from _event_gateway(model, one)


def _event_gateway(model: Model, gateway: Element) -> Iterator[Problem]:
    events = model.after(gateway)
    if len(events) < 2:
        yield _at(model, gateway, "one_event", f"Cổng sự kiện “{gateway.name}” cần ít nhất hai sự kiện.")
    for event in events:
        waits = event.kind in ("message", "timer", "signal") and not event.task
        if not waits or len(event.incoming) != 1:
            yield _at(
                model,
                event,
                "not_an_event",
                f"Sau cổng sự kiện chỉ được là sự kiện chờ riêng của cổng, không phải “{event.name}”.",
            )
    if _alike(events):
        yield _at(
            model,
            gateway,
            "same_event",
            f"Cổng sự kiện “{gateway.name}” chờ hai lần cùng một sự kiện, hoặc có hai hẹn giờ.",
        )


def _alike(events: Iterable[Element]) -> bool:
    """Whether two of the events cannot be told apart when one comes."""
    seen = [(one.event, one.message, one.code, one.condition) for one in events]
    return len(set(seen)) < len(seen)


def _events(model: Model) -> Iterator[Problem]:
    """Boundary events stand on what waits, errors and escalations on what is drawn here, and no two are alike."""
    for host in model.elements.values():
        events = model.boundaries(host.id)
        for one in events:
            if one.event in INNER and host.kind != "sub":
                yield _at(
                    model,
                    one,
                    "host",
                    f"“{one.name}” phải gắn vào quy trình con vẽ trong tệp này; phần được gọi trả lời bằng biến.",
                )
            elif one.event == "conditional" and host.kind not in ("sub", "call"):
                yield _at(model, one, "host", REASONS["conditionalEventDefinition"])
            elif host.kind not in GUARDABLE and not host.task:
                yield _at(model, one, "host", f"“{host.name}” không chờ nên không thể có sự kiện biên.")
        if _alike([one for one in events if one.kind != "timer"]):
            yield _at(model, host, "same_event", f"“{host.name}” có hai sự kiện biên giống nhau.")


def _looks(model: Model) -> Iterator[Problem]:
    """A condition on a border looks from outside: what only the rounds know it would never see."""
    for one in model.elements.values():
        loop = model.elements[one.attached_to].loop if one.event == "conditional" and one.attached_to else None
        if loop and (names := feel.reads(one.condition) & (ROUND_WORDS | {loop.item, loop.output})):
            said = ", ".join(f"“{name}”" for name in sorted(names))
            yield _at(
                model,
                one,
                "of_a_round",
                f"Điều kiện của “{one.name}” xét {said}, chỉ có trong từng lượt; nhìn từ ngoài các lượt không bao giờ thấy.",
            )


def _handlers(model: Model) -> Iterator[Problem]:
    """Event sub-processes of one process wait for different events."""
    for _, scope in model.scopes():
        handlers = {one.id for one in scope.elements.values() if one.kind == "handler"}
        starts = [one for one in model.elements.values() if one.kind == "start" and one.scope in handlers]
        if _alike(starts):
            yield _at(model, starts[1], "same_event", "Hai quy trình con sự kiện chờ cùng một sự kiện.")


def _catches(model: Model) -> Iterator[Problem]:
    """Every error and escalation is caught in this file, and every catch has something to catch."""
    caught: set[str] = set()
    for one in model.elements.values():
        if one.kind == "end" and one.event in INNER:
            found = _catcher(model, one)
            if found is None:
                yield _at(model, one, "uncaught", f"Không có sự kiện nào bắt “{one.name}” ({one.code}).")
            else:
                caught.add(found.id)
    for one in model.elements.values():
        if one.event in INNER and one.kind != "end" and one.id not in caught:
            yield _at(model, one, "nothing_to_catch", f"Bên trong không có gì làm xảy ra “{one.name}”.")


def _catcher(model: Model, thrown: Element) -> Element | None:
    """What catches an error or escalation: an event sub-process beside it, or a boundary event around it."""
    scope, beside = thrown.scope, thrown
    while True:
        around = model.elements.get(scope)
        handlers = {one.id for one in model.elements.values() if one.kind == "handler" and one.scope == scope}
        waiting = [one for one in model.elements.values() if one.kind == "start" and one.scope in handlers]
        if beside.kind == "handler":
            waiting = []  # once one of them runs, the others stand by no longer
        for events in (waiting, model.boundaries(scope) if scope else ()):
            found = [one for one in events if one.event == thrown.event and one.code in (thrown.code, "")]
            if found:
                return max(found, key=lambda one: bool(one.code))
        if around is None:
            return None
        beside, scope = around, around.scope


def _expressions(model: Model) -> Iterator[Problem]:
    """Every text that is evaluated is FEEL; all of them together take little time even with nothing known."""
    with feel.at_most(MAX_SECONDS):
        for flow in model.flows.values():
            if flow.condition:
                yield from _feel(model, flow.id, flow.line, flow.condition)
        for one in model.elements.values():
            if one.event == "conditional":
                yield from _feel(model, one.id, one.line, one.condition)
            if one.loop is not None:
                for text in (one.loop.count, one.loop.until, one.loop.condition):
                    if text:
                        yield from _feel(model, one.id, one.line, text)


def _feel(model: Model, own: str, line: int, text: str) -> Iterator[Problem]:
    try:
        feel.check(text)
        feel.evaluate(text, {})
    except feel.FeelError as wrong:
        said = text if len(text) <= MAX_SAID else f"{text[:MAX_SAID]}…"
        sentence = f"Điều kiện “{said}” không phải FEEL hợp lệ: {wrong}"
        yield Problem("condition", sentence, own, line, model.process_id)


def _reach(model: Model) -> Iterator[Problem]:
    """Every element lies on a way from the start to an end."""
    follow: dict[str, list[str]] = {name: [] for name in model.elements}
    for flow in model.flows.values():
        follow[flow.source].append(flow.target)
    for one in model.elements.values():
        if one.attached_to is not None:
            follow[one.attached_to].append(one.id)
    back: dict[str, list[str]] = {name: [] for name in model.elements}
    for source, targets in follow.items():
        for target in targets:
            back[target].append(source)
    reached = _closure(follow, [one.id for one in model.elements.values() if one.kind == "start"])
    ending = _closure(back, [one.id for one in model.elements.values() if one.kind == "end"])
    for one in model.elements.values():
        if one.kind == "handler":
            continue
        if one.id not in reached:
            yield _at(model, one, "unreachable", f"Không có đường nào từ điểm bắt đầu tới “{one.name}”.")
        if one.id not in ending:
            yield _at(model, one, "endless", f"Từ “{one.name}” không có đường nào tới điểm kết thúc.")


def check_calls(main: Model, models: Mapping[str, Model]) -> list[Problem]:
    """Every called part is there under its own id, and no part calls itself."""
    problems = [
        _at(model, one, "no_part", f"Không có phần dùng chung “{one.called}”.")
        for model in models.values()
        for one in model.elements.values()
        if one.kind == "call" and one.called not in models
    ]
    problems += [
        Problem(
            "part_id",
            f"Phần dùng chung “{name}” có mã quy trình khác: “{model.process_id}”.",
            name,
            model.line,
            name,
        )
        for name, model in models.items()
        if model.process_id != name
    ]
    return problems or list(_depth(main, models))


def _depth(main: Model, models: Mapping[str, Model]) -> Iterator[Problem]:
    """Parts call parts at most `MAX_DEPTH` deep and never in a circle. Level by level, each part once in each."""
    level = {main.process_id: main}
    for _ in range(MAX_DEPTH + 1):
        calls = [one for model in level.values() for one in model.elements.values() if one.kind == "call"]
        if not calls:
            return
        level = {one.called: models[one.called] for one in calls}
    yield Problem(
        "call_depth",
        f"Các phần dùng chung gọi nhau sâu hơn {MAX_DEPTH} cấp, hoặc gọi vòng: {', '.join(sorted(level))}.",
        calls[0].id,
        calls[0].line,
        next(name for name, model in models.items() if calls[0] in model.elements.values()),
    )


def _closure(follow: Mapping[str, list[str]], first: Iterable[str]) -> set[str]:
    seen = set(first)
    todo = list(seen)
    while todo:
        for name in follow[todo.pop()]:
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return seen


def _at(model: Model, element: Element, rule: str, sentence: str) -> Problem:
    return Problem(rule, sentence, element.id, element.line, model.process_id)
