"""Breaks the contracts on purpose, one way at a time: forge has to notice each.

Usage: script/contracts mutants [NAME ...]
A mutant that survives says that nothing tests what it breaks; then this exits with 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import os
from pathlib import Path
import shutil
import subprocess
import sys
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
CONTRACTS: Final = ROOT / "contracts"
FORGE: Final = "node_modules/@foundry-rs/forge-linux-amd64/bin/forge"
SEED: Final = "0x1"
"""The invariants' dice fall the same way each time."""

WATCHES: Final = "UnbackedTest|BackedTest|SettlementTest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One thing that is wrong with one contract."""

    contract: str
    right: str
    """Stands in the source exactly once."""

    wrong: str


MUTANTS: Final[Mapping[str, Mutant]] = {
    "a claim is not written down": Mutant(
        contract="Settlement",
        right="ledger.claimed = uint64(claimed + amount);",
        wrong="",
    ),
    "more is released than is covered": Mutant(
        contract="Settlement",
        right=">= int256(uint256(balance.released));",
        wrong=">= 0;",
    ),
    "a day can be settled twice": Mutant(
        contract="Settlement",
        right="|| batch.day <= head.standingDay",
        wrong="|| batch.day < head.standingDay",
    ),
    "a certificate can be brought twice": Mutant(
        contract="Certificates",
        right="if (claimedWh[origin.certificate] != 0) revert AlreadyClaimed();",
        wrong="",
    ),
    "what a home signed can be sent twice": Mutant(
        contract="Credit",
        right="_useNonce(owner)",
        wrong="nonces(owner)",
    ),
    "what a home signed can be sent too late": Mutant(
        contract="Credit",
        right="if (block.timestamp > deadline) revert Expired();",
        wrong="",
    ),
    "what a home only allowed is paid in": Mutant(
        contract="Settlement",
        right="if (CREDIT.allowance(owner, address(this)) != amount) "
        "revert NotPermitted();",
        wrong="",
    ),
    "a deposit makes too much credit": Mutant(
        contract="Credit",
        right="_mint(to, amount);",
        wrong="_mint(to, amount + 1);",
    ),
}


def main() -> int:
    """Try the mutants that are named, or all of them."""
    survivors = []
    for name in sys.argv[1:] or MUTANTS:
        is_noticed = noticed(MUTANTS[name])
        print(f"{'noticed ' if is_noticed else 'SURVIVES'}  {name}", file=sys.stderr)
        if not is_noticed:
            survivors.append(name)
    return int(bool(survivors))


def noticed(mutant: Mutant) -> bool:
    """Tell whether forge's tests fail for a contract that is broken but compiles."""
    with TemporaryDirectory() as folder:
        broken = Path(folder)
        for name in ("src", "test"):
            shutil.copytree(CONTRACTS / name, broken / name)
        for name in ("foundry.toml", "solc-native.mjs", "package.json", "node_modules"):
            (broken / name).symlink_to(CONTRACTS / name)
        source = broken / "src" / f"{mutant.contract}.sol"
        text = source.read_text()
        assert text.count(mutant.right) == 1, f"{mutant.right!r} stands there once"
        source.write_text(text.replace(mutant.right, mutant.wrong))
        if _forge(broken, "build").returncode:
            raise RuntimeError(f"{mutant.wrong!r} does not compile")
        tested = _forge(
            broken, "test", "--match-contract", WATCHES, "--fuzz-seed", SEED
        )
        return tested.returncode != 0


def _forge(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "FOUNDRY_PROFILE": "analyse"}
    return subprocess.run(
        [FORGE, *arguments],
        cwd=folder,
        env=around,
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
