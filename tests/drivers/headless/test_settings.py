"""What an owner may write into ``node.toml``, and what is said about the rest."""

from pathlib import Path

import pytest

from custom_components.commonwatt.drivers.headless import SettingsError, read_settings
from custom_components.commonwatt.drivers.headless.settings import Source

EVERYTHING = """
[http]
host = "127.0.0.1"
port = 8470
addresses = ["https://coop.example:8470"]
dial = ["http://192.168.1.20:8123"]
certificate = "coop.crt"
key = "coop.key"
discovery = false

[mqtt]
host = "broker.example"
tls = true
username = "coop"
password_file = "secret"
ca_file = "ca.crt"

[readings]
source = "modbus"
host = "192.168.1.30"
unit = 3
driver = "eastron_sdm630"
seconds = 10

[tariff]
energy = 150000
vat_ppm = 200000
feed_in = 75000

[rehearsal]
pace = 60
began_at = 1795298400
"""


def written(folder: Path, text: str) -> Path:
    """Write settings down."""
    path = folder / "node.toml"
    path.write_text(text)
    return path


def test_everything_that_is_written_is_read(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, EVERYTHING))

    assert settings.http is not None
    assert settings.http.dial == ("http://192.168.1.20:8123",)
    assert settings.http.certificate == tmp_path / "coop.crt"
    assert settings.mqtt is not None
    assert (settings.mqtt.port, settings.mqtt.password_file) == (
        8883,
        tmp_path / "secret",
    )
    assert settings.readings.source is Source.MODBUS
    assert settings.tariff is not None
    assert settings.tariff.import_micro_per_kwh == 180_000
    assert settings.rehearsal is not None
    assert settings.rehearsal.pace == 60


def test_nothing_is_needed(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, ""))

    assert (settings.http, settings.mqtt, settings.tariff) == (None, None, None)
    assert settings.readings.source is Source.NONE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[http", "node.toml"),
        ("http = 1", "http: a table"),
        ("[http]\nport = 99999", "http.port: 99999 is not 0 to 65535"),
        ('[http]\nport = "8470"', "http.port: '8470' is no whole number"),
        ('[http]\ndial = ["coop.example"]', "'coop.example' is no address"),
        ('[http]\ncertificate = "a"', "one without the other"),
        ("[mqtt]", "mqtt.host: is missing"),
        ('[mqtt]\nhost = "a"\ntls = "yes"', "mqtt.tls: true or false"),
        ('[readings]\nsource = "guess"', "readings.source: 'guess' is none of"),
        ('[readings]\nsource = "file"', "readings.file: is missing"),
        ('[readings]\nsource = "modbus"', "readings.host: is missing"),
        ("[readings]\nseconds = 0", "readings.seconds: 0 is no time"),
        ("[tariff]\nvat_ppm = -1", "tariff.vat_ppm: -1 is not"),
        ("[rehearsal]\npace = 60", "rehearsal.began_at: is missing"),
        ("[htttp]", "htttp: there is no such setting"),
        ("[http]\nprot = 1", "http.prot: there is no such setting"),
    ],
)
def test_a_mistake_is_told_by_the_name_of_the_setting(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        read_settings(written(tmp_path, text))


def test_settings_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "node.toml")
