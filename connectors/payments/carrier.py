"""Between the gateway and the engine: surpluses are sent back, requests of which nothing was heard are asked about.

No transaction is open while the other side thinks; what it says comes back as a command, and may come twice.
"""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

from connectors.http import OutsideRefused, OutsideSilent
from engine.base.errors import DomainError
from engine.base.ports import PaymentGateway
from engine.base.uow import UnitOfWork
from engine.dossiers import paying

log = structlog.get_logger()

Unit = Callable[[], AbstractContextManager[UnitOfWork]]


class NoGateway(OutsideRefused):
    """No provider is connected."""


class Carrier:
    """Does the errands of the engine at one gateway, if there is one."""

    def __init__(self, unit: Unit, gateway: PaymentGateway | None):
        self._unit, self._gateway = unit, gateway

    def send_back(self, payload: Mapping[str, Any], *, last: bool = False) -> None:
        """The job behind `paying.RETURN`. Raises OutsideSilent for the queue to try again, unless this was the `last`."""
        payment_id = uuid.UUID(payload["payment_id"])
        with self._unit() as uow:
            payment = paying.to_return(uow.session, payment_id)
        if payment is None:
            return
        try:
            if self._gateway is None or self._gateway.name != payment.gateway:
                raise NoGateway(payment.gateway)
            number = self._gateway.refund(payment.transaction_id, payment.amount, key=str(payment_id))
        except (OutsideSilent, OutsideRefused) as error:
            if isinstance(error, OutsideSilent) and not last:
                raise
            with self._unit() as uow:
                paying.retained(uow, payment_id, f"{type(error).__name__}: {error}")
            return
        with self._unit() as uow:
            paying.sent_back(uow, payment_id, number)

    def look_up(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Ask about each request of which nothing was heard: a notification may have been lost. How many payments came of it."""
        if self._gateway is None:
            return 0
        with self._unit() as uow:
            references = paying.silent(uow, self._gateway.name)
        found = 0
        for reference in references:
            if stopped():
                break
            try:
                words = self._gateway.query(reference)
                for word in words:
                    with self._unit() as uow:
                        paying.notified(uow, self._gateway.name, word)
                    found += 1
            except (OutsideSilent, OutsideRefused, DomainError) as error:
                log.warning("payment not looked up", reference=reference, error=type(error).__name__)
        return found
