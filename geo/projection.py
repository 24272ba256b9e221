"""Choosing the plane a map is drawn in."""

from __future__ import annotations

from functools import cache

from pyproj import CRS, Transformer

# SRGI2013 / UTM: zones 46 to 52 north are EPSG:9476 to 9482, zones 47 to 54 south 9487 to 9494.
_SRGI_NORTH = {zone: 9430 + zone for zone in range(46, 53)}
_SRGI_SOUTH = {zone: 9440 + zone for zone in range(47, 55)}
_WGS84_NORTH, _WGS84_SOUTH = 32_600, 32_700


def pick_utm_epsg(lon: float, lat: float) -> int:
    """Return the EPSG code of the UTM zone round a point.

    Parameters
    ----------
    lon, lat
        Degrees (EPSG:4326), such as the middle of what is drawn.

    Returns
    -------
    int
        SRGI2013 / UTM, the Indonesian datum, where it is defined; WGS 84 / UTM elsewhere. Inside a
        zone lengths are true to 0.04 %.
    """
    zone = min(60, max(1, int((lon + 180) // 6) + 1))
    if lat >= 0:
        return _SRGI_NORTH.get(zone, _WGS84_NORTH + zone)
    return _SRGI_SOUTH.get(zone, _WGS84_SOUTH + zone)


@cache
def make_transformer(epsg: int) -> Transformer:
    """Return the way from degrees (longitude, latitude) to metres of a projected CRS."""
    return Transformer.from_crs(CRS.from_epsg(4326), CRS.from_epsg(epsg), always_xy=True)
