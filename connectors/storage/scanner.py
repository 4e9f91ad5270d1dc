"""Where scanners of the counters put their files: `<folder>/<code of the office>/<desk>/<file>`. Only read, never changed."""

from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import BinaryIO

from engine.base.errors import Missing
from engine.documents.sheets import Sheet


class ScannerFolder:
    """What was scanned at the desks of an office."""

    def __init__(self, folder: Path):
        self._folder = folder

    def of_day(self, office: str, day: date, zone: tzinfo) -> list[Sheet]:
        """The files of one day, the newest first; no byte of them is read. One that goes away meanwhile is not there."""
        found = []
        for path in (self._folder / office).glob("*/*"):
            try:
                seen = path.stat()
                if not path.is_file() or path.name.startswith(".") or path.parent.name.startswith("."):
                    continue
                at = datetime.fromtimestamp(seen.st_mtime, UTC).astimezone(zone)
            except (OSError, OverflowError):
                continue
            if at.date() == day and seen.st_size:
                found.append(Sheet(f"{path.parent.name}/{path.name}", at, seen.st_size))
        return sorted(found, key=lambda one: (one.at, one.place), reverse=True)

    def open(self, office: str, place: str, day: date, zone: tzinfo) -> BinaryIO:
        """The bytes of one that is listed on that day, or Missing: nothing else in the folder, or outside it, is reached."""
        if place not in {one.place for one in self.of_day(office, day, zone)}:
            raise Missing
        try:
            home = (self._folder / office).resolve()
            path = (home / place).resolve()
            if path.parent.parent != home:
                raise Missing
            return path.open("rb")
        except (OSError, ValueError) as error:
            raise Missing from error
