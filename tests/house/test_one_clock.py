"""Who reads the wall clock beside the one clock cannot be tested, replayed, or trusted with a deadline."""

import ast

MAY = {
    "engine/base/clock.py": "the one clock",
    "connectors/standin.py": "plays a system of the outside, which has a clock of its own",
}
WALL = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"}


def test_only_the_clock_reads_the_wall_clock(sources):
    wrong = [
        source.at(call)
        for source in sources
        if source.name not in MAY
        for call in source.calls()
        if ".".join(ast.unparse(call.func).split(".")[-2:]) in WALL
    ]
    assert not wrong, f"ask uow.clock: a deed must be replayable at its own time: {wrong}"
