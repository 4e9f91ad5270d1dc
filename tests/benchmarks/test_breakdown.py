"""Where the time of a request goes."""

import time

from benchmarks import breakdown
from engine.org import permissions


def test_each_moment_belongs_to_the_part_that_runs_and_everything_is_put_back(monkeypatch):
    monkeypatch.setattr(permissions, "may", lambda *_: time.sleep(0.02))
    usual = {(owner, name): getattr(owner, name) for places in breakdown.PARTS.values() for owner, name in places}
    with breakdown.clocked() as spent:
        permissions.may(None, None)
    assert spent["permission"] >= 0.02
    assert {(owner, name): getattr(owner, name) for owner, name in usual} == usual
