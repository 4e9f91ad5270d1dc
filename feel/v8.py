"""FEEL in V8. One isolate per process, made when first needed, so that a forked worker has its own."""

import os
from asyncio import events
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from threading import Event, Lock, Thread, local
from time import process_time
from typing import cast

from py_mini_racer import JSEvalException, JSFunction, JSOOMException, JSTimeoutException, MiniRacer

BUNDLE = Path(__file__).with_name("feel.bundle.js")
SECONDS = 1.0
#: V8's limit is by the clock on the wall; where the machine had no time for it, it is asked again.
TRIES = 5
BYTES = 64 * 2**20


class TooSlow(Exception):
    """The call was stopped by the time limit."""


class TooMuchMemory(Exception):
    """The call was stopped by the memory limit."""


@contextmanager
def _outside_any_loop() -> Iterator[None]:
    """MiniRacer adopts the event loop that runs in its thread, and our own blocking calls would then never return."""
    running = events._get_running_loop()  # noqa: SLF001  asyncio exports these two for such cases
    events._set_running_loop(None)  # noqa: SLF001
    try:
        yield
    finally:
        events._set_running_loop(running)  # noqa: SLF001


class Isolate:
    """The bundle, loaded, with its functions and its limits."""

    def __init__(self) -> None:
        with _outside_any_loop():
            self._racer = MiniRacer()
        self._racer.set_hard_memory_limit(BYTES)
        self._racer.eval(BUNDLE.read_text(encoding="utf-8"))
        self._functions = {
            name: cast("JSFunction", self._racer.eval(f"feel.{name}"))
            for name in ("run", "analyse", "learn", "decide")
        }

    def call(self, function: str, text: str) -> str:
        for left in reversed(range(TRIES)):
            started = process_time()
            try:
                return cast("str", self._functions[function](text, timeout_sec=SECONDS))
            except JSTimeoutException as stopped:
                self._recover()
                if not left or process_time() - started > SECONDS / 2:
                    raise TooSlow from stopped
            except (JSOOMException, JSEvalException) as stopped:
                self._recover()
                raise TooMuchMemory from stopped
        raise AssertionError(function)

    def _recover(self) -> None:
        """Collect what a stopped call left."""
        self._racer.set_hard_memory_limit(0)
        self._racer.low_memory_notification()
        self._racer.low_memory_notification()
        self._racer.set_hard_memory_limit(BYTES)


def _never_close(isolate: Isolate) -> None:
    """Let the process end with the isolate open: closing one, here or in a forked child, may hang or crash it."""
    Thread(target=lambda _kept: Event().wait(), args=(isolate,), name="feel-isolate", daemon=True).start()


class Engine:
    """Holds the isolate of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._isolate: Isolate | None = None
        self._spent = local()
        os.register_at_fork(after_in_child=self._after_fork)

    @property
    def spent(self) -> float:
        """Seconds that V8 has worked for this thread, at most."""
        return getattr(self._spent, "seconds", 0.0)

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """A bound on all calls of this thread together; those behind it are refused as too slow."""
        before = getattr(self._spent, "until", inf)
        self._spent.until = min(before, self.spent + seconds)
        try:
            yield
        finally:
            self._spent.until = before

    def _after_fork(self) -> None:
        self._lock = Lock()
        if self._isolate is not None:
            _never_close(self._isolate)
        self._isolate = None

    def call(self, function: str, text: str) -> str:
        """Call one function of the bundle: JSON text in, JSON text out."""
        if self.spent > getattr(self._spent, "until", inf):
            raise TooSlow
        with self._lock:
            if self._isolate is None:
                self._isolate = Isolate()
                _never_close(self._isolate)
            started = process_time()
            try:
                return self._isolate.call(function, text)
            finally:
                self._spent.seconds = self.spent + process_time() - started


ENGINE = Engine()
