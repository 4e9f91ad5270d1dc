"""Provinces and communes as they are since July 2025: 34 and 3,321, two levels."""

from functools import cache

from vietnam_provinces import Province, ProvinceCode, Ward


@cache
def provinces() -> dict[str, str]:
    """Code -> name, in the order of the national list."""
    return {f"{one.code:02d}": one.name for one in Province.iter_all()}


@cache
def communes(province: str) -> dict[str, str]:
    """Code -> name of the communes, wards and special zones of a province; {} for a code that is none."""
    if province not in provinces():
        return {}
    return {f"{one.code:05d}": one.name for one in Ward.iter_by_province(ProvinceCode(int(province)))}
