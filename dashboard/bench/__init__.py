"""Measurements of speed and size, for ``./kentongan bench`` and docs/performance.md."""
