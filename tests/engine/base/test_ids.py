"""Ids of rows: later ones are larger, and say when they were made."""

import time

import pytest

from engine.base.ids import uuid7

NOW = 1_795_401_600_000_000_000


@pytest.mark.parametrize("clock", [[NOW] * 5000, [NOW, NOW - 3_600_000_000_000, NOW + 100]], ids=["stands still", "steps back"])
def test_of_two_the_second_is_larger_though_the_clock(monkeypatch, clock):
    """By this it is known who was armed before a signal was thrown in the same act."""
    monkeypatch.setattr("engine.base.ids._last", 0)
    monkeypatch.setattr(time, "time_ns", iter(clock).__next__)
    made = [uuid7() for _ in clock]
    assert made == sorted(set(made))


def test_it_says_the_millisecond(monkeypatch):
    monkeypatch.setattr("engine.base.ids._last", 0)
    monkeypatch.setattr(time, "time_ns", lambda: NOW + 1_999_999)
    one = uuid7()
    assert (one.int >> 80, one.version, one.variant) == (NOW // 1_000_000 + 1, 7, "specified in RFC 4122")
    assert one.int >> 64 & 0xFFF == 0xFFF
