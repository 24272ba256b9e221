"""The HTML document round the page."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.assets import address_of
from dashboard.words import words_of
from geo.text import N_

# Named here so that the browser fetches them side by side rather than one after the other.
_MODULES = (
    "map_areas.mjs",
    "map_controls.mjs",
    "map_drawing.mjs",
    "map_events.mjs",
    "map_pins.mjs",
    "map_style.mjs",
    "map_words.mjs",
    "glyphs.mjs",
    "vendor/maplibre-gl.mjs",
)
_FONT = "vendor/plus-jakarta-sans-latin-wght-normal.woff2"


def draw_index(parts: Mapping[str, str], language: str) -> str:
    """Return the document.

    Parameters
    ----------
    parts
        From Dash: ``metas``, ``title``, ``css``, ``config``, ``scripts``, ``renderer``,
        ``app_entry`` and ``favicon``.
    language
        ``id`` or ``en``.
    """
    say = words_of(language).say
    preloads = "\n".join(
        f'<link rel="modulepreload" href="{address_of(name)}">' for name in _MODULES
    )
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
{parts["metas"]}
<title>{parts["title"]}</title>
<meta name="description" content="{say(N_("Peta dan register keluarga miskin"))}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{address_of("favicon.svg")}" type="image/svg+xml">
<script src="{address_of("theme.js")}"></script>
<script src="{address_of("vendor/idiomorph.min.js")}" defer></script>
<link rel="preload" href="{address_of(_FONT)}" as="font" type="font/woff2" crossorigin>
{preloads}
{parts["css"]}
</head>
<body>
<div id="react-entry-point"><div class="opening" role="status">
<span class="drum" aria-hidden="true"></span>{say(N_("Membuka peta…"))}
</div></div>
<noscript>{say(N_("Peta ini memerlukan JavaScript."))}</noscript>
<footer hidden>
{parts["config"]}
{parts["scripts"]}
{parts["renderer"]}
</footer>
</body>
</html>"""
