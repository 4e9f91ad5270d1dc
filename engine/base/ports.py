"""What the engine asks of the outside. Connectors fulfil it; wiring joins the two."""

from collections.abc import Callable, Collection
from typing import BinaryIO, Protocol


class BlobStore(Protocol):
    """Keeps bytes under their SHA-256."""

    def put(self, stream: BinaryIO, digest: str) -> None:
        """Store the stream under its digest; storing the same bytes again does nothing."""

    def open(self, digest: str) -> BinaryIO:
        """The bytes, or `Missing`."""

    def sweep(self, before: float, taken: Callable[[Collection[str]], Collection[str]]) -> int:
        """Forget what nobody brought since then (seconds of the epoch) and is not `taken`; how many those were."""
