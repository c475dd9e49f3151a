"""Whatever a device may offer has a name, in every language and on its page."""

import json
from typing import Final

import pytest

from custom_components.commonwatt.engine.devices import CATALOGUE, Point
from tests.tree import COMPONENT, ROOT

ENTITIES: Final = (ROOT / "docs/reference/entities.md").read_text()


def texts_of(point: Point, language: str) -> dict[str, object]:
    """Return the texts of a point."""
    path = COMPONENT / "translations" / f"{language}.json"
    texts: dict[str, object] = json.loads(path.read_text())["entity"]["sensor"][
        point.family
    ]
    return texts


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("point", CATALOGUE.values(), ids=lambda point: point.family)
def test_every_point_and_every_state_has_a_name(point: Point, language: str) -> None:
    texts = texts_of(point, language)
    states = texts.get("state", {})

    assert texts["name"]
    assert isinstance(states, dict)
    assert list(states) == sorted(point.options)


@pytest.mark.parametrize("point", CATALOGUE.values(), ids=lambda point: point.family)
def test_every_point_is_documented(point: Point) -> None:
    name = str(texts_of(point, "en")["name"]).replace("{number}", "*n*")

    assert f"| {name} |" in ENTITIES
