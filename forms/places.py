"""Public lists of the country: provinces and communes after July 2025, ethnic groups, nationalities.

Codes are the statistics office's: `38` Thanh Hoa, `14857` a commune; zero-padded text, as on papers.
"""

from functools import cache

from babel import Locale
from vietnam_provinces import Province, Ward

VIETNAM, STATELESS = "VN", "XX"

#: The 54 groups in the order of the official list of 1979, whose numbers are the codes.
_ETHNIC_GROUPS = (
    "Kinh", "Tày", "Thái", "Hoa", "Khmer", "Mường", "Nùng", "Mông", "Dao", "Gia Rai", "Ngái", "Ê Đê", "Ba Na",
    "Xơ Đăng", "Sán Chay", "Cơ Ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "Raglay", "Xtiêng", "Bru - Vân Kiều", "Thổ",
    "Giáy", "Cơ Tu", "Giẻ Triêng", "Mạ", "Khơ Mú", "Co", "Tà Ôi", "Chơ Ro", "Kháng", "Xinh Mun", "Hà Nhì", "Chu Ru",
    "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cờ Lao", "Cống", "Bố Y",
    "Si La", "Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm",
)  # fmt: skip

#: Territories of Unicode's list that nobody is a national of.
_NO_STATES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)


@cache
def provinces() -> dict[str, str]:
    """Code -> name of the 34 provinces and cities, by name."""
    return {f"{one.code:02}": one.name for one in sorted(Province.iter_all(), key=lambda one: one.codename)}


@cache
def _communes() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for ward in sorted(Ward.iter_all(), key=lambda one: one.codename):
        found.setdefault(f"{ward.province_code:02}", {})[f"{ward.code:05}"] = ward.name
    return found


def communes(province: str) -> dict[str, str]:
    """Code -> name of the communes, wards and special zones of a province; {} for a code that is none."""
    return _communes().get(province, {})


def within(code: str) -> list[str]:
    """A commune and the province that it lies in, or a province alone."""
    commune = code.zfill(5)
    above = [province for province, names in _communes().items() if commune in names]
    return [commune, *above] if above else [code.zfill(2)]


@cache
def all_communes() -> dict[str, str]:
    return {code: name for names in _communes().values() for code, name in names.items()}


@cache
def ethnicities() -> dict[str, str]:
    """The 54 groups, and `99` for what the list lacks."""
    return {f"{number:02}": name for number, name in enumerate(_ETHNIC_GROUPS, 1)} | {"99": "Khác"}


@cache
def nationalities(language: str = "vi") -> dict[str, str]:
    """States by ISO 3166 code, Vietnam first, `XX` for people without nationality last."""
    names: dict[str, str] = dict(Locale(language).territories)
    codes = {code for code in names if len(code) == 2 and code.isalpha()} - _NO_STATES
    states = {code: names[code] for code in sorted(codes, key=lambda code: (code != VIETNAM, names[code]))}
    return states | {STATELESS: "Stateless" if language == "en" else "Không quốc tịch"}
