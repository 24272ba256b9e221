"""Coverage before a plan: who is served among those whom its programme is for."""

from __future__ import annotations

from geo.text import N_
from layers._plan_share import make_plan_layer

LAYER = make_plan_layer(
    key="plan_before",
    order=70,
    title=N_("Cakupan sebelum rencana"),
    description=N_("Keluarga yang sudah dilayani ketika daftar rencana dihitung."),
    count_title=N_("Dilayani"),
    share=lambda line: line.before_pct,
    count=lambda line: line.served,
)
