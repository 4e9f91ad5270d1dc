"""Where scanners of the counters put their files: `<folder>/<code of the office>/<desk>/<file>`. Only read, never changed."""

import hashlib
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from engine.base.errors import Missing
from engine.documents.sheets import Sheet


class ScannerFolder:
    """What was scanned at the desks of an office."""

    def __init__(self, folder: Path):
        self._folder = folder

    def of_day(self, office: str, day: date, zone: tzinfo) -> list[Sheet]:
        """The files of one day, the newest first."""
        found = []
        for path in (self._folder / office).glob("*/*"):
            if path.name.startswith(".") or not path.is_file():
                continue
            seen = path.stat()
            at = datetime.fromtimestamp(seen.st_mtime, UTC).astimezone(zone)
            if at.date() == day and seen.st_size:
                digest = _digest(path, seen.st_mtime_ns, seen.st_size)
                found.append(Sheet(f"{path.parent.name}/{path.name}", at, seen.st_size, digest))
        return sorted(found, key=lambda one: (one.at, one.place), reverse=True)

    def open(self, office: str, place: str) -> BinaryIO:
        """The bytes, or Missing: nothing outside the desks of the office is reached."""
        home = (self._folder / office).resolve()
        path = (home / place).resolve()
        if path.parent.parent != home or not path.is_file():
            raise Missing
        return path.open("rb")


@lru_cache(maxsize=1_000)
def _digest(path: Path, changed: int, size: int) -> str:
    """Read once for as long as the file stays as it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
