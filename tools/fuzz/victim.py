"""One target under atheris: ``python -m tools.fuzz.victim TARGET CORPUS SECONDS``."""

import sys

import atheris  # type: ignore[import-untyped]  # in a venv of its own, script/fuzz

with atheris.instrument_imports(include=["custom_components"]):
    from .targets import TARGETS

SIZE_MAX = 140_000


def main() -> None:
    """Fuzz until the time is over; libFuzzer ends the process itself."""
    target, corpus, seconds = sys.argv[1:]
    read = TARGETS[target]
    options = [sys.argv[0], f"-max_total_time={seconds}", f"-max_len={SIZE_MAX}"]
    atheris.Setup([*options, "-timeout=5", corpus], lambda data: read(data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
