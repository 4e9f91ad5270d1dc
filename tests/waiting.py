"""Wait for what comes by itself, no longer than it takes."""

import time
from collections.abc import Callable


def eventually(holds: Callable[[], object], seconds: float = 40) -> bool:
    """Whether it holds before so many seconds are over."""
    end = time.monotonic() + seconds
    while not (held := bool(holds())) and time.monotonic() < end:
        time.sleep(0.05)
    return held
