"""Names as offices type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.matching.names import name_forms, normalise_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("St. Aminah", "SITI AMINAH"),
        ("ST AMINAH", "SITI AMINAH"),
        ("Muh. Saiful", "MUHAMMAD SAIFUL"),
        ("MOHAMMAD SAIFUL", "MUHAMMAD SAIFUL"),
        ("M.Saiful", "MUHAMMAD SAIFUL"),
        ("H. Moch. Ach. Fauzi", "MUHAMMAD AHMAD FAUZI"),
        ("Abd. Rohman", "ABDUL ROHMAN"),
        ("Abdurrohman", "ABDUL ROHMAN"),
        ("Soeparman", "SUPARMAN"),
        ("Djoko Tjahjono", "JOKO CAHJONO"),
        ("Noer Hasanah", "NUR HASANAH"),
        ("Drs. H. Slamet, M.Si.", "SLAMET"),
        ("Sri Wahyuni, S.Pd.", "SRI WAHYUNI"),
        ("Sri Wahyuni S.PD", "SRI WAHYUNI"),
        ("P. Budi", "BUDI"),
        ("Bpk. Ma'ruf", "MARUF"),
        ("Fatimah binti Kasim", "FATIMAH"),
        ("Alm. Budi Santoso", "BUDI SANTOSO"),
        ("  budi   santoso ", "BUDI SANTOSO"),
        ("José", "JOSE"),
        ("Haji", "HAJI"),
        ("M", "M"),
        ("Agus M.", "AGUS M"),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_name_is_brought_to_one_spelling(typed: str, name: str) -> None:
    assert normalise_name(typed) == name


@given(
    st.one_of(
        st.text(max_size=30),
        st.lists(
            st.sampled_from(
                [
                    *("H.", "HJ.", "M.", "M", "ST.", "ST", "MOH.", "ABDUL", "ABDUR", "BIN", "OE"),
                    *("ABDURABDULLAH", "BINTI", "DJ", "BOE", "TJ", "SOE", "S.PD", "DDJJ", "OOEE"),
                    *("P.", "BPK", "SITI", ",", "'", "-", "IBU", "É"),
                ]
            ),
            max_size=6,
        ).map(" ".join),
        st.text(alphabet="ABDEOJTSULR., H", max_size=20),
    )
)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KHOTIJAH", "CHOTIDJAH"),
        ("Syaiful Fauzi", "SAIFUL PAUZI"),
        ("SITI AMINAH", "AMINAH"),
        ("SANTOSO BUDI", "BUDI SANTOSO"),
        ("SLAMET RIYADI", "SLAMET RIADI"),
        ("MUTMAINNAH", "MUTMAINAH"),
    ],
)
def test_names_that_sound_alike_have_one_core(one: str, other: str) -> None:
    forms = name_forms([one, other])
    assert forms[one].core == forms[other].core


def test_hasan_and_husen_are_not_one_name() -> None:
    forms = name_forms(["HASAN", "HUSEN"])
    assert forms["HASAN"].core != forms["HUSEN"].core
