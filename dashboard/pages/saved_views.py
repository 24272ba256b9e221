"""Views under a name: the list, and the form that keeps the address of the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from dashboard.pages.data_parts import draw_form, draw_submit
from dashboard.pages.document import Sheet
from dashboard.pages.rule_frame import draw_rule_page
from db.rules import LONGEST_NAME
from geo.text import N_

SAVE_PATH = "/questions/views"


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A view of the list.

    Attributes
    ----------
    id, name, query
        As kept; the query is that of the map's address.
    place
        Where it looks, in words.
    is_shared, is_own, kept_by
        Who sees it, whether it is the reader's, and whose it is.
    saved_at
        When.
    """

    id: int
    name: str
    query: str
    place: str
    is_shared: bool
    is_own: bool
    kept_by: str
    saved_at: datetime


def draw_saved(sheet: Sheet, lines: Sequence[SavedLine]) -> Markup:
    """Draw the list of views."""
    heading = Markup('<h2 id="views">{}</h2>').format(sheet.say(N_("Tampilan tersimpan")))
    if not lines:
        empty = sheet.say(
            N_(
                "Belum ada. Simpan pertanyaan di atas, atau buka peta, lalu pilih"
                " “Simpan tampilan ini” di menu akun."
            )
        )
        return Markup('<section class="rule-saved">{}<p class="note">{}</p></section>').format(
            heading, empty
        )
    items = Markup("").join(_draw_line(sheet, line) for line in lines)
    return Markup('<section class="rule-saved">{}<ul>{}</ul></section>').format(heading, items)


def _draw_line(sheet: Sheet, line: SavedLine) -> Markup:
    if line.is_own:
        whose = sheet.say(N_("Dibagikan") if line.is_shared else N_("Hanya Anda"))
        drop = draw_form(
            sheet,
            f"{SAVE_PATH}/{line.id}/drop",
            draw_submit(
                Markup(
                    '<span aria-hidden="true">{0}</span><span class="unseen">{0}: {1}</span>'
                ).format(sheet.say(N_("Hapus")), line.name),
                kind="outlined",
            ),
        )
    else:
        whose = sheet.say(N_("Dari {name}"), name=line.kept_by)
        drop = Markup("")
    language = "" if sheet.words.language == "id" else f"&language={sheet.words.language}"
    return Markup(
        '<li><div><a href="/?{}">{}</a><span class="note">{} · {} · {}</span></div>{}</li>'
    ).format(
        f"{line.query}{language}".lstrip("&"),
        line.name,
        line.place,
        whose,
        sheet.time(line.saved_at),
        drop,
    )


def draw_saving(
    sheet: Sheet,
    query: str,
    place: str,
    *,
    name: str = "",
    is_shared: bool = False,
    fault: str = "",
) -> str:
    """Draw the form that keeps an address of the map.

    Parameters
    ----------
    sheet
        What it is drawn with.
    query
        Of the map's address, as it will be kept.
    place
        Where it looks, in words.
    name, is_shared
        As filled in.
    fault
        Why it was not kept.
    """
    say = sheet.say
    told = Markup("")
    if fault:
        told = Markup('<p class="rule-fault" role="alert">{}</p>').format(fault)
    fields = Markup(
        '<input type="hidden" name="query" value="{}"><p class="rule-where">{}</p>'
        '<label class="rule-note"><span>{}</span><input name="name" value="{}" maxlength="{}"'
        ' required autocomplete="off"></label>{}<label class="rule-mark"><input type="checkbox"'
        ' name="is_shared" value="yes"{}><span>{}</span></label><div class="rule-buttons">{}'
        '<a class="button outlined" href="/?{}">{}</a></div>'
    ).format(
        query,
        say(
            N_("{place}, dengan lapisan, saringan, dan urutan daftarnya."),
            place=place,
        ),
        say(N_("Nama")),
        name,
        LONGEST_NAME,
        told,
        Markup(" checked") if is_shared else "",
        say(N_("Bagikan kepada rekan dengan peran dan wilayah yang sama")),
        draw_submit(say(N_("Simpan"))),
        query,
        say(N_("Kembali ke peta")),
    )
    form = draw_form(sheet, SAVE_PATH, fields, kind="rule-keeping")
    return draw_rule_page(sheet, sheet.words.say(N_("Simpan tampilan ini")), form)
