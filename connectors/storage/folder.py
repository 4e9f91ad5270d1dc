"""Blobs in a folder, each under its SHA-256: the same bytes are kept once."""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from engine.base.errors import Missing


class FolderStore:
    """A `BlobStore` on a disk. Files are written aside and moved into place, so none is ever half there."""

    def __init__(self, folder: Path):
        self._folder = folder

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def put(self, stream: BinaryIO, digest: str) -> None:
        path = self._path(digest)
        with suppress(FileNotFoundError):
            os.utime(path)  # whoever brings it again needs it again: see `sweep`
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as aside:
            try:
                shutil.copyfileobj(stream, aside)
                aside.flush()
                # The row that names these bytes is committed later: a power cut may not leave it without them.
                os.fsync(aside.fileno())
                Path(aside.name).replace(path)
            except BaseException:
                Path(aside.name).unlink(missing_ok=True)
                raise

    def open(self, digest: str) -> BinaryIO:
        path = self._path(digest)
        if not path.exists():
            raise Missing
        return path.open("rb")

    def sweep(self, before: float, taken: Callable[[Collection[str]], Collection[str]]) -> int:
        """Forget what nobody brought since then (seconds of the epoch) and nothing took; how many those were.

        `taken` says which of some digests something needs.
        """
        gone = 0
        for drawer in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            old = {path.name: path for path in drawer.iterdir() if _older(path, before)}
            for digest in old.keys() - set(taken(list(old)) if old else ()):
                if _older(old[digest], before):  # nobody brought it again meanwhile
                    old[digest].unlink(missing_ok=True)
                    gone += 1
        return gone


def _older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:  # somebody else sweeps too
        return False
