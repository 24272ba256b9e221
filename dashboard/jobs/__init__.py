"""What the worker does: one file per kind of job, and the process that works them off."""

from dashboard.jobs.run import RUNNERS, run_waiting_jobs

__all__ = ["RUNNERS", "run_waiting_jobs"]
