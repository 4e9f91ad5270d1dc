"""Where the person of a declaration lives, as the national list of places codes it."""

from collections.abc import Mapping
from typing import Any

#: Where a declaration writes the address of the person whose name stands beside it.
ADDRESSES = ("residence", "address", "permanent", "present")


def places_of(applicant: Mapping[str, str], declared: Mapping[str, Any]) -> list[str]:
    """The commune, then the province, of whoever the dossier belongs to; what was not asked for is left out.

    `applicant` are the record's paths: `place` where the record says which address counts (a plot of land), else the
    address beside the applicant's name.
    """
    if path := applicant.get("place"):
        found = _at(declared, path)
    else:
        person = _at(declared, applicant.get("name", "").rpartition(".")[0])
        found = next((one for key in ADDRESSES if isinstance(one := person.get(key), Mapping)), {})
    return [str(found[key]) for key in ("commune", "province") if found.get(key)]


def _at(declared: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The group at a path; empty where there is none."""
    found: Any = declared
    for part in path.split(".") if path else ():
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}
