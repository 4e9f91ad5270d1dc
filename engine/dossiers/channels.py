"""Ways in which a dossier comes in (Decree 118/2025, art. 15; VNeID by Decree 367/2025; kiosks by Decree 309/2026)."""

from engine.base.errors import DomainError
from engine.catalog.terms import Terms

#: Without paper: the national portal, the VNeID app, a smart kiosk.
ELECTRONIC = ("online", "vneid", "kiosk")
CHANNELS = ("in_person", "post", *ELECTRONIC)


def is_electronic(channel: str) -> bool:
    return channel in ELECTRONIC


def as_rules_know(channel: str) -> str:
    """The word that records and diagrams have for it: what comes in without paper is online."""
    return "online" if channel in ELECTRONIC else channel


class ChannelNotOffered(DomainError):
    """The law does not take this procedure by every channel: an original that must be shown is brought to the counter."""


def check(terms: Terms, channel: str) -> None:
    """Refusal: ChannelNotOffered."""
    if (only := terms.only_by) and as_rules_know(channel) not in only.channels:
        raise ChannelNotOffered(procedure=terms.code, why=only.why, article=only.article)


def return_way(declared: str) -> str:
    """How the result comes back, by what was declared: fetched at the counter unless said otherwise."""
    return {"electronic": "online", "post": "post"}.get(declared, "counter")


def payment_way(channel: str) -> str:
    """Where a fee is paid: who lodged without paper pays without coming."""
    return "online" if is_electronic(channel) else "counter"


def form_of(channel: str) -> str:
    """Electronic or paper: what a dossier that comes in by it is made of."""
    return "electronic" if is_electronic(channel) else "paper"
