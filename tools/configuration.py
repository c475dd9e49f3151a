"""The configuration folder of a Home Assistant for the developer commands."""

import json
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
COMPONENT: Final = ROOT / "custom_components" / "commonwatt"

CORE_INTEGRATIONS: Final = (
    "auth",
    "config",
    "energy",
    "history",
    "http",
    "logbook",
    "onboarding",
    "recorder",
    "system_health",
    "websocket_api",
)


def write_configuration(config_dir: Path, *, port: int, frontend: bool) -> None:
    """Fill ``config_dir`` with what a small home has, and our component."""
    config_dir.mkdir(parents=True, exist_ok=True)
    integrations = [*CORE_INTEGRATIONS, *(["frontend"] if frontend else [])]
    integrations.remove("http")
    lines = [
        "homeassistant:",
        "  name: CommonWatt demo",
        "  latitude: 48.86",
        "  longitude: 2.35",
        "  elevation: 35",
        "  unit_system: metric",
        "  time_zone: Europe/Paris",
        "  currency: EUR",
        "  country: FR",
        "http:",
        "  server_host: 127.0.0.1",
        f"  server_port: {port}",
        *(f"{name}:" for name in sorted(integrations)),
        "logger:",
        "  default: warning",
        "  logs:",
        "    custom_components.commonwatt: info",
    ]
    (config_dir / "configuration.yaml").write_text("\n".join(lines) + "\n")
    answer_the_onboarding(config_dir)
    components = config_dir / "custom_components"
    components.mkdir(exist_ok=True)
    link = components / COMPONENT.name
    if not link.is_symlink():
        link.symlink_to(COMPONENT, target_is_directory=True)


def answer_the_onboarding(config_dir: Path) -> None:
    """Mark all steps of the onboarding done but the first, the owner's account.

    configuration.yaml already says where the home is; and the step that would ask adds
    integrations that go and fetch the weather from the Internet.
    """
    store = config_dir / ".storage" / "onboarding"
    if store.exists():
        return
    store.parent.mkdir(exist_ok=True)
    done = {"done": ["core_config", "analytics", "integration"]}
    store.write_text(
        json.dumps(
            {"version": 4, "minor_version": 1, "key": "onboarding", "data": done}
        )
    )
