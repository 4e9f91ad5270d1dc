"""Where the time of one request goes: each moment belongs to the innermost part that runs."""

import functools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask_login import LoginManager

import forms
from engine.base.uow import UnitOfWork
from engine.catalog import publish
from engine.dossiers import tasks
from engine.org import directory, permissions
from engine.runtime.machine import Machine

#: Part -> what does it. Whatever runs in none of these is the rest: routing, token, headers, redirect.
PARTS: dict[str, list[tuple[Any, str]]] = {
    "session": [(LoginManager, "_load_user"), (directory, "who_stands"), (directory, "actor_standing")],
    "permission": [(permissions, "may")],
    "form": [(publish, "form"), (forms, "from_flat"), (forms, "load"), (forms, "facts"), (forms, "routing")],
    "machine": [(Machine, "complete"), (Machine, "positions")],
    "act": [(tasks, "complete"), (UnitOfWork, "finish")],
    "commit": [(psycopg.Connection, "commit")],
}


@contextmanager
def clocked() -> Iterator[Counter[str]]:
    """Seconds by part, `rest` included, as long as the block runs."""
    spent: Counter[str] = Counter()
    running, since = ["rest"], [time.perf_counter()]

    def turn() -> None:
        now = time.perf_counter()
        spent[running[-1]] += now - since[0]
        since[0] = now

    def inside(part: str, do: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(do)
        def counted(*args: Any, **named: Any) -> Any:
            turn()
            running.append(part)
            try:
                return do(*args, **named)
            finally:
                turn()
                running.pop()

        return counted

    usual = [(owner, name, getattr(owner, name)) for places in PARTS.values() for owner, name in places]
    for part, places in PARTS.items():
        for owner, name in places:
            setattr(owner, name, inside(part, getattr(owner, name)))
    try:
        yield spent
        turn()
    finally:
        for owner, name, do in usual:
            setattr(owner, name, do)
