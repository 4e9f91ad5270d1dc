"""Places as people name them: by code, or by name, with or without its kind, its diacritics, and the province behind a comma."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from engine.base.errors import Invalid
from engine.base.text import fold
from forms import places
from webapp.coordination.schemas import AuthorityNamesNothing

_KIND = re.compile(r"^(tỉnh|tinh|thành phố|thanh pho|phường|phuong|xã|xa|đặc khu|dac khu) ")


class PlaceNameShared(Invalid):
    """Several places have the name that was typed: the province, or the code, says which."""


class _Place(NamedTuple):
    code: str
    #: As the list of the country has it.
    name: str
    #: "" for a province.
    province: str


def code_of(typed: str) -> str:
    """`14857`, `Phường Hạc Thành`, `hac thanh, thanh hoa` -> the code. Refusals: AuthorityNamesNothing, PlaceNameShared."""
    if typed in places.all_communes() or typed in places.provinces():
        return typed
    # with its diacritics it is the nearer: «Thanh Hóa» is not «Thạnh Hòa»
    found = _called(typed, str.lower) or _called(typed, fold)
    if not found:
        raise AuthorityNamesNothing(what=typed)
    if len(found) > 1:
        raise PlaceNameShared(typed=typed, places=[", ".join(filter(None, (one.name, one.province))) + f" ({one.code})" for one in found])
    return found[0].code


def _called(typed: str, read: Callable[[str], str]) -> list[_Place]:
    name, _, province = (read(part.strip()) for part in typed.partition(","))

    def fits(whole: str, said: str) -> bool:
        # the list calls provinces by their bare names
        return said in (read(whole), read(_KIND.sub("", whole.lower()))) or read(whole) == _KIND.sub("", said)

    return [one for one in _places() if fits(one.name, name) and (not province or fits(one.province, province))]


@cache
def _places() -> Sequence[_Place]:
    provinces = places.provinces()
    communes = (_Place(code, name, above) for key, above in provinces.items() for code, name in places.communes(key).items())
    return [*(_Place(code, name, "") for code, name in provinces.items()), *communes]
