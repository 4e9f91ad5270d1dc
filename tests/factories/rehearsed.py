"""What walks at random found of our diagrams, shared by the processes of one run of the tests."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path

from engine.base.kept import Kept
from engine.catalog.findings import Finding

Found = tuple[Finding, ...]


class Rehearsed(Kept[str, Found]):
    """As a process keeps it, and also in a folder of the run: the same bytes are walked once, whoever deploys them."""

    def __init__(self, folder: Path):
        super().__init__(256)
        self._folder = folder

    def get(self, key: str, make: Callable[[], Found]) -> Found:
        return super().get(key, lambda: self._of_the_run(key, make))

    def _of_the_run(self, key: str, make: Callable[[], Found]) -> Found:
        file = self._folder / key
        if file.exists():
            found: Found = pickle.loads(file.read_bytes())  # noqa: S301  our own file, of this run
            return found
        found = make()
        # Renamed when whole, so that nobody reads half of it.
        half = file.with_suffix(f".{os.getpid()}")
        half.write_bytes(pickle.dumps(found))
        half.rename(file)
        return found
