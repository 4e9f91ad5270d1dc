"""A job of the queue becomes a question to the outside; the answer comes back as a command.

At least once, with one effect: the wait is the idempotency key on both sides. No transaction is open
while the other side thinks.
"""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from connectors.registry import Adapter
from engine.base.uow import UnitOfWork
from engine.dossiers import course
from engine.dossiers.service_steps import question


class TopicUnknown(LookupError):
    """A diagram names a topic that no adapter serves."""


class Relay:
    def __init__(
        self,
        unit: Callable[[], AbstractContextManager[UnitOfWork]],
        adapters: Mapping[str, Adapter],
    ):
        self._unit = unit
        self._adapters = adapters

    def carry(self, topic: str, payload: Mapping[str, Any]) -> None:
        """Ask and bring back. Raises OutsideSilent for the queue to try again; then a boundary timer
        of the diagram lets a person take over, whatever happens here.
        """
        if topic not in self._adapters:
            raise TopicUnknown(topic)
        wait_id = uuid.UUID(payload["wait_id"])
        with self._unit() as uow:
            asked = question(uow.session, wait_id)
        if asked is None:
            return
        answer = self._adapters[topic].ask(asked)
        with self._unit() as uow:
            course.answer_service(uow, wait_id, answer)
