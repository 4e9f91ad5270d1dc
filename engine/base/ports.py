"""What the engine asks of the outside. Connectors fulfil it; wiring joins the two."""

from typing import BinaryIO, Protocol


class BlobStore(Protocol):
    """Keeps bytes under their SHA-256."""

    def put(self, stream: BinaryIO, digest: str) -> None:
        """Store the stream under its digest; storing the same bytes again does nothing."""

    def open(self, digest: str) -> BinaryIO:
        """The bytes, or `Missing`."""
