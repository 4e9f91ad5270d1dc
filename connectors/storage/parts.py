"""Uploads on their way: what has come of each lies in a file of its own, whose length is the truth.

Pieces are written as they arrive, so a cut line loses nothing of what came before. Every web process of an installation
shares the folder, as it shares that of the blobs.
"""

import fcntl
import re
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from engine.base.errors import DomainError, Missing, Stale

_CHUNK = 1 << 16
_NAME = re.compile(r"[0-9a-f]{32}")
_DONE = ".done"


class UploadElsewhere(Stale):
    """So far another number of bytes has come than the sender thinks."""


class UploadBusy(Stale):
    """Another piece of the same upload is still being written."""


class UploadOverflows(DomainError):
    """More comes than was announced."""

    kind = "invalid"


class PartFolder:
    """Files that are not whole yet."""

    def __init__(self, folder: Path):
        self._folder = folder

    def new(self) -> str:
        """A new, empty one; its name."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        (self._folder / name).touch(exist_ok=False)
        return name

    def _path(self, name: str) -> Path:
        path = self._folder / name
        if not _NAME.fullmatch(name) or not path.exists():
            raise Missing
        return path

    def length(self, name: str) -> int:
        return self._path(name).stat().st_size

    def grow(self, name: str, at: int, stream: BinaryIO, *, size: int) -> int:
        """Write what comes to the end, which must be `at`; how long it is then.

        Refusals: UploadBusy, UploadElsewhere, UploadOverflows.
        """
        with self._path(name).open("ab") as part:
            try:
                fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UploadBusy from error
            if (there := part.tell()) != at:
                raise UploadElsewhere(there=there)
            while chunk := stream.read(_CHUNK):
                if part.tell() + len(chunk) > size:
                    raise UploadOverflows
                part.write(chunk)
                part.flush()
            return part.tell()

    def open(self, name: str) -> BinaryIO:
        return self._path(name).open("rb")

    def finish(self, name: str, outcome: str) -> None:
        """What became of a whole one is kept, its bytes are not."""
        (self._folder / f"{name}{_DONE}").write_text(outcome, "utf-8")
        self._path(name).unlink(missing_ok=True)

    def outcome(self, name: str) -> str | None:
        """What became of it; None: it is still on its way."""
        path = self._folder / f"{name}{_DONE}"
        if not _NAME.fullmatch(name) or not path.exists():
            return None
        return path.read_text("utf-8")

    def drop(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def sweep(self, before: float) -> None:
        """Forget those of which nothing has come since then (seconds of the epoch)."""
        for path in self._folder.glob("*"):
            with suppress(FileNotFoundError):  # somebody else sweeps too
                if path.stat().st_mtime < before:
                    path.unlink()
