"""Typst, held to what papers need: our own font, no warnings, the same bytes for the same data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from dashboard.settings import CHECKOUT

FONTS = CHECKOUT / "assets" / "vendor"
"""Where set-up puts the font (TTF); a browser gets another form of it."""
_TEMPLATES = Path(__file__).parent


class TypesetFault(RuntimeError):
    """A paper could not be set: the template is wrong, or its font is missing."""


def typeset(
    template: str, data: Mapping[str, Any], *, made_at: datetime, fonts: Path = FONTS
) -> bytes:
    """Set a paper as tagged PDF (PDF/UA-1).

    Parameters
    ----------
    template
        Name of a ``.typ`` file beside this one; it reads ``sys.inputs.data`` as JSON.
    data
        Texts and numbers only. Texts are set as they stand: nothing in them is markup.
    made_at
        Stands in the file as the moment it was made; nothing else in it depends on the clock.
    fonts
        Folder of the font. Those of the machine and of Typst are never used.

    Returns
    -------
    bytes
        The same for the same input.

    Raises
    ------
    TypesetFault
        When Typst fails or warns: of a missing font it only warns, and sets another one.
    """
    compiler = typst.Compiler(
        _TEMPLATES / template,
        root=_TEMPLATES,
        font_paths=typst.Fonts(False, False, [str(fonts)]),
    )
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        made, warnings = compiler.compile_with_warnings(
            format="pdf",
            sys_inputs=inputs,
            pdf_standards="ua-1",
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise TypesetFault(f"{template}: {error.message}") from error
    if warnings:
        raise TypesetFault(f"{template}: {'; '.join(one.message for one in warnings)}")
    assert isinstance(made, bytes)
    return made
