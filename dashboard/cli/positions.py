"""``positions``: what is wrong with the positions of households, and its repair."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli.console import JsonOption, report
from dashboard.cli.session import open_engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from db.positions import PlacedHousehold

app = typer.Typer(help="The quality of positions.", no_args_is_help=True)

AreaOption = Annotated[
    str | None, typer.Option("--area", help="Only in this area, such as 35.10.01.")
]


@app.command()
def check(area: AreaOption = None, as_json: JsonOption = False) -> None:
    """Look for faults of position anew, and count them."""
    from dataclasses import replace

    from db.engine import writing
    from db.positions import FaultFilter, count_faulty_households, refresh_position_faults
    from db.viewer import LOCAL_VIEWER
    from geo.positions import KINDS
    from geo.view import View

    view = View.from_query(f"area={area}" if area else "")
    with open_engine() as engine, writing(engine, LOCAL_VIEWER) as conn:
        refresh_position_faults(conn)
        _check_area(conn, area)
        kinds = {kind: count_faulty_households(conn, view, FaultFilter(kind)) for kind in KINDS}
        values = {
            "households": count_faulty_households(conn, view, FaultFilter()),
            **kinds,
            "certain": count_faulty_households(
                conn, replace(view, statuses=()), FaultFilter(certain=True)
            ),
            "dismissed": count_faulty_households(conn, view, FaultFilter(dismissed=True)),
        }
    report(values, as_json=as_json)


@app.command("list")
def list_faults(
    kind: Annotated[
        str | None,
        typer.Option(
            help="missing, swapped, outside_regency, outside_desa, piled, copied or inaccurate."
        ),
    ] = None,
    area: AreaOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Households at most.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List the households whose position has to be looked at, as one would walk."""
    from db.audit import auditing
    from db.positions import FaultFilter, count_faulty_households, list_position_faults
    from db.viewer import LOCAL_VIEWER
    from geo.view import View

    view, chosen = View.from_query(f"area={area}" if area else ""), FaultFilter(kind)
    detail = {"what": "positions", "kind": kind}
    with (
        open_engine() as engine,
        auditing(engine, LOCAL_VIEWER, "list", area=area, detail=detail) as conn,
    ):
        _check_area(conn, area)
        found = list_position_faults(conn, view, chosen, limit=limit)
        total = count_faulty_households(conn, view, chosen)
    if as_json:
        households = [_as_dict(one) for one in found]
        print(json.dumps({"households": households, "total": total}, ensure_ascii=False))
    else:
        _print_list(found, total)


@app.command()
def repair(area: AreaOption = None, as_json: JsonOption = False) -> None:
    """Exchange longitude and latitude where that is certain; one batch that can be undone."""
    from db.audit import record
    from db.engine import writing
    from db.positions import repair_positions
    from db.viewer import LOCAL_VIEWER

    with open_engine() as engine, writing(engine, LOCAL_VIEWER) as conn:
        _check_area(conn, area)
        done = repair_positions(conn, LOCAL_VIEWER, area=area)
        detail = {"what": "positions", "act": "repair", "rows": done.count, "batch": done.batch_id}
        record(conn, "change", area=area, detail=detail)
    report({"repaired": done.count, "batch": done.batch_id}, as_json=as_json)


def _check_area(conn: Connection, area: str | None) -> None:
    from db.queries.areas import get_place

    if area is not None:
        get_place(conn, area)


def _as_dict(one: PlacedHousehold) -> dict[str, Any]:
    return {
        "id": one.id,
        "head_name": one.head_name,
        "address": one.address,
        "area_code": one.area_code,
        "desa": one.desa,
        "kecamatan": one.kecamatan,
        "faults": [{"kind": line.kind, **line.detail} for line in one.faults],
    }


def _print_list(found: Sequence[PlacedHousehold], total: int) -> None:
    from dashboard.pages.positions import write_address, write_fault
    from dashboard.words import words_of

    words = words_of("en")
    for one in found:
        faults = " ".join(write_fault(line, words) for line in one.faults)
        print(f"{one.id}  {one.head_name}, {write_address(one)}, {one.desa}  {faults}")
    print(f"{len(found)} of {total}")
