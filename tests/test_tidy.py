"""Style as a test: what reviewers would otherwise have to say again and again."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
import tomllib
from typing import Final

import pytest

from tests.tree import (
    COMPONENT,
    ROOT,
    Source,
    component_sources,
    imports_of,
    project_files,
    sources,
    text_of,
)

FUNCTION_LINES_MAX: Final = 70
FILE_LINES_MAX: Final = 400
BLOB_BYTES_MAX: Final = 600_000

# Words that hide what is meant, and what to write instead. Assembled from halves, so
# that this file does not find itself.
BETTER_WORDS: Final = {
    "black" + "list": "block list",
    "white" + "list": "allow list",
    "grid" + " fee": "network fee",
    "time" + " slot": "delivery period",
    "sanity" + " check": "check",
    "util" + "ize": "use",
    "util" + "ise": "use",
    "in order" + " to": "to",
    "going" + " forward": "from now on",
}
# A platform of Home Assistant has the name of what is left to do.
UNFINISHED: Final = re.compile(
    r"(?<!Platform\.)\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b"
)
SOMEBODYS_MACHINE: Final = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/\w")
PACKAGE_INDEX: Final = re.compile(r"(?<!emit-)(index" + r"-url|find" + r"-links)[ =]")
WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

OTHER_LANGUAGES: Final = (
    "custom_components/commonwatt/frontend/fr-",
    "custom_components/commonwatt/translations/fr.json",
    "frontend/src/text/fr.json",
)

# Home Assistant and pytest import these by name, not by an import statement.
FOUND_BY_NAME: Final = re.compile(r"custom_components\.commonwatt\.\w+$|.*\.__main__$")


def functions(
    source: Source,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a file."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def defined_names(source: Source) -> Iterator[tuple[str, int]]:
    """Yield every name a file makes up itself, with its line."""
    for node in ast.walk(source.tree):
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.arg(arg=name)
                | ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
            ):
                yield name, node.lineno
            case _:
                pass


def words(name: str) -> list[str]:
    """Split a name into its words: ``grid_feeMax`` is grid, fee, max."""
    return [word.lower() for word in WORD.findall(name)]


def says(name: str, synonym: str) -> bool:
    """Tell whether ``synonym``, maybe of several words, is part of ``name``."""
    return f"_{synonym}_" in f"_{'_'.join(words(name))}_"


def words_the_glossary_refuses() -> dict[str, str]:
    """Read the glossary's last column: each refused word with the term to use."""
    rows = (ROOT / "docs/reference/glossary.md").read_text().splitlines()
    refused = {}
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if len(cells) == 4:
            for word in re.findall(r"`(\w+)`", cells[3]):
                refused[word] = cells[0]
    return refused


def test_every_module_says_what_it_owns() -> None:
    silent = [
        source.name
        for source in sources()
        if source.text.strip() and ast.get_docstring(source.tree) is None
    ]

    assert silent == []


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{source.name}:{node.lineno} {node.name}: {lines} lines"
        for source in sources()
        for node in functions(source)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]

    assert long == []


def test_files_hold_one_idea() -> None:
    long = [
        f"{source.name}: {lines} lines"
        for source in sources()
        if (lines := source.text.count("\n")) > FILE_LINES_MAX
    ]

    assert long == []


def test_names_use_the_words_of_the_glossary() -> None:
    refused = words_the_glossary_refuses()
    assert "slot" in refused

    wrong = [
        f"{source.name}:{line} {name}: say {term!r}, not {synonym!r}"
        for source in sources()
        for name, line in defined_names(source)
        for synonym, term in refused.items()
        if says(name, synonym) and not name.startswith("__")
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("name", "synonym", "found"),
    [
        ("slot_start", "slot", True),
        ("firstSlot", "slot", True),
        ("task", "ask", False),
        ("grid_fee_micro", "grid_fee", True),
        ("GridFee", "grid_fee", True),
        ("network_fee", "grid_fee", False),
    ],
)
def test_a_synonym_is_found_as_whole_words(
    name: str, synonym: str, *, found: bool
) -> None:
    assert says(name, synonym) is found


def findings(pattern: re.Pattern[str]) -> list[str]:
    """Return file and line of every match in the project's text files."""
    return [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in project_files()
        if (text := text_of(path)) is not None
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(("word", "better"), BETTER_WORDS.items())
def test_plain_words_are_used(word: str, better: str) -> None:
    english = [
        line
        for line in findings(re.compile(rf"\b{word}", re.IGNORECASE))
        if not line.startswith(OTHER_LANGUAGES)
    ]

    assert english == [], f"write {better!r}"


def test_nothing_is_left_unfinished() -> None:
    assert findings(UNFINISHED) == []


def test_no_file_knows_somebodys_machine() -> None:
    assert findings(SOMEBODYS_MACHINE) == []


def test_no_file_knows_a_package_index() -> None:
    locks = [path for path in project_files() if path.parent.name == "requirements"]
    assert locks

    assert findings(PACKAGE_INDEX) == []
    assert [path.name for path in locks if "://" in path.read_text()] == []


def test_nothing_large_is_kept() -> None:
    large = [
        f"{path.relative_to(ROOT)}: {size} bytes"
        for path in project_files()
        if (size := path.stat().st_size) > BLOB_BYTES_MAX
    ]

    assert large == []


def test_every_module_of_the_component_is_used() -> None:
    used = {
        name
        for source in sources()
        if not source.path.is_relative_to(ROOT / "tests")
        for name in imports_of(source)
    }
    dead = [
        source.name
        for source in component_sources()
        if source.path.stem != "__init__"
        and source.module not in used
        and not FOUND_BY_NAME.match(source.module)
    ]

    assert dead == []


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    manifest = json.loads((COMPONENT / "manifest.json").read_text())
    newest = re.search(
        r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )

    assert newest is not None
    assert project["version"] == manifest["version"] == newest[1]


def test_commands_can_be_run() -> None:
    folders = (ROOT / "script", ROOT / "script/verify.d", ROOT / ".ci")
    asleep = [
        str(path.relative_to(ROOT))
        for path in project_files()
        if path.parent in folders
        and path.suffix != ".sh"
        and not (path.stat().st_mode & 0o111 and path.read_text().startswith("#!"))
    ]

    assert asleep == []


def links(page: Path) -> Iterator[str]:
    """Yield every link of a page to another file of the checkout."""
    for target in re.findall(
        r"\]\(([^)\s]+)\)|src(?:set)?=\"([^\"]+)\"", page.read_text()
    ):
        address = (target[0] or target[1]).partition("#")[0]
        if address and "://" not in address and not address.startswith("mailto:"):
            yield address


def test_links_between_pages_lead_somewhere() -> None:
    pages = [path for path in project_files() if path.suffix == ".md"]
    assert pages

    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in links(page)
        if not (page.parent / link).exists()
    ]

    assert broken == []
