"""The migrations make exactly the tables that the models describe."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text, update

from db.engine import make_engine
from db.migrate import _config, get_head, get_revision, upgrade
from db.models import Base, Programme, ProgrammeRule
from tests.conftest import MakeDatabase, make_demo, str_of


def _is_ours(_item: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    return not (kind == "table" and reflected and name == "spatial_ref_sys")


def compare(conn: Connection) -> list[Any]:
    context = MigrationContext.configure(conn, opts={"include_object": _is_ours})
    return compare_metadata(context, Base.metadata)


def test_the_schema_equals_the_models(conn: Connection) -> None:
    assert compare(conn) == []
    assert get_revision(conn) == get_head()


def test_upgrading_again_changes_nothing(make_database: MakeDatabase) -> None:
    engine = make_engine(str_of(make_database("twice")))
    assert upgrade(engine) == get_head()
    engine.dispose()


def test_every_migration_can_be_taken_back(make_database: MakeDatabase) -> None:
    engine = make_engine(str_of(make_database("down")))
    with engine.begin() as conn:
        downgrade(_config(conn), "base")
        left = conn.scalars(
            text(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
                " WHERE nspname = 'public' AND relkind IN ('r', 'v')"
                " AND relname NOT IN ('alembic_version', 'spatial_ref_sys', 'geometry_columns',"
                " 'geography_columns')"
            )
        ).all()
    assert left == []
    upgrade(engine)
    with engine.connect() as conn:
        assert compare(conn) == []
    engine.dispose()


def test_a_register_of_before_gets_its_rules(make_database: MakeDatabase) -> None:
    engine = make_engine(make_demo(make_database("before")), statement_timeout_ms=0)
    own = {"all": [{"need": "latrine"}, {"no_aid": "jamban_sehat", "years": 10}]}
    counted = text(
        "SELECT sum(bit_count(bits)) FROM household_bitmap WHERE flag = 'eligible:jamban_sehat'"
    )
    with engine.begin() as conn:
        downgrade(_config(conn), "0007")
    with engine.begin() as conn:
        conn.execute(
            update(Programme).where(Programme.code == "jamban_sehat"), {"eligibility": own}
        )
        conn.execute(text("UPDATE household SET decile = 1 WHERE id = 1"))
    with engine.connect() as conn:
        assert conn.scalar(counted) is None
    upgrade(engine)
    with engine.connect() as conn:
        latrines = conn.scalar(
            text("SELECT count(*) FROM household_need WHERE need_code = 'latrine'")
        )
        assert conn.scalar(counted) == latrines > 0
        kept = conn.execute(
            select(ProgrammeRule.rule, ProgrammeRule.served_years).where(
                ProgrammeRule.programme_code == "jamban_sehat"
            )
        ).one()
    assert tuple(kept) == ({"all": [{"need": "latrine"}]}, 10)
    engine.dispose()
