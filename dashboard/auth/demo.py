"""The accounts of the demo: one per role, entered by a button, never by a password."""

from __future__ import annotations

from dataclasses import dataclass

from geo.text import N_


@dataclass(frozen=True, slots=True)
class DemoRole:
    """A role as the demo's login page offers it."""

    role: str
    display_name: str
    sees: str
    agency: str | None = None

    @property
    def name(self) -> str:
        """Name of its account."""
        return f"demo-{self.role.replace('_', '-')}"


GROUPS: tuple[tuple[str, tuple[DemoRole, ...]], ...] = (
    (
        N_("Di kabupaten"),
        (
            DemoRole(
                "planner",
                "Perencana Bappeda",
                N_("Peta, angka, dan daftar keluarga dengan NIK yang disamarkan."),
            ),
            DemoRole(
                "regent", "Bupati", N_("Peta, angka, dan daftar keluarga tanpa NIK dan alamat.")
            ),
            DemoRole(
                "agency",
                "Dinas Sosial",
                N_("Angka seluruh kabupaten, dan daftar yang diserahkan kepadanya."),
                agency="Dinas Sosial",
            ),
        ),
    ),
    (
        N_("Di lapangan"),
        (
            DemoRole(
                "task_unit",
                "Satgas kecamatan",
                N_("Data lengkap keluarga di satu kecamatan, tidak di luarnya."),
            ),
            DemoRole(
                "village_operator",
                "Operator desa",
                N_("Data lengkap keluarga di satu desa, tidak di luarnya."),
            ),
        ),
    ),
    (
        N_("Tanpa data keluarga"),
        (
            DemoRole("guest", "Layar tamu", N_("Peta dan angka; angka kecil disembunyikan.")),
            DemoRole("auditor", "Inspektorat", N_("Catatan siapa melihat apa.")),
            DemoRole("administrator", "Pengelola", N_("Pengguna dan pengaturan.")),
        ),
    ),
)
"""Heading and roles, in the order of the page."""

ROLES: tuple[DemoRole, ...] = tuple(role for _, group in GROUPS for role in group)
