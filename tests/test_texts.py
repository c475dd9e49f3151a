"""Every word on the screen exists in both languages, and every text has a user.

Offline twin of hassfest's translations, config_flow, icons and services plug-ins.
"""

import ast
from collections.abc import Iterator, Mapping
import json
import re
from typing import Final

import pytest
import yaml

from tests.tree import COMPONENT, Source, component_sources

type Tree = dict[str, Tree | str]

TRANSLATIONS: Final = COMPONENT / "translations"
TRANSLATION_KEY: Final = re.compile(r"translation_key: (\w+)")
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")

# Home Assistant itself ends a flow with these.
REASONS_OF_HOME_ASSISTANT: Final = frozenset(
    [
        "already_configured",
        "already_in_progress",
        "no_devices_found",
        "reauth_successful",
        "reconfigure_successful",
        "single_instance_allowed",
    ]
)
# Where each branch of the texts keeps names that the code must say somewhere.
NAMES_IN_CODE: Final = re.compile(
    r"config\.(error|abort)\.(?P<a>\w+)$"
    r"|config_subentries\.\w+\.(error|abort)\.(?P<b>\w+)$"
    r"|(exceptions|issues|selector)\.(?P<c>\w+)\."
    r"|entity\.\w+\.(?P<d>\w+)\."
)
FLOW_OF_A_PART: Final = re.compile(r"config_subentries\.(\w+)\.")
STEP: Final = re.compile(r"(?:^|\.)step\.(\w+)\.")


def load(language: str) -> Tree:
    """Read the texts of one language."""
    tree: Tree = json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))
    return tree


def leaves(
    tree: Mapping[str, Tree | str], above: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield every text with its dotted path."""
    for key, value in tree.items():
        path = f"{above}.{key}" if above else key
        if isinstance(value, str):
            yield path, value
        else:
            yield from leaves(value, path)


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """Return the English texts by path."""
    return dict(leaves(load("en")))


@pytest.fixture(scope="module")
def french() -> dict[str, str]:
    """Return the French texts by path."""
    return dict(leaves(load("fr")))


def glue() -> Iterator[Source]:
    """Yield the files that talk to Home Assistant."""
    inner = (COMPONENT / "engine", COMPONENT / "drivers")
    return (
        source
        for source in component_sources()
        if not any(source.path.is_relative_to(folder) for folder in inner)
    )


def said_in_code() -> set[str]:
    """Return every string constant of the component, and every key of its forms."""
    forms = ("services.yaml", "triggers.yaml", "conditions.yaml")
    keys = {
        key
        for form in forms
        for key in TRANSLATION_KEY.findall((COMPONENT / form).read_text("utf-8"))
    }
    return keys | {
        node.value
        for source in component_sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def calls(source: Source) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every call as its last name and its constant keyword arguments."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                yield (
                    name,
                    {
                        keyword.arg: keyword.value.value
                        for keyword in node.keywords
                        if keyword.arg
                        and isinstance(keyword.value, ast.Constant)
                        and isinstance(keyword.value.value, str)
                    },
                )
            case _:
                pass


def test_both_languages_say_the_same_things(
    english: dict[str, str], french: dict[str, str]
) -> None:
    assert english
    assert english.keys() == french.keys()


def test_both_languages_fill_in_the_same_values(
    english: dict[str, str], french: dict[str, str]
) -> None:
    different = [
        path
        for path, text in english.items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(french[path]))
    ]

    assert different == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_texts_keep_to_what_home_assistant_allows(language: str) -> None:
    refused = re.compile(r"<\w|://|\[%key|'\{\w+\}'|^\s|\s$|^$")

    assert [path for path, text in leaves(load(language)) if refused.search(text)] == []


def test_french_is_french(english: dict[str, str], french: dict[str, str]) -> None:
    sentences = [path for path, text in english.items() if text.count(" ") >= 4]
    assert sentences

    assert [path for path in sentences if english[path] == french[path]] == []


def test_every_text_has_a_user(english: dict[str, str]) -> None:
    said = said_in_code() | REASONS_OF_HOME_ASSISTANT
    orphans = {
        path
        for path in english
        if (match := NAMES_IN_CODE.match(path))
        and (match["a"] or match["b"] or match["c"] or match["d"]) not in said
    }

    assert orphans == set()


def test_every_exception_has_a_text(english: dict[str, str]) -> None:
    missing = [
        f"{source.name}: {arguments['translation_key']}"
        for source in glue()
        for name, arguments in calls(source)
        if re.search(r"(Error|Failed|NotReady)$", name)
        and "translation_key" in arguments
        and f"exceptions.{arguments['translation_key']}.message" not in english
    ]

    assert missing == []


def test_every_issue_has_a_text(english: dict[str, str]) -> None:
    missing = [
        f"{source.name}: {arguments['translation_key']}"
        for source in glue()
        for name, arguments in calls(source)
        if name == "async_create_issue"
        and "translation_key" in arguments
        and f"issues.{arguments['translation_key']}.title" not in english
    ]

    assert missing == []


def test_every_end_of_a_change_has_a_text(english: dict[str, str]) -> None:
    kinds = {match[1] for p in english if (match := re.match(FLOW_OF_A_PART, p))}
    assert kinds
    flows = ["config", *(f"config_subentries.{kind}" for kind in sorted(kinds))]
    silent = [
        flow for flow in flows if f"{flow}.abort.reconfigure_successful" not in english
    ]

    assert silent == []


def test_every_form_has_a_title(english: dict[str, str]) -> None:
    texts = {match[1] for path in english if (match := STEP.search(path))}
    shown = {
        (source.name, arguments["step_id"])
        for source in glue()
        for name, arguments in calls(source)
        if name in {"async_show_form", "async_show_menu"} and "step_id" in arguments
    }

    assert {(file, step) for file, step in shown if step not in texts} == set()


def test_every_step_with_a_text_exists(english: dict[str, str]) -> None:
    texts = {match[1] for path in english if (match := STEP.search(path))}
    steps = {
        node.name.removeprefix("async_step_")
        for source in glue()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.AsyncFunctionDef)
    }

    assert texts
    assert texts - steps == set()


def test_every_field_is_explained(english: dict[str, str]) -> None:
    fields = {
        path
        for path in english
        if re.search(r"\bstep\.\w+(\.|\.sections\.\w+\.)data\.", path)
    }
    assert fields

    unexplained = {
        path
        for path in fields
        if re.sub(r"\.data\.(\w+)$", r".data_description.\1", path) not in english
    }

    assert unexplained == set()


def test_every_icon_belongs_to_something_with_a_name(english: dict[str, str]) -> None:
    icons: Tree = json.loads((COMPONENT / "icons.json").read_text())
    named = {
        tuple(path.split(".")[:3]) for path in english if path.startswith("entity.")
    }
    entities = icons.get("entity", {})
    assert isinstance(entities, dict)

    strangers = {
        ("entity", platform, key)
        for platform, keys in entities.items()
        for key in keys
        if ("entity", platform, key) not in named
    }

    assert strangers == set()


def test_every_action_is_described_and_has_an_icon(english: dict[str, str]) -> None:
    described = {path.split(".")[1] for path in english if path.startswith("services.")}
    icons: Tree = json.loads((COMPONENT / "icons.json").read_text())
    file = COMPONENT / "services.yaml"
    actions = set(yaml.safe_load(file.read_text()) or {}) if file.exists() else set()

    assert actions == described == set(icons.get("services", {}))
