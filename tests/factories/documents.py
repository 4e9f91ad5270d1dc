"""Small form documents, written as an analyst's tool would."""

from typing import Any


def field(
    key: str,
    type_: str = "textfield",
    *,
    hide: str | None = None,
    required: bool = False,
    validate: dict[str, Any] | None = None,
    properties: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One component; a group or a list takes `key` as its path."""
    spec: dict[str, Any] = {
        "type": type_,
        "path" if type_ in {"group", "dynamiclist"} else "key": key,
        "label": f"Nhãn {key}",
        "validate": {**({"required": True} if required else {}), **(validate or {})},
        "properties": dict(properties or {}),
    }
    if hide:
        spec["conditional"] = {"hide": f"={hide}"}
    return spec | more


def form(*components: Any) -> dict[str, Any]:
    return {"id": "f", "type": "default", "schemaVersion": 18, "components": list(components)}
