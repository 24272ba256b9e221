"""Coverage before and after a plan: a pair of maps with the same classes, and bars with figures."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.pages.data_parts import draw_section
from dashboard.pages.document import Head, Sheet, draw_table
from db.plans.queries import CoverageLine, Plan
from geo.text import N_
from geo.view import level_below

_HEADS = (
    Head(N_("Kecamatan")),
    Head(N_("Cakupan"), "long"),
    Head(N_("Sekarang"), "number"),
    Head(N_("Dengan rencana"), "number"),
    Head(N_("Bertambah"), "number"),
    Head(N_("Berhak atau dilayani"), "number"),
)
_MAPS = (
    ("plan_before", N_("Sebelum rencana")),
    ("plan_after", N_("Dengan rencana")),
)
_BAR = Markup(
    '<svg class="plan-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="whole" width="100" height="10"/>'
    '<rect class="added" width="{:.2f}" height="10"/>'
    '<rect class="served" width="{:.2f}" height="10"/></svg>'
)


def draw_coverage(sheet: Sheet, plan: Plan, lines: Sequence[CoverageLine]) -> Markup:
    """Draw what a plan changes per kecamatan; nothing before it is computed."""
    if not lines:
        return Markup("")
    note = sheet.say(
        N_(
            "Cakupan ialah bagian yang dilayani dari semua keluarga yang berhak atau sudah dilayani"
            " {programme}, seperti keadaannya ketika daftar dihitung. Kedua peta memakai kelas yang"
            " sama."
        ),
        programme=plan.programme_name,
    )
    content = Markup(
        '<p class="note">{}</p><div class="plan-coverage">{}<div>{}</div></div>'
    ).format(note, _draw_maps(sheet, plan), _draw_bars(sheet, lines))
    return draw_section(sheet.say(N_("Cakupan sebelum dan sesudah")), content)


def list_whole(lines: Sequence[CoverageLine]) -> tuple[int, int, int]:
    """Return base, served and targets of all kecamatan together."""
    return (
        sum(line.base for line in lines),
        sum(line.served for line in lines),
        sum(line.targets for line in lines),
    )


def _draw_maps(sheet: Sheet, plan: Plan) -> Markup:
    level = level_below(plan.area)
    if level == "household":  # a single desa has no parts to colour
        return Markup("")
    figures = []
    for layer, title in _MAPS:
        asked: dict[str, object] = {"layer": layer, "plan": plan.id}
        asked |= {"area": plan.area} if plan.area else {}
        picture = sheet.link("/map.svg", {**asked, "narrow": 1})
        figures.append(
            Markup(
                '<figure><figcaption>{0}</figcaption><a href="{1}">'
                '<img src="{2}" width="390" height="760" loading="lazy" alt="{3}"></a></figure>'
            ).format(
                sheet.say(title),
                sheet.link("/", asked),
                picture,
                sheet.say(
                    N_("Peta cakupan {programme}: {title}. Angkanya ada di tabel di bawah."),
                    programme=plan.programme_name,
                    title=sheet.words.say(title).lower(),
                ),
            )
        )
    return Markup('<div class="plan-maps">{}</div>').format(Markup("").join(figures))


def _draw_bars(sheet: Sheet, lines: Sequence[CoverageLine]) -> Markup:
    ordered = sorted(lines, key=lambda line: (line.before_pct is None, line.before_pct, line.area))
    rows = [_draw_line(sheet, line) for line in ordered]
    base, served, targets = list_whole(lines)
    if len(rows) > 1 and base:
        whole = CoverageLine("", sheet.words.say(N_("Semua")), base, served, targets)
        rows.append(_draw_line(sheet, whole))
    caption = N_("Persen keluarga yang dilayani, yang terendah di atas")
    legend = Markup(
        '<p class="plan-key note"><span class="served"></span>{}<span class="added"></span>{}</p>'
    ).format(sheet.say(N_("sudah dilayani")), sheet.say(N_("ditambah rencana ini")))
    return legend + Markup(draw_table(sheet, caption, _HEADS, rows))


def _draw_line(sheet: Sheet, line: CoverageLine) -> tuple[str | None, ...]:
    words = sheet.words
    before, after = line.before_pct, line.after_pct
    bar = _BAR.format(after, before) if before is not None and after is not None else None
    return (
        line.name,
        bar,
        words.percent(before, 1),
        words.percent(after, 1),
        words.number(line.targets),
        words.number(line.base),
    )
