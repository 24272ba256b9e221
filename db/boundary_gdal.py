"""Read one GeoPackage or Shapefile with GDAL, in a process of its own.

Run as a script by :mod:`db.boundary_files`, never imported. GDAL tells formats by their content,
so a boundary file could name other files of this server to be read (OGR VRT) or addresses to be
fetched. Which drivers exist is settled when the library is loaded and can't be changed later;
hence the process: it starts with every driver but two switched off, bounded in time and memory,
and a file that makes GDAL crash takes nothing with it.

Arguments: the file, the JSON file to write; and "again" once the drivers are switched off.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import warnings
from typing import Any

ALLOWED_DRIVERS = {"GPKG", "ESRI Shapefile"}
MEMORY_BYTES = 6 * 2**30
CPU_SECONDS = 300

# pyogrio works on plain arrays here; without these two it starts in a third of the time.
sys.modules["pandas"] = None  # type: ignore[assignment]
sys.modules["geopandas"] = None  # type: ignore[assignment]


def main(path: str, answer_path: str, *again: str) -> None:
    """Read every layer that has shapes and write it down."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    warnings.simplefilter("error", RuntimeWarning)
    import pyogrio

    _allow_only(ALLOWED_DRIVERS, set(pyogrio.list_drivers()), bool(again))
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})  # a lost index is no reason
    names = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    with open(answer_path, "w", encoding="utf-8") as answer:
        json.dump([_read_layer(path, name) for name in names], answer)


def _allow_only(allowed: set[str], registered: set[str], is_second_start: bool) -> None:
    surplus = registered - allowed
    if not surplus:
        return
    if is_second_start:
        raise SystemExit(f"GDAL kept drivers that it was told to skip: {sorted(surplus)}")
    # GDAL reads the variable while it loads, so the process begins anew.
    command = [sys.executable, *sys.orig_argv[1:], "again"]
    os.execve(sys.executable, command, {"OGR_SKIP": ",".join(sorted(surplus))})


def _read_layer(path: str, name: str) -> dict[str, Any]:
    import pyogrio.raw

    meta, _, shapes, values = pyogrio.raw.read(path, layer=name, datetime_as_string=True)
    expected = pyogrio.read_info(path, layer=name, force_feature_count=True)["features"]
    if expected != len(shapes):
        raise SystemExit("Some features could not be read.")
    return {
        "crs": meta["crs"],
        "columns": {
            str(field): [None if isinstance(value, bytes) else value for value in column.tolist()]
            for field, column in zip(meta["fields"], values, strict=True)
        },
        "shapes": [None if shape is None else shape.hex() for shape in shapes],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
