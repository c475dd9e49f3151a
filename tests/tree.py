"""The checkout as the tidiness and packaging tests see it: files, sources, names."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
import subprocess
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
COMPONENT: Final = ROOT / "custom_components" / "commonwatt"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is or is about to be under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  # whichever git is there
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = (ROOT / name for name in sorted(listed.split("\0")) if name)
    return tuple(path for path in paths if path.is_file())


def text_of(path: Path) -> str | None:
    """Return the text of a file, or None for a picture and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One Python file, parsed."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Path below the root, for messages."""
        return str(self.path.relative_to(ROOT))

    @property
    def module(self) -> str:
        """Dotted name, as an import would say it."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the project."""
    found = []
    for path in project_files():
        if path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            found.append(Source(path=path, text=text, tree=ast.parse(text)))
    return tuple(found)


def component_sources() -> Iterator[Source]:
    """Every Python file that a home installs."""
    return (source for source in sources() if source.path.is_relative_to(COMPONENT))


def imports_of(source: Source) -> Iterator[str]:
    """Yield the dotted name of every module a file imports, and of every name in it.

    ``from a import b`` yields ``a`` and ``a.b``, since b may be a module.
    """
    package = source.module.split(".")
    if source.path.stem != "__init__":
        package = package[:-1]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *(node.module.split(".") if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def absolute_imports_of(source: Source) -> Iterator[str]:
    """Yield the modules a file imports by their full names, not relatively."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case _:
                pass
