"""Blobs in a folder, each under its SHA-256: the same bytes are kept once."""

import os
import shutil
import tempfile
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
        if path.exists():
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
