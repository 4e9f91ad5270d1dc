"""Places as people name them: by code, or by name, with or without its kind, its diacritics, and the province behind a comma."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from engine.base.errors import Invalid
from engine.base.text import fold, nfc
from forms import places
from webapp.coordination.schemas import AuthorityNamesNothing

_KIND = re.compile(r"^(tỉnh|tinh|thành phố|thanh pho|phường|phuong|xã|xa|đặc khu|dac khu) ")
_CITY = re.compile(r"^tp(?:\. ?| )")
#: Grave, acute, tilde, hook and dot below: on which vowel they are written differs, `Hóa` or `Hoá`.
_TONES = re.compile("([\u0300\u0301\u0303\u0309\u0323])([\\w\u0302\u0306\u031b]*)")


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
    found = _called(typed, _with_tones) or _called(typed, fold)
    if not found:
        raise AuthorityNamesNothing(what=typed)
    if len(found) > 1:
        raise PlaceNameShared(typed=typed, places=[", ".join(filter(None, (one.name, one.province))) + f" ({one.code})" for one in found])
    return found[0].code


def _called(typed: str, read: Callable[[str], str]) -> list[_Place]:
    name, _, province = (_CITY.sub("thành phố ", part.strip()) for part in nfc(typed).lower().partition(","))

    def fits(whole: str, said: str) -> bool:
        # the list calls most provinces by their bare names
        return read(said) in (read(whole), read(_KIND.sub("", whole.lower()))) or read(whole) == read(_KIND.sub("", said))

    return [one for one in _places() if fits(one.name, name) and (not province or fits(one.province, province))]


def _with_tones(text: str) -> str:
    """`Thanh Hoá`, `Thanh Hóa` -> one text: lower case, each tone behind its syllable."""
    return _TONES.sub(r"\2\1", unicodedata.normalize("NFD", text.lower()))


@cache
def _places() -> Sequence[_Place]:
    provinces = places.provinces()
    communes = (_Place(code, name, above) for key, above in provinces.items() for code, name in places.communes(key).items())
    return [*(_Place(code, name, "") for code, name in provinces.items()), *communes]
