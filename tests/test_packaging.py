"""What hassfest and HACS check of a package, checked here without a network.

The real actions run on GitHub (.github/workflows/validate.yml); this twin says the same
an hour earlier. Sources: hassfest's manifest, requirements, dependencies and
quality_scale plug-ins, HACS' validators, and the sizes in the README of
home-assistant/brands. The texts have tests of their own in test_texts.py.
"""

import json
from pathlib import Path
import re
import struct
from typing import Final

import homeassistant
from homeassistant.const import Platform
import pytest
import yaml

from tests.tree import COMPONENT, ROOT, component_sources, imports_of

HOME_ASSISTANT: Final = Path(homeassistant.__file__).parent


def listed(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


MANIFEST_KEYS: Final = listed(
    """domain name integration_type config_flow mqtt zeroconf ssdp bluetooth homekit
    dhcp usb documentation quality_scale requirements dependencies after_dependencies
    codeowners loggers disabled iot_class single_config_entry preview_features version
    issue_tracker import_executor"""
)
MANIFEST_KEYS_NEEDED: Final = listed(
    "domain name codeowners documentation issue_tracker iot_class version"
)
INTEGRATION_TYPES: Final = listed(
    "device entity hardware helper hub service system virtual"
)
IOT_CLASSES: Final = listed(
    "assumed_state calculated cloud_polling cloud_push local_polling local_push"
)
HACS_KEYS: Final = listed(
    """name content_in_root country filename hacs hide_default_branch homeassistant
    persistent_directory render_readme zip_release"""
)
# Components that an integration may import without declaring them.
ALWAYS_THERE: Final = listed(
    """automation diagnostics homeassistant http input_boolean input_datetime
    persistent_notification repairs script system_health websocket_api"""
) | {platform.value for platform in Platform}

# The rules of the Integration Quality Scale, tier by tier.
BRONZE: Final = listed(
    """action-setup appropriate-polling brands common-modules config-flow
    config-flow-test-coverage dependency-transparency docs-actions docs-conditions
    docs-high-level-description docs-installation-instructions docs-removal-instructions
    docs-triggers entity-event-setup entity-unique-id has-entity-name runtime-data
    test-before-configure test-before-setup unique-config-entry"""
)
SILVER: Final = listed(
    """action-exceptions config-entry-unloading docs-configuration-parameters
    docs-installation-parameters entity-unavailable integration-owner
    log-when-unavailable parallel-updates reauthentication-flow test-coverage"""
)
GOLD: Final = listed(
    """devices diagnostics discovery discovery-update-info docs-data-update
    docs-examples docs-known-limitations docs-supported-devices docs-supported-functions
    docs-troubleshooting docs-use-cases dynamic-devices entity-category
    entity-device-class entity-disabled-by-default entity-translations
    exception-translations icon-translations reconfiguration-flow repair-issues
    stale-devices"""
)
PLATINUM: Final = listed("async-dependency inject-websession strict-typing")

SHARP_AND_DIM: Final = (("", 1), ("@2x", 2))


@pytest.fixture(scope="module")
def manifest() -> dict[str, object]:
    """Return the manifest as it is written, order of keys included."""
    parsed: dict[str, object] = json.loads((COMPONENT / "manifest.json").read_text())
    return parsed


def names(value: object) -> list[str]:
    """Return a list of strings from a manifest, or fail."""
    assert isinstance(value, list)
    assert all(isinstance(item, str) for item in value)
    return [str(item) for item in value]


def test_the_manifest_has_the_keys_it_needs_and_no_others(
    manifest: dict[str, object],
) -> None:
    assert MANIFEST_KEYS_NEEDED <= manifest.keys() <= MANIFEST_KEYS


def test_the_manifest_is_sorted(manifest: dict[str, object]) -> None:
    keys = list(manifest)

    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]


def test_the_manifest_says_sensible_things(manifest: dict[str, object]) -> None:
    assert manifest["domain"] == COMPONENT.name
    assert manifest["integration_type"] in INTEGRATION_TYPES
    assert manifest["iot_class"] in IOT_CLASSES
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", str(manifest["version"]))
    for key in ("documentation", "issue_tracker"):
        assert str(manifest[key]).startswith("https://github.com/commonwatt/commonwatt")
    assert names(manifest["codeowners"])
    assert all(owner.startswith("@") for owner in names(manifest["codeowners"]))


def test_required_versions_never_fight_with_home_assistants(
    manifest: dict[str, object],
) -> None:
    constraints = (HOME_ASSISTANT / "package_constraints.txt").read_text().splitlines()
    pinned = {line.partition("==")[0].lower() for line in constraints if "==" in line}

    fights = [
        requirement
        for requirement in names(manifest["requirements"])
        if re.split(r"[=<>!~\[;]", requirement)[0].strip().lower() in pinned
        and "==" in requirement
    ]

    assert fights == []


def test_dependencies_exist(manifest: dict[str, object]) -> None:
    declared = [
        *names(manifest.get("dependencies", [])),
        *names(manifest.get("after_dependencies", [])),
    ]

    assert [
        name for name in declared if not (HOME_ASSISTANT / "components" / name).is_dir()
    ] == []


def test_imported_integrations_are_declared(manifest: dict[str, object]) -> None:
    declared = {
        *names(manifest.get("dependencies", [])),
        *names(manifest.get("after_dependencies", [])),
    }
    imported = {
        name.split(".")[2]
        for source in component_sources()
        for name in imports_of(source)
        if name.startswith("homeassistant.components.")
    }

    assert imported - declared - ALWAYS_THERE == set()


def test_declared_dependencies_are_used(manifest: dict[str, object]) -> None:
    imported = {name for source in component_sources() for name in imports_of(source)}

    unused = [
        name
        for name in names(manifest.get("dependencies", []))
        if f"homeassistant.components.{name}" not in imported
    ]

    assert unused == []


def test_hacs_finds_what_it_needs() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text())

    assert {"name", "homeassistant"} <= hacs.keys() <= HACS_KEYS
    assert hacs["homeassistant"] == "2026.10.0"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License\n")
    assert (ROOT / "README.md").is_file()
    assert [path.name for path in sorted((ROOT / "custom_components").iterdir())] == [
        COMPONENT.name
    ]


def size_of(picture: Path) -> tuple[int, int]:
    """Return width and height of a PNG that may be transparent."""
    head = picture.read_bytes()[:33]
    assert head.startswith(b"\x89PNG\r\n\x1a\n"), f"{picture.name} is no PNG"
    width, height, _depth, colour = struct.unpack(">IIBB", head[16:26])
    assert colour == 6, f"{picture.name} has no transparency"
    return width, height


@pytest.mark.parametrize("name", ["icon", "dark_icon"])
@pytest.mark.parametrize(("suffix", "scale"), SHARP_AND_DIM)
def test_icons_are_square_and_sized(name: str, suffix: str, scale: int) -> None:
    picture = COMPONENT / "brand" / f"{name}{suffix}.png"

    assert size_of(picture) == (256 * scale, 256 * scale)


@pytest.mark.parametrize("name", ["logo", "dark_logo"])
@pytest.mark.parametrize(("suffix", "scale"), SHARP_AND_DIM)
def test_logos_are_sized(name: str, suffix: str, scale: int) -> None:
    shortest = min(size_of(COMPONENT / "brand" / f"{name}{suffix}.png"))

    assert 128 * scale <= shortest <= 256 * scale


def test_the_quality_scale_answers_every_rule_with_a_reason() -> None:
    rules = yaml.safe_load((COMPONENT / "quality_scale.yaml").read_text())["rules"]

    assert set(rules) == BRONZE | SILVER | GOLD | PLATINUM
    for rule, answer in rules.items():
        if isinstance(answer, str):
            assert answer in {"done", "todo"}, rule
        else:
            assert answer["status"] in {"done", "todo", "exempt"}, rule
            assert answer["comment"].strip(), rule


def test_typing_is_announced() -> None:
    assert (COMPONENT / "py.typed").is_file()
