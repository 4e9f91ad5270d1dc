"""The demo province, laid out once for each test."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from engine.base.uow import UnitOfWork
from engine.org.seed import seed_thanh_hoa


@pytest.fixture
def province(unit: Callable[..., AbstractContextManager[UnitOfWork]]) -> None:
    with unit() as uow:
        seed_thanh_hoa(uow, password="$argon2id$demo")
