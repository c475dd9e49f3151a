"""What the owner of a headless member writes into ``node.toml``.

Every mistake is told with the name of the setting; nothing is guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
import tomllib
from typing import Final

from ...engine.model.tariff import Tariff
from ...engine.model.units import PPM
from ..transports.http import clean_address

PORT_MAX: Final = 65_535
PACE_MAX: Final = 900


class SettingsError(Exception):
    """A setting cannot be used as it is; the text says which and why."""


class Source(StrEnum):
    """Where readings come from."""

    NONE = "none"
    FILE = "file"
    STDIN = "stdin"
    SIMULATED = "simulated"
    MODBUS = "modbus"


@dataclass(frozen=True, slots=True, kw_only=True)
class HTTPSettings:
    """WebSockets: where we listen, and whom we dial."""

    host: str
    port: int
    addresses: tuple[str, ...]
    """Where others can dial us."""

    dial: tuple[str, ...]
    certificate: Path | None
    key: Path | None
    discovery: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MQTTSettings:
    """A broker."""

    host: str
    port: int
    username: str | None
    password_file: Path | None
    tls: bool
    ca_file: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSettings:
    """Where readings come from, and how often they are looked at."""

    source: Source
    file: Path | None
    home: str
    """Which home is simulated."""

    seed: int
    host: str
    port: int
    unit: int
    driver: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A clock that runs faster, for trying a community out.  Equal for all members."""

    pace: int
    began_at: float
    """Seconds since the epoch on the real clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in ``node.toml``."""

    http: HTTPSettings | None
    mqtt: MQTTSettings | None
    readings: ReadingSettings
    tariff: Tariff | None
    rehearsal: Rehearsal | None

    def dialling(self, addresses: Iterable[str]) -> Settings:
        """Return settings that dial these addresses, too, if they dial at all."""
        if self.http is None:
            return self
        dial = tuple(dict.fromkeys((*self.http.dial, *addresses)))
        return replace(self, http=replace(self.http, dial=dial))


def read_settings(path: Path) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: with the setting that is wrong.
    """
    try:
        data = tomllib.loads(path.read_text())
    except OSError as err:
        raise SettingsError(f"{path} cannot be read: {err.strerror}") from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise SettingsError(f"{path}: {err}") from err
    root = _Table("", data, path.parent)
    settings = Settings(
        http=_http(root.table("http")),
        mqtt=_mqtt(root.table("mqtt")),
        readings=_readings(root.table("readings") or _Table("readings", {}, path)),
        tariff=_tariff(root.table("tariff")),
        rehearsal=_rehearsal(root.table("rehearsal")),
    )
    root.finish()
    return settings


class _Table:
    """One table of the file; a setting nobody asked for is a mistake."""

    def __init__(self, name: str, data: dict[str, object], folder: Path) -> None:
        self._name: Final = name
        self._data: Final = data
        self._folder: Final = folder
        self._asked: Final[set[str]] = set()

    def table(self, key: str) -> _Table | None:
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise SettingsError(f"{self._path(key)}: a table belongs here")
        return _Table(self._path(key), value, self._folder)

    def text(self, key: str, default: str | None = None) -> str | None:
        value = self._get(key)
        if value is not None and not isinstance(value, str):
            raise SettingsError(f"{self._path(key)}: {value!r} is no text")
        return default if value is None else value

    def needed(self, key: str) -> str:
        value = self.text(key)
        if not value:
            raise SettingsError(f"{self._path(key)}: is missing")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise SettingsError(f"{self._path(key)}: a list of texts belongs here")
        return tuple(value)

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise SettingsError(f"{self._path(key)}: {value!r} is no whole number")
        if not least <= value <= most:
            raise SettingsError(f"{self._path(key)}: {value} is not {least} to {most}")
        return value

    def seconds(self, key: str, default: float) -> float:
        value = self._get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise SettingsError(f"{self._path(key)}: {value!r} is no time in seconds")
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            raise SettingsError(f"{self._path(key)}: true or false belongs here")
        return default if value is None else value

    def file(self, key: str) -> Path | None:
        value = self.text(key)
        return None if value is None else self._folder / value

    def finish(self) -> None:
        unknown = sorted(self._data.keys() - self._asked)
        if unknown:
            raise SettingsError(f"{self._path(unknown[0])}: there is no such setting")

    def _get(self, key: str) -> object:
        self._asked.add(key)
        return self._data.get(key)

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key


def _http(table: _Table | None) -> HTTPSettings | None:
    if table is None:
        return None
    settings = HTTPSettings(
        host=table.text("host") or "0.0.0.0",  # noqa: S104  # others are to reach us
        port=table.number("port", 8470, least=0, most=PORT_MAX),
        addresses=table.texts("addresses"),
        dial=table.texts("dial"),
        certificate=table.file("certificate"),
        key=table.file("key"),
        discovery=table.flag("discovery", default=True),
    )
    for address in (*settings.addresses, *settings.dial):
        if clean_address(address) is None:
            raise SettingsError(
                f"http: {address!r} is no address, try http://host:port"
            )
    if (settings.certificate is None) != (settings.key is None):
        raise SettingsError("http.certificate, http.key: one without the other")
    table.finish()
    return settings


def _mqtt(table: _Table | None) -> MQTTSettings | None:
    if table is None:
        return None
    tls = table.flag("tls", default=False)
    settings = MQTTSettings(
        host=table.needed("host"),
        port=table.number("port", 8883 if tls else 1883, least=1, most=PORT_MAX),
        username=table.text("username"),
        password_file=table.file("password_file"),
        tls=tls,
        ca_file=table.file("ca_file"),
    )
    table.finish()
    return settings


def _readings(table: _Table) -> ReadingSettings:
    name = table.text("source") or Source.NONE.value
    if name not in Source:
        raise SettingsError(f"readings.source: {name!r} is none of {', '.join(Source)}")
    source = Source(name)
    settings = ReadingSettings(
        source=source,
        file=table.file("file"),
        home=table.text("home") or "home",
        seed=table.number("seed", 1, least=0, most=2**31),
        host=table.text("host") or "",
        port=table.number("port", 502, least=1, most=PORT_MAX),
        unit=table.number("unit", 1, least=0, most=255),
        driver=table.text("driver") or "sunspec",
        seconds=table.seconds("seconds", 30.0),
    )
    if source is Source.FILE and settings.file is None:
        raise SettingsError("readings.file: is missing")
    if source is Source.MODBUS and not settings.host:
        raise SettingsError("readings.host: is missing")
    table.finish()
    return settings


def _tariff(table: _Table | None) -> Tariff | None:
    if table is None:
        return None
    most = 100_000_000
    try:
        tariff = Tariff(
            energy_micro_per_kwh=table.number("energy", 0, least=-most, most=most),
            network_micro_per_kwh=table.number("network", 0, least=0, most=most),
            levies_micro_per_kwh=table.number("levies", 0, least=0, most=most),
            vat_ppm=table.number("vat_ppm", 0, least=0, most=PPM),
            feed_in_micro_per_kwh=table.number("feed_in", 0, least=-most, most=most),
        )
    except ValueError as err:
        raise SettingsError(f"tariff: {err}") from err
    table.finish()
    return tariff


def _rehearsal(table: _Table | None) -> Rehearsal | None:
    if table is None:
        return None
    rehearsal = Rehearsal(
        pace=table.number("pace", 60, least=1, most=PACE_MAX),
        began_at=table.seconds("began_at", 0.0),
    )
    if not rehearsal.began_at:
        raise SettingsError("rehearsal.began_at: is missing")
    table.finish()
    return rehearsal
