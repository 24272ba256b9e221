"""The settings of a plan as the fields of a form, as people typed them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.plan_settings import CRITERIA

Values = Mapping[str, str]
"""Field of the form to what stands in it."""

_PATHS: Mapping[str, tuple[str, ...]] = {
    "period": ("period",),
    "quota": ("quota",),
    "budget": ("budget_idr",),
    "unit_cost": ("unit_cost_idr",),
    "ranking": ("ranking", "by"),
    **{f"weight_{one}": ("ranking", "weights", one) for one in CRITERIA},
    "split": ("split", "by"),
    "floor": ("split", "floor"),
    "most": ("split", "most"),
    "villages": ("villages",),
    "due_on": ("due_on",),
    "lot": ("lot",),
}
"""Where each field stands in the JSON of the settings."""
PLACE_FIELDS = ("name", "programme", "area")
"""Fields beside the settings."""
FIELDS = (*PLACE_FIELDS, *_PATHS, "puts_first")
LONGEST_NAME = 120
_NOT_ZERO = ("weight_decile", "weight_needs", "weight_waiting", "floor")
"""Zero is their start value and stands in no field."""


def read_values(form: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into the form, trimmed; an unchecked box is the empty text."""
    return {name: " ".join(form.get(name, "").split()) for name in FIELDS}


def nest_values(values: Values) -> dict[str, Any]:
    """Return the settings of a form as ``parse_settings`` takes them."""
    nested: dict[str, Any] = {"puts_first": values.get("puts_first") == "yes"}
    without_split = values.get("split", "none") in ("", "none")
    for name, path in _PATHS.items():
        text = values.get(name, "")
        if not text or (without_split and name in ("floor", "most")):
            continue
        part = nested
        for key in path[:-1]:
            part = part.setdefault(key, {})
        part[path[-1]] = text
    return nested


def flatten_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the JSON of settings as the texts of the form's fields."""
    values = {"puts_first": "yes" if settings.get("puts_first", True) else ""}
    for name, path in _PATHS.items():
        part: Any = settings
        for key in path:
            part = part.get(key) if isinstance(part, Mapping) else None
        is_unset = part is None or (part == 0 and name in _NOT_ZERO)
        values[name] = "" if is_unset else _group(name, str(part))
    return values


def find_field(path: str) -> str:
    """Return the field of the form that a path of the settings stands in."""
    for name, parts in _PATHS.items():
        if ".".join(parts) == path:
            return name
    return {"ranking.weights": "weight_decile", "puts_first": "puts_first"}.get(path, path)


def list_differences(one: Values, other: Values) -> list[tuple[str, str, str]]:
    """Return field, and both texts, wherever two forms differ."""
    pairs = ((name, one.get(name, ""), other.get(name, "")) for name in FIELDS)
    return [(name, here, there) for name, here, there in pairs if here != there]


def _group(name: str, text: str) -> str:
    """Write money with dots between the thousands, as it is read."""
    if name not in ("budget", "unit_cost") or not text.isdigit():
        return text
    return f"{int(text):,}".replace(",", ".")
