"""The settings of a plan in words, for its page and beside those of another."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.pages.data_parts import draw_section
from dashboard.pages.document import Sheet
from dashboard.pages.plan_words import CRITERION, RANKING, SPLIT, VILLAGES
from db.plans.queries import Plan
from geo.text import N_


def draw_settings(sheet: Sheet, plan: Plan) -> Markup:
    """Draw the settings as facts."""
    facts = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(sheet.say(title), value)
        for title, value in list_settings(sheet, plan)
    )
    content = Markup('<dl class="facts">{}</dl>').format(facts)
    return draw_section(sheet.say(N_("Pengaturan")), content)


def list_settings(sheet: Sheet, plan: Plan) -> list[tuple[str, str]]:
    """Return title and value of every setting, also of those left out."""
    settings, words = plan.settings, sheet.words
    say, number = words.say, words.number
    split = settings.split
    decree = say(N_("belum ada"))
    if plan.decree_number:
        decree = f"{plan.decree_number}, {words.day(plan.decree_date)}"
    return [
        (N_("Program"), plan.programme_name),
        (N_("Wilayah"), plan.area_name or say(N_("Seluruh wilayah"))),
        (N_("Periode penyaluran"), words.period(settings.period)),
        (N_("Tenggat"), words.day(settings.due_on) if settings.due_on else say(N_("tidak ada"))),
        (N_("Kuota"), number(settings.quota)),
        (N_("Anggaran"), words.rupiah(settings.budget_idr)),
        (N_("Biaya per keluarga"), words.rupiah(settings.unit_cost_idr)),
        (N_("Urutan"), _name_ranking(sheet, plan)),
        (
            N_("Dahulukan menurut aturan program"),
            say(N_("Ya")) if settings.puts_first else say(N_("Tidak")),
        ),
        (N_("Untuk"), say(VILLAGES[settings.villages])),
        (N_("Pembagian antardesa"), say(SPLIT[split.by])),
        (N_("Paling sedikit per desa"), number(split.floor) if split.floor else "–"),
        (N_("Paling banyak per desa"), number(split.most)),
        (N_("SK"), decree),
        (N_("Dibuat oleh"), f"{plan.created_by}, {sheet.time(plan.created_at)}"),
    ]


def _name_ranking(sheet: Sheet, plan: Plan) -> str:
    ranking, say = plan.settings.ranking, sheet.words.say
    if ranking.by != "weights":
        return say(RANKING[ranking.by])
    return "; ".join(f"{say(CRITERION[key])} {value}" for key, value in ranking.weights.items())
