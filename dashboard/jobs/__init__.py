"""What pages ask for and the worker does: a file per kind of job, and its process."""
