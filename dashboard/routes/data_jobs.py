"""The pages of jobs: how far they are, and what came of them."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from dashboard.pages.data_job import draw_job
from dashboard.pages.data_parts import READERS, describe_progress
from dashboard.routes._answers import PRIVATE
from dashboard.routes._data_desk import DataDesk
from dashboard.routes._desk import allow, lead_to
from dashboard.routes._documents import answer_page
from dashboard.upload_faults import UploadNotFound
from db.engine import reading, writing
from db.jobs import Job, cancel_job, get_job
from db.viewer import Viewer


def add(blueprint: Blueprint, desk: DataDesk) -> None:
    """Add ``/data/job/<id>``, its state for the script, and the way to stop it."""

    @blueprint.get("/data/job/<int:job_id>")
    def get_job_page(job_id: int) -> Response:
        viewer = allow(READERS)
        job = _find(viewer, job_id)
        return answer_page(draw_job(desk.sheet(), job, has_upload=_has_upload(viewer, job)))

    @blueprint.get("/data/job/<int:job_id>/state")
    def get_job_state(job_id: int) -> Response:
        job = _find(allow(READERS), job_id)
        response = jsonify(
            state=job.state,
            over=job.is_over,
            done=job.rows_done,
            total=job.rows_total,
            text=str(describe_progress(desk.sheet(), job).unescape()),
        )
        response.headers["Cache-Control"] = PRIVATE
        return response

    @blueprint.post("/data/job/<int:job_id>/cancel")
    def cancel(job_id: int) -> Response:
        with writing(desk.engine, allow(READERS)) as conn:
            get_job(conn, job_id)
            cancel_job(conn, job_id)
        return lead_to(desk.sheet(), f"/data/job/{job_id}")

    def _find(viewer: Viewer, job_id: int) -> Job:
        with reading(desk.engine, viewer) as conn:
            return get_job(conn, job_id)

    def _has_upload(viewer: Viewer, job: Job) -> bool:
        try:
            return desk.uploads.get(str(job.args.get("upload")), viewer.user).is_whole
        except UploadNotFound:
            return False
