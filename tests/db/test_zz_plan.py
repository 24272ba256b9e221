import time

from sqlalchemy import text

from db.engine import reading
from db.queries.households import _ROWS, _order, _row_parameters, iterate_households
from db.viewer import LOCAL_VIEWER
from geo.view import View


def test_plan(demo_engine):
    view = View.from_query("level=household&deciles=1&statuses=&gap=pkh:eligible")
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        t = time.time()
        n = len(list(iterate_households(conn, view)))
        print(n, time.time() - t)
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        rows = (
            conn.execute(
                text("EXPLAIN (ANALYZE) " + f"{_ROWS} ORDER BY {_order(view)}"),
                _row_parameters(view),
            )
            .scalars()
            .all()
        )
        print("\n".join(r[:160] for r in rows))
