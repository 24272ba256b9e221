"""Settings: each is documented, and a wrong one is named in one sentence."""

from __future__ import annotations

import re
import stat
import subprocess
from pathlib import Path

import pytest

from dashboard.settings import Settings, ToolSettings, load_settings
from db.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = set(
    re.findall(r"^\| `(KENTONGAN_\w+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
)
SETTINGS = {f"KENTONGAN_{name.upper()}" for name in Settings.model_fields}
TOOLS = {f"KENTONGAN_TEST_{name.upper()}" for name in ToolSettings.model_fields}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert DOCUMENTED == SETTINGS | TOOLS


def test_every_setting_stands_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#(KENTONGAN_\w+)=", example, re.MULTILINE)) == SETTINGS


def test_no_file_uses_a_setting_that_is_not_documented() -> None:
    used = subprocess.run(
        [
            *("grep", "-rhoE", r"KENTONGAN_[A-Z_]+"),
            *("kentongan", "dashboard", "db", "layers"),
            *("--include=*.py", "--include=kentongan"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.split()
    # One that ends in a line stands for all that begin so.
    assert {name for name in used if not name.endswith("_")} <= DOCUMENTED


def test_the_documented_start_values_are_those_of_the_program() -> None:
    rows = re.findall(
        r"^\| `KENTONGAN_(\w+)` \| `(\S+)` \|",
        (ROOT / "docs/settings.md").read_text(),
        re.MULTILINE,
    )
    defaults = {name.lower(): value for name, value in rows}
    assert defaults
    settings = load_settings()
    for name, value in defaults.items():
        assert str(getattr(settings, name)) == value


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("PORT", "0", "greater than"),
        ("PORT", "many", "valid integer"),
        ("HOST", "localhost", "127.0.0.1"),
        ("HOST", "::1", "127.0.0.1"),
        ("SITE", "https://a.example/", "host name"),
        ("PROXIES", "-1", "greater than"),
        ("SESSION_IDLE_MINUTES", "0", "greater than"),
        ("DATABASE_URL", "mysql://a/b", "postgresql://"),
        ("DATABASE_URL", "kentongan", "postgresql://"),
        ("THREADS", "0", "greater than"),
    ],
)
def test_a_wrong_value_is_one_sentence_with_its_name(
    name: str, value: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"KENTONGAN_{name}", value)
    with pytest.raises(Refusal, match=hint) as caught:
        load_settings()
    sentence = str(caught.value)
    assert sentence.startswith(f"KENTONGAN_{name}: ")
    assert "\n" not in sentence


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_PORT", "")
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", "")
    settings = load_settings()
    assert (settings.port, settings.database_url) == (8050, None)


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = Settings(home=tmp_path / "home").get_secret_key()
    assert len(first) == 64
    assert Settings(home=tmp_path / "home").get_secret_key() == first
    assert Settings(home=tmp_path / "other").get_secret_key() != first
    assert stat.S_IMODE((tmp_path / "home" / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret.key"]


def test_a_given_secret_key_is_taken_and_never_printed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret_key="kunci-rahasia")  # type: ignore[arg-type]
    assert settings.get_secret_key() == "kunci-rahasia"
    assert "kunci-rahasia" not in repr(settings)
    assert not list(tmp_path.iterdir())
