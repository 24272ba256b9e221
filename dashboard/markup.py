"""Writes what the components draw as HTML text.

A list, a legend or a filter of Dash components costs the browser a second: Dash keeps a
subscription and a hash for each of hundreds of components and compares them all when one changes.
As text they cost a few milliseconds, and ``assets/app.js`` lays them into the page without moving
the focus.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dash.development.base_component import Component
from markupsafe import Markup, escape

_VOID_TAGS = frozenset({"br", "hr", "img", "input", "wbr"})
_ATTRIBUTE_OF = {"className": "class", "htmlFor": "for"}
# What Dash keeps of a component beside its attributes.
_NOT_ATTRIBUTES = frozenset(
    {"children", "disable_n_clicks", "key", "n_clicks", "n_clicks_timestamp"}
)


def write_html(content: Any) -> str:
    """Write components of ``dash.html`` as HTML; every text and value is escaped.

    Parameters
    ----------
    content
        A component, a text, a number, None (nothing), or any of them in a sequence.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        For a component of another library, which has no text form here.
    """
    return str(_write(content))


def _write(content: Any) -> Markup:
    if content is None or isinstance(content, bool):
        return Markup()
    if isinstance(content, Component):
        return _write_component(content)
    if isinstance(content, Iterable) and not isinstance(content, str):
        return Markup().join(_write(part) for part in content)
    return escape(content)


def _write_component(component: Component) -> Markup:
    described = component.to_plotly_json()
    if described["namespace"] != "dash_html_components":
        raise TypeError(f"{described['type']} can't be written as HTML")
    tag = described["type"].lower()
    attributes = _write_attributes(described["props"])
    if tag in _VOID_TAGS:
        return Markup("<{}{}>").format(Markup(tag), attributes)
    children = _write(described["props"].get("children"))
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), attributes, children)


def _write_attributes(props: Mapping[str, Any]) -> Markup:
    written = Markup()
    for name, value in props.items():
        if name in _NOT_ATTRIBUTES or value is None or value is False:
            continue
        attribute = Markup(_ATTRIBUTE_OF.get(name, name.lower()))
        if name == "style":
            value = ";".join(f"{_kebab(key)}:{setting}" for key, setting in value.items())
        if value is True:
            written += Markup(" {}").format(attribute)
        else:
            written += Markup(' {}="{}"').format(attribute, value)
    return written


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda match: f"-{match[1].lower()}", name)
