"""Printed papers, typeset by Typst from data: the same data give the same bytes."""

from __future__ import annotations

from dashboard.reports.annex import Annex, AnnexRow, draw_annex

__all__ = ["Annex", "AnnexRow", "draw_annex"]
