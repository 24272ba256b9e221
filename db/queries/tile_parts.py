"""What the statements of all household tiles share."""

from __future__ import annotations

LAYER_NAME = "households"

# Letters of the aid domains, as the map's glyphs know them; R is rumah, housing. Each mask is a
# sub-select without outer references, so that the database works it out once per tile.
_LETTER_OF = {
    "education": "E",
    "health": "H",
    "food": "F",
    "business": "B",
    "housing": "R",
    "cash": "C",
}
LETTERS = " || ".join(
    f"""
    CASE WHEN h.aid & (SELECT coalesce(bit_or(1::bigint << bit), 0) FROM programme
                       WHERE domain = '{domain}') <> 0 THEN '{letter}' ELSE '' END"""
    for domain, letter in _LETTER_OF.items()
)

AS_MVT = f"""
    SELECT ST_AsMVT(f, '{LAYER_NAME}', 4096, 'geom', 'id') FROM (
        SELECT id, n, d, s, a, ST_AsMVTGeom(
            ST_SetSRID(ST_MakePoint(x, y), 3857),
            ST_MakeEnvelope(:west, :south, :east, :north, 3857), 4096, 0, false) AS geom
        FROM point
    ) AS f"""

IN_TILE = "{x} >= :west AND {x} < :east AND {y} > :south AND {y} <= :north"
"""Whether a point lies in a tile; of two tiles with a common side one has it."""
