"""The chain: reads from it, and has things done on it exactly once.

Owns connections, transactions, gas and the outbox.  Refuses to say who owes what:
that is the ledger's.  Importing this package loads no web3; opening a home does.
"""

from .batch_state import Head
from .batches import Batches
from .client import ChainClient
from .deploying import DeploymentTerms
from .deployment import Deployment
from .errands import Errands, ErrandState
from .errors import ChainError, ChainFault
from .home import ChainHome, ChainStatus
from .outbox import JobChange
from .outbox_file import Job, JobState
from .relay import Heard, Relay
from .settings import ChainSettings
from .thread import ChainThread
from .votes import CharterOnChain, Poll
from .wallet import WalletState

__all__ = [
    "Batches",
    "ChainClient",
    "ChainError",
    "ChainFault",
    "ChainHome",
    "ChainSettings",
    "ChainStatus",
    "ChainThread",
    "CharterOnChain",
    "Deployment",
    "DeploymentTerms",
    "ErrandState",
    "Errands",
    "Head",
    "Heard",
    "Job",
    "JobChange",
    "JobState",
    "Poll",
    "Relay",
    "WalletState",
]
