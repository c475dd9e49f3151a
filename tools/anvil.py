"""A chain on this machine: anvil from npm, contracts deployed from our artifacts.

For tests, benchmarks and the demo.  Its accounts have coins and are unlocked; its clock
goes where it is told.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import json
from os import pread
from pathlib import Path
import re
import subprocess
from tempfile import TemporaryFile
from time import sleep
from typing import IO, Final, TypedDict

from eth_typing import ABI, ChecksumAddress, HexStr
from web3 import Web3
from web3.contract import Contract
from web3.contract.contract import ContractFunction
from web3.exceptions import ContractCustomError
from web3.types import RPCEndpoint, TxParams, TxReceipt, Wei

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.wire.ethereum import Address, checksummed
from custom_components.commonwatt.engine.wire.keccak import keccak256

ROOT: Final = Path(__file__).resolve().parent.parent
ARTIFACTS: Final = ROOT / "custom_components/commonwatt/drivers/chain/artifacts"
ANVIL: Final = ROOT / "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
GAS_LIMIT: Final = 60_000_000
SAID_BYTES_MAX: Final = 65_536
SELECTOR_CHARACTERS: Final = 10
_LISTENING: Final = re.compile(rb"Listening on ([\d.]+:\d+)")


class Artifact(TypedDict):
    """What the compiler made of a contract."""

    abi: ABI
    bytecode: HexStr


def artifact(name: str) -> Artifact:
    """Read the interface and the code of one of our contracts."""
    found: Artifact = json.loads((ARTIFACTS / f"{name}.json").read_text())
    return found


class Refused(Exception):  # noqa: N818  # the contract's word, not an error of ours
    """A contract refused a call; the message is the name of its error."""


class Chain:
    """An anvil that listens at ``url``."""

    def __init__(self, url: str) -> None:
        """Talk to it; its first account sends what nobody else does."""
        self.url: Final = url
        self.web3: Final = Web3(Web3.HTTPProvider(url, request_kwargs={"timeout": 30}))
        self.sender: Final[ChecksumAddress] = self.web3.eth.accounts[0]
        self.chain_id: Final = self.web3.eth.chain_id
        self._errors: Final[dict[str, str]] = {}

    @property
    def now(self) -> int:
        """Seconds since the epoch in the newest block."""
        return self.web3.eth.get_block("latest")["timestamp"]

    def deploy(self, name: str, *arguments: object) -> Contract:
        """Deploy one of our contracts."""
        found = artifact(name)
        self.learn_errors(found["abi"])
        factory = self.web3.eth.contract(abi=found["abi"], bytecode=found["bytecode"])
        deployed = factory.constructor(*arguments).transact(
            {"from": self.sender, "gas": GAS_LIMIT}
        )
        receipt = self.web3.eth.wait_for_transaction_receipt(deployed)
        assert receipt["status"] == 1, f"{name} could not be deployed"
        address = receipt["contractAddress"]
        assert address is not None, "a deployment has an address"
        return self.web3.eth.contract(address=address, abi=found["abi"])

    def at(self, name: str, address: ChecksumAddress) -> Contract:
        """Return one of our contracts that is already there."""
        found = artifact(name)
        self.learn_errors(found["abi"])
        return self.web3.eth.contract(address=address, abi=found["abi"])

    def learn_errors(self, abi: ABI) -> None:
        """Remember the names of a contract's errors by their selectors."""
        for entry in abi:
            if entry["type"] == "error":
                types = ",".join(argument["type"] for argument in entry["inputs"])
                selector = keccak256(f"{entry['name']}({types})".encode())[:4].hex()
                self._errors["0x" + selector] = entry["name"]

    def send(
        self, call: ContractFunction, *, sender: str | None = None, value: int = 0
    ) -> TxReceipt:
        """Have a call mined; Refused if the contract does not want it."""
        options = self._options(sender, value)
        self.ask(call, options)
        receipt = self.web3.eth.wait_for_transaction_receipt(call.transact(options))
        assert receipt["status"] == 1, "what can be called can be mined"
        return receipt

    def ask(self, call: ContractFunction, options: TxParams | None = None) -> object:
        """Return what a call would answer now; Refused if the contract refuses it."""
        try:
            return call.call(options or {})
        except ContractCustomError as err:
            selector = str(err.data)[:SELECTOR_CHARACTERS]
            raise Refused(self._errors.get(selector, selector)) from None

    def travel(self, seconds: int) -> None:
        """Let time pass."""
        self.rpc("evm_increaseTime", [seconds])
        self.rpc("evm_mine", [])

    def travel_to(self, instant: int) -> None:
        """Let time pass until ``instant``, in seconds since the epoch."""
        self.rpc("evm_setNextBlockTimestamp", [instant])
        self.rpc("evm_mine", [])

    def rpc(self, method: str, parameters: Sequence[object]) -> object:
        """Ask anvil something of its own."""
        answer = self.web3.provider.make_request(RPCEndpoint(method), list(parameters))
        assert "error" not in answer, answer
        return answer.get("result")

    def fund(self, address: Address) -> ChecksumAddress:
        """Give an account coins and unlock it; return it as text."""
        text = Web3.to_checksum_address(checksummed(address))
        self.rpc("anvil_setBalance", [text, hex(10**18)])
        self.rpc("anvil_impersonateAccount", [text])
        return text

    def _options(self, sender: str | None, value: int) -> TxParams:
        origin = Web3.to_checksum_address(sender) if sender else self.sender
        return {"from": origin, "gas": GAS_LIMIT, "value": Wei(value)}


@contextmanager
def anvil(*options: str) -> Iterator[Chain]:
    """Run anvil on a free port, from npm; installs it where it is missing."""
    subprocess.run([str(ROOT / "script/contracts"), "install"], check=True)
    command = [str(ANVIL), "--port", "0", "--gas-limit", str(GAS_LIMIT), *options]
    # Into a file: a pipe that nobody empties would stop it in the end.
    with (
        TemporaryFile() as said,
        subprocess.Popen(command, stdout=said) as process,
    ):
        try:
            yield Chain(f"http://{_address_of(process, said)}")
        finally:
            process.terminate()


def _address_of(process: subprocess.Popen[bytes], said: IO[bytes]) -> str:
    """Wait until a starting anvil tells where it listens."""
    while process.poll() is None:
        sleep(0.02)
        found = _LISTENING.search(pread(said.fileno(), SAID_BYTES_MAX, 0))
        if found is not None:
            return found[1].decode()
    raise RuntimeError("anvil ended before it listened")
