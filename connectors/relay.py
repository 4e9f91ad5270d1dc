"""A job of the queue becomes a question to the outside; the answer comes back as a command.

At least once, with one effect: the wait is the idempotency key on both sides. No transaction is open
while the other side thinks.
"""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from connectors.http import OutsideRefused
from connectors.payments.carrier import Carrier
from connectors.registry import Adapter
from engine.base.uow import UnitOfWork
from engine.dossiers import course, incidents, paying
from engine.dossiers.service_steps import Question, question


class TopicUnknown(LookupError):
    """A diagram names a topic that no adapter serves."""


class Relay:
    def __init__(
        self,
        unit: Callable[[], AbstractContextManager[UnitOfWork]],
        adapters: Mapping[str, Adapter],
        carrier: Carrier | None = None,
    ):
        self._unit = unit
        self._adapters = adapters
        self._carrier = carrier or Carrier(unit, None)

    def carry(self, topic: str, payload: Mapping[str, Any], *, last: bool = False) -> None:
        """Ask and bring back. Raises what broke for the queue to try again, unless this try was the `last`.

        What trying again would not help is an incident on the dossier, and so is whatever else breaks here until the
        end. A boundary timer of the diagram lets a person take over, whatever happens here.
        """
        if topic == paying.RETURN:
            self._carrier.send_back(payload, last=last)
            return
        wait_id = uuid.UUID(payload["wait_id"])
        with self._unit() as uow:
            asked = question(uow.session, wait_id)
        if asked is None:
            return
        try:
            answer = self._ask(topic, asked)
        except Exception as error:  # an answer may lack what its documents promise: whatever it was, somebody is told
            if not last and not isinstance(error, OutsideRefused | TopicUnknown):
                raise
            with self._unit() as uow:
                incidents.record(uow, wait_id, error)
            return
        with self._unit() as uow:
            course.answer_service(uow, wait_id, answer)

    def _ask(self, topic: str, asked: Question) -> dict[str, Any]:
        if topic not in self._adapters:
            raise TopicUnknown(topic)
        return self._adapters[topic].ask(asked)
