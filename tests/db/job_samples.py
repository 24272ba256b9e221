"""Files and jobs for the tests of worker and upload page. All people are invented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from dashboard.uploads import Uploads, digest_file
from db.engine import writing
from db.jobs import submit_job
from db.viewer import Viewer

HEADER = "id_keluarga;nama_kepala_keluarga;kode_desa;desil"
PLANNER = Viewer(user="perencana", role="planner")


def write_register(desa: Sequence[str], rows: int, *, first: int = 1, faulty: int = 0) -> str:
    """Write households of some desa, the last of them with a decile that is none."""
    lines = [HEADER]
    for number in range(first, first + rows):
        decile = "99" if number >= first + rows - faulty else str(number % 10 + 1)
        lines.append(f"U{number};Kepala {number};{desa[number % len(desa)]};{decile}")
    return "\r\n".join(lines)


def list_desa(conn: Connection) -> list[str]:
    """Return the codes of all desa."""
    return list(
        conn.scalars(text("SELECT code FROM admin_area WHERE level = 'desa' ORDER BY code"))
    )


def put(uploads: Uploads, user: str, content: str | bytes, name: str = "register.csv") -> str:
    """Bring a whole file in, past the page; return its id."""
    raw = content.encode() if isinstance(content, str) else content
    upload = uploads.create(user, name, len(raw), {})
    upload.path.write_bytes(raw)
    return uploads.finish(upload, digest_file(upload.path)).id


def describe_import(upload: str, **more: Any) -> dict[str, Any]:
    """Return the arguments of an import."""
    return {
        "upload": upload,
        "file_name": "register.csv",
        "kind": "households",
        "source": "uji",
        "source_name": "Register uji",
        "as_of": "2026-06-30",
        "dry_run": False,
    } | more


def submit(engine: Engine, kind: str, args: dict[str, Any], viewer: Viewer = PLANNER) -> int:
    """Ask for a job as a page does."""
    with writing(engine, viewer) as conn:
        return submit_job(conn, kind, args)
