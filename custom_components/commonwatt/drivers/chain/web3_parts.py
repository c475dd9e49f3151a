"""What web3.py does for us: JSON-RPC over HTTP, and the codec of our interfaces.

The only module that imports web3, which takes a second and tens of megabytes: import it
in the chain's own thread, when a chain is configured and not before.
"""

from collections.abc import Callable, Sequence
import json
from pathlib import Path
from typing import Final, TypedDict

from eth_abi.exceptions import DecodingError
from eth_typing import ABI, ABIError, HexStr
from eth_utils.abi import filter_abi_by_type, get_abi_output_types
from requests import HTTPError, RequestException
from web3 import HTTPProvider, Web3
from web3.contract import Contract
from web3.exceptions import Web3Exception
from web3.types import RPCEndpoint, RPCResponse

from ...engine.wire.ethereum import address_from
from .errors import ChainError, ChainFault, NoAnswerError, NoBatchError, RPCError
from .values import AbiValue, ContractName, Json, Request

ARTIFACTS: Final = Path(__file__).parent / "artifacts"
TIMEOUT_S: Final = 15
SELECTOR_BYTES: Final = 4
RATE_LIMITED: Final = (-32005, 429)
BATCHES_REFUSED: Final = frozenset({400, 403, 405, 413, 415, 422})
"""How servers answer an array where they expect one question."""


class Artifact(TypedDict):
    """What the compiler made of a contract."""

    abi: ABI
    bytecode: HexStr


class Web3Transport:
    """One endpoint over HTTP; never tries again by itself, that is the caller's."""

    def __init__(self, url: str) -> None:
        """Connect at the first question."""
        self._provider: Final = HTTPProvider(
            url,
            request_kwargs={"timeout": TIMEOUT_S},
            exception_retry_configuration=None,
        )

    def request(self, method: str, parameters: Sequence[Json]) -> Json:
        """Return the result; blocks.  Raises RPCError and NoAnswerError."""
        try:
            answer = self._provider.make_request(RPCEndpoint(method), list(parameters))
        except (RequestException, Web3Exception, ValueError, OSError) as err:
            # Its text may hold the address, and the address a key of its owner's.
            raise NoAnswerError(type(err).__name__) from err
        return _result(answer)

    def request_all(self, requests: Sequence[Request]) -> list[Json]:
        """Return all results, asked for at once; RPCError is the first one's error.

        Raises NoBatchError where only one question is taken at a time.
        """
        asked = [(RPCEndpoint(method), list(given)) for method, given in requests]
        try:
            answers = self._provider.make_batch_request(asked)
        except HTTPError as err:
            if err.response is not None and err.response.status_code in BATCHES_REFUSED:
                raise NoBatchError from err
            raise NoAnswerError(type(err).__name__) from err
        except (RequestException, Web3Exception, ValueError, OSError) as err:
            raise NoAnswerError(type(err).__name__) from err
        if not isinstance(answers, list):
            raise _no_batch(json.loads(json.dumps(answers)))
        if len(answers) != len(requests):
            raise NoBatchError
        return [_result(answer) for answer in answers]


class Web3Codec:
    """The interfaces of all our contracts."""

    def __init__(self) -> None:
        """Read the artifacts; blocks."""
        web3 = Web3()
        artifacts = {name: _artifact(name) for name in ContractName}
        self._codec: Final = web3.codec
        self._keccak: Final[Callable[..., bytes]] = Web3.keccak
        self._contracts: Final[dict[ContractName, type[Contract]]] = {
            name: web3.eth.contract(abi=found["abi"], bytecode=found["bytecode"])
            for name, found in artifacts.items()
        }
        self._templates: Final = {
            name: bytes.fromhex(found["bytecode"].removeprefix("0x"))
            for name, found in artifacts.items()
        }
        self._errors: Final = {
            self._selector(entry): entry["name"]
            for found in artifacts.values()
            for entry in filter_abi_by_type("error", found["abi"])
        }

    def encode(
        self, contract: ContractName, function: str, *arguments: AbiValue
    ) -> bytes:
        """Return the data of a call."""
        data = self._contracts[contract].encode_abi(function, list(arguments))
        return bytes.fromhex(data.removeprefix("0x"))

    def creation(self, contract: ContractName, *arguments: AbiValue) -> bytes:
        """Return the data that makes a contract."""
        data = self._contracts[contract].constructor(*arguments).data_in_transaction
        return bytes.fromhex(data.removeprefix("0x"))

    def decode(
        self, contract: ContractName, function: str, answer: bytes
    ) -> tuple[AbiValue, ...]:
        """Return the results of a function; BAD_ANSWER if they are none."""
        element = self._contracts[contract].get_function_by_name(function).abi
        types = get_abi_output_types(element)
        try:
            values = self._codec.decode(types, answer)
        except DecodingError as err:
            raise ChainError(ChainFault.BAD_ANSWER, f"{contract}.{function}") from err
        return tuple(map(_ours, types, values, strict=True))

    def error_name(self, data: bytes) -> str:
        """Return the name of the error a contract reverted with."""
        selector = data[:SELECTOR_BYTES]
        return self._errors.get(selector, f"0x{selector.hex()}")

    def template(self, contract: ContractName) -> bytes:
        """Return the code that makes a contract, without its arguments."""
        return self._templates[contract]

    def _selector(self, entry: ABIError) -> bytes:
        types = ",".join(argument["type"] for argument in entry["inputs"])
        return bytes(self._keccak(text=f"{entry['name']}({types})")[:SELECTOR_BYTES])


def _artifact(name: ContractName) -> Artifact:
    found: Artifact = json.loads((ARTIFACTS / f"{name}.json").read_text())
    return found


def _ours(kind: str, value: AbiValue) -> AbiValue:
    """Return addresses as the bytes they are."""
    if kind == "address" and isinstance(value, str):
        return address_from(value)
    if kind == "address[]" and isinstance(value, Sequence):
        return tuple(_ours("address", one) for one in value)
    return value


def _result(answer: RPCResponse) -> Json:
    if "error" in answer:
        raise _error(json.loads(json.dumps(answer["error"])))
    if "result" not in answer:
        raise NoAnswerError("neither a result nor an error")
    result: Json = answer["result"]
    return result


def _no_batch(answer: Json) -> NoBatchError | NoAnswerError:
    """Return what it means that one answer came where several were asked for."""
    if not isinstance(answer, dict):
        return NoAnswerError("no answer of JSON-RPC")
    failure = _error(answer.get("error"))
    return failure if isinstance(failure, NoAnswerError) else NoBatchError()


def _error(error: Json) -> RPCError | NoAnswerError:
    if not isinstance(error, dict):
        return RPCError(str(error))
    if error.get("code") in RATE_LIMITED:
        return NoAnswerError("asked too often")
    return RPCError(str(error.get("message")), _revert_data(error.get("data")))


def _revert_data(data: Json) -> bytes | None:
    """Return what a contract reverted with; nodes wrap it in different ways."""
    if isinstance(data, dict):
        return _revert_data(data.get("data"))
    if isinstance(data, str) and data.startswith("0x"):
        try:
            return bytes.fromhex(data[2:]) or None
        except ValueError:
            return None
    return None
