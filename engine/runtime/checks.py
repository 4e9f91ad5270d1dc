"""What must hold for a model as a graph before it may run."""

from collections.abc import Iterable, Iterator, Mapping

import feel
from engine.runtime.errors import Problem
from engine.runtime.model import Element, Model
from engine.runtime.soundness import check_parallel

#: Kinds that wait, so that a boundary event has time to come.
GUARDABLE = frozenset({"user", "service", "call"})
MANY_OUT = frozenset({"xor", "and", "events"})
MAX_NODES = 300
MAX_DEPTH = 4


def check_model(model: Model) -> list[Problem]:
    """Problems of one process; empty when it may run."""
    problems = [*_ends(model), *_degrees(model), *_gateways(model), *_events(model), *_conditions(model)]
    return problems or list(_reach(model)) or list(check_parallel(model))


def _ends(model: Model) -> Iterator[Problem]:
    starts = [one for one in model.elements.values() if one.kind == "start"]
    if len(starts) != 1:
        yield Problem(
            "one_start",
            f"Quy trình phải có đúng một điểm bắt đầu, đang có {len(starts)}.",
            starts[1].id if starts else model.process_id,
            starts[1].line if starts else model.line,
            model.process_id,
        )
    if not any(one.kind == "end" for one in model.elements.values()):
        yield Problem(
            "no_end", "Quy trình không có điểm kết thúc.", model.process_id, model.line, model.process_id
        )
    if len(model.elements) > MAX_NODES:
        yield Problem(
            "too_many_nodes",
            f"Quy trình có hơn {MAX_NODES} phần tử; hãy tách thành phần dùng chung.",
            model.process_id,
            model.line,
            model.process_id,
        )


def _degrees(model: Model) -> Iterator[Problem]:
    for one in model.elements.values():
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
        chooses = one.kind == "xor" and len(flows) > 1
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
        if event.kind not in ("message", "timer") or len(event.incoming) != 1:
            yield _at(
                model,
                event,
                "not_an_event",
                f"Sau cổng sự kiện chỉ được là sự kiện chờ riêng của cổng, không phải “{event.name}”.",
            )
    names = [event.message for event in events if event.kind == "message"]
    if len(set(names)) < len(names) or sum(event.kind == "timer" for event in events) > 1:
        yield _at(
            model,
            gateway,
            "same_event",
            f"Cổng sự kiện “{gateway.name}” chờ hai lần cùng một thông điệp, hoặc có hai hẹn giờ.",
        )


def _events(model: Model) -> Iterator[Problem]:
    for one in model.elements.values():
        if one.attached_to is None:
            continue
        host = model.elements[one.attached_to]
        if host.kind not in GUARDABLE:
            yield _at(model, one, "host", f"“{host.name}” không chờ nên không thể có sự kiện biên.")


def _conditions(model: Model) -> Iterator[Problem]:
    for one in model.elements.values():
        for flow in (model.flows[name] for name in one.outgoing):
            if not flow.condition:
                continue
            try:
                feel.check(flow.condition)
                feel.evaluate(flow.condition, {})
            except feel.FeelError as wrong:
                yield Problem(
                    "condition",
                    f"Điều kiện “{flow.condition}” không phải FEEL hợp lệ: {wrong}",
                    flow.id,
                    flow.line,
                    model.process_id,
                )


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
