"""What is stored of a running diagram between two acts, and the row it is stored in.

The lean codec keeps what the next act can ask for and no more: the tokens that wait, each one's parent (a join asks
from where a token came), and where branches fork (a join asks what they wrote since). Everything behind is history,
and history is the ledger's. So the state of a single token is two rows, after the first loop as after the 200th.

    {"v": 1, "n": last token number, "t": rows, "s": [[caller, rows], ...]}
    row: [number, index of the parent row | -1, step, state, variables set since the parent, variables gone since]
"""

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.errors import DomainError
from engine.base.ids import uuid7
from engine.runtime.errors import PositionGone, StateTooLarge, StateUnreadable, at
from engine.runtime.instance import LIVE, Frame, Instance, Moving, Token, changed
from engine.runtime.model import Element

if TYPE_CHECKING:
    from engine.runtime.parser import Program

#: Version of the codec; an older state is upgraded by the reader of its version.
CODEC = 1
MAX_BYTES = 1024 * 1024
#: What reading raises where bytes are no state, no state of this diagram, or the diagram is none: whoever looks at many
#: dossiers passes over the one that is broken.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, AssertionError, DomainError)


class RuntimeState(Base):
    """Where one diagram of a dossier stands. A dossier has one main process and maybe side processes."""

    __tablename__ = "runtime_state"
    __table_args__ = (
        Index("ix__runtime_state__dossier_id", "dossier_id"),
        # each act rewrites the row: room for the next version on the same page
        {"postgresql_with": {"fillfactor": 70}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"))
    #: main | side
    role: Mapped[str] = mapped_column(default="main")
    #: the version whose diagram runs: the dossier's own, or that of a side process
    process_version_id: Mapped[uuid.UUID]
    #: version of the codec that wrote `state`
    codec: Mapped[int] = mapped_column(default=CODEC)
    state: Mapped[bytes] = mapped_column(LargeBinary)
    #: the state of before the last act, while that one may be taken back, and the task that it finished
    before: Mapped[bytes | None] = mapped_column(LargeBinary)
    before_task_id: Mapped[uuid.UUID | None]
    #: bumped by every act
    revision: Mapped[int] = mapped_column(default=0)


def dump(instance: Instance) -> bytes:
    """The state after an act."""
    if instance.completed:
        return _within_bounds(instance, {"v": CODEC, "n": instance.number, "d": instance.last_data})
    value: dict[str, Any] = {"v": CODEC, "n": instance.number, "t": _dump_tokens(instance)}
    if instance.subprocesses:
        # a caller comes before what it calls: its number is smaller
        value["s"] = [
            [caller, _dump_tokens(frame)] for caller, frame in sorted(instance.subprocesses.items())
        ]
    return _within_bounds(instance, value)


def load(
    state: bytes, program: "Program", call: Callable[[Element, Mapping[str, Any]], Mapping[str, Any]]
) -> Instance:
    """The instance as it was when its state was stored. Refusals: PositionGone where it has ended, StateUnreadable."""
    try:
        return _read(state, program, call)
    except PositionGone:
        raise
    except UNREADABLE as broken:
        # its class tells damaged bytes from a fault of ours; its words may hold what was declared
        raise StateUnreadable(f"{StateUnreadable.__doc__} ({type(broken).__name__})") from broken


def _read(
    state: bytes, program: "Program", call: Callable[[Element, Mapping[str, Any]], Mapping[str, Any]]
) -> Instance:
    value = orjson.loads(state)
    if value["v"] != CODEC:
        raise AssertionError(f"state of codec {value['v']}: no reader")
    instance = Instance(program, call)
    instance.number = value["n"]
    if "t" not in value:
        raise PositionGone
    _load_tokens(instance, value["t"])
    for number, rows in value.get("s", ()):
        caller = instance.find(number)
        frame = Frame(program.specs[caller.task_spec.spec], caller, instance)
        instance.subprocesses[number] = frame
        _load_tokens(frame, rows)
    return instance


def _within_bounds(instance: Instance, value: dict[str, Any]) -> bytes:
    state = orjson.dumps(value)
    if len(state) > MAX_BYTES:
        raise StateTooLarge(**at(instance.here, bytes=len(state)))
    return state


def _dump_tokens(frame: Moving) -> list[list[Any]]:
    parent_of = _kept(frame.tasks)
    index: dict[int, int] = {}
    rows: list[list[Any]] = []
    for number in sorted(parent_of):
        token = frame.tasks[number]
        index[number] = len(rows)
        parent = parent_of[number]
        row = [number, -1 if parent is None else index[parent], token.task_spec.name, token.state]
        before = frame.outer_data if parent is None else frame.tasks[parent].data
        new = changed(before, token.data)
        gone = [k for k in before if k not in token.data]
        if new or gone:
            row.append(new)
        if gone:
            row.append(gone)
        rows.append(row)
    return rows


def _kept(tokens: Mapping[int, Token]) -> dict[int, int | None]:
    """The tokens worth storing -> the nearest stored one that each comes from."""
    live = [token for token in tokens.values() if token.state & LIVE]
    seen: set[int] = set()
    keep = {token.id for token in live}
    for token in live:
        number = token._parent
        if number is not None:
            keep.add(number)
        while number is not None:
            if number in seen:
                keep.add(number)  # two ways meet here: a fork
                break
            seen.add(number)
            number = tokens[number]._parent
    nearest: dict[int, int | None] = {}
    for number in keep:
        above = tokens[number]._parent
        while above is not None and above not in keep:
            above = tokens[above]._parent
        nearest[number] = above
    return nearest


def _load_tokens(frame: Moving, rows: list[list[Any]]) -> None:
    specs = frame.spec.task_specs
    loaded: list[Token] = []
    for number, parent_index, step, state, *data in rows:
        parent = loaded[parent_index] if parent_index >= 0 else None
        variables = dict(frame.outer_data if parent is None else parent.data)
        if data:
            variables.update(data[0])
        for name in data[1] if len(data) > 1 else ():
            del variables[name]
        loaded.append(Token.restored(frame, number, specs[step], parent, state, variables))
