"""The settings: the only reader of the environment. docs/settings.md documents each of them."""

from __future__ import annotations

import hmac
import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from db.refusal import Refusal

CHECKOUT = Path(__file__).resolve().parents[1]
LOCAL_HOST = "127.0.0.1"
SECRET_KEY_BYTES = 32
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_POSTGRESQL = re.compile(r"postgresql(\+psycopg)?://[^/]*/[^/]")


class Settings(BaseSettings):
    """What the person who runs the program may choose, as ``KENTONGAN_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_", frozen=True, env_ignore_empty=True)

    host: str = LOCAL_HOST
    port: Annotated[int, Field(ge=1, le=65535)] = 8050
    https: bool = False
    site: str | None = None
    proxies: Annotated[int, Field(ge=0, le=5)] = 0
    session_idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    home: Path = CHECKOUT / ".kentongan"
    database_url: str | None = None
    web_password: SecretStr | None = None
    basemap_url: str | None = None
    basemap_attribution: str = ""
    secret_key: SecretStr | None = None
    backup_passphrase: SecretStr | None = None
    time_zone: str = "Asia/Jakarta"
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    threads: Annotated[int, Field(ge=1, le=64)] = 8
    pool_size: Annotated[int, Field(ge=1, le=100)] = 8
    statement_timeout_ms: Annotated[int, Field(ge=0)] = 15_000

    @field_validator("host")
    @classmethod
    def _an_address(cls, host: str) -> str:
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as error:
            raise ValueError("must be an address such as 127.0.0.1 or 0.0.0.0") from error

    @field_validator("site")
    @classmethod
    def _a_host_name(cls, site: str | None) -> str | None:
        if site is not None and not _HOST_NAME.fullmatch(site):
            raise ValueError("must be a host name such as kentongan.example.go.id")
        return site

    @field_validator("database_url")
    @classmethod
    def _a_postgresql_address(cls, address: str | None) -> str | None:
        if address is not None and not _POSTGRESQL.match(address):
            raise ValueError("must look like postgresql://user@host/database")
        return address

    @field_validator("time_zone")
    @classmethod
    def _a_known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise ValueError("must be the name of a time zone, such as Asia/Makassar") from error
        return name

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return ipaddress.IPv4Address(self.host).is_loopback

    @property
    def is_secure(self) -> bool:
        """Whether cookies are for https only: always, but on this machine itself."""
        return self.https or not self.is_local

    def get_web_password(self) -> str:
        """Return the password of the web login: the one that is set, else one made of our key.

        Our own database asks for none.
        """
        if self.web_password is not None:
            return self.web_password.get_secret_value()
        key = self.get_secret_key().encode()
        return hmac.new(key, b"the password of the web login", "sha256").hexdigest()

    def get_secret_key(self) -> str:
        """Return the key that signs sessions; made once and kept in the home folder.

        Raises
        ------
        Refusal
            When it can't be read or written.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.home / "secret.key"
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_hex(SECRET_KEY_BYTES))
            return path.read_text()
        except OSError as error:
            raise Refusal(f"The key in {path} can't be used: {error.strerror}.") from error


class ToolSettings(BaseSettings):
    """What the launcher hands to the tests: ``KENTONGAN_TEST_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix="KENTONGAN_TEST_", frozen=True, env_ignore_empty=True
    )

    chromium: Path | None = None
    axe: Path | None = None
    database_url: str | None = None


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises
    ------
    Refusal
        When a value can't be used; the sentence names the setting.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "KENTONGAN_" + str(first["loc"][0]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise Refusal(f"{name}: {reason[:1].lower()}{reason[1:]}.") from error


def _write_once(path: Path, content: str) -> None:
    # Written aside and linked: two starts at once end up with the same whole key.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    if path.exists():
        return
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
