"""Coverage with a plan: who is served once all its targets are."""

from __future__ import annotations

from geo.text import N_
from layers._plan_share import make_plan_layer

LAYER = make_plan_layer(
    key="plan_after",
    order=71,
    title=N_("Cakupan dengan rencana"),
    description=N_("Keluarga yang dilayani bila semua sasaran rencana menerima."),
    count_title=N_("Sasaran"),
    share=lambda line: line.after_pct,
    count=lambda line: line.targets,
)
