"""Votes and motions of a home: asked of its node, refusals put into words."""

from collections.abc import Mapping
from typing import Final

from homeassistant.exceptions import ServiceValidationError

from ..actions.common import ask
from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from ..engine.model.community import DIGEST_BYTES
from ..engine.node import Hindered, Obstacle

OBSTACLES: Final[Mapping[Obstacle, str]] = {
    Obstacle.NOT_A_MEMBER: "refused_not_a_member",
    Obstacle.WAKING: "hindered_waking",
    Obstacle.NO_SUCH_MOTION: "hindered_no_such_motion",
    Obstacle.VOTED_ALREADY: "hindered_voted_already",
    Obstacle.TOO_LATE: "hindered_too_late",
    Obstacle.OUT_OF_BOUNDS: "refused_out_of_bounds",
    Obstacle.DOES_NOT_FIT: "hindered_does_not_fit",
    Obstacle.LAST_MEMBER: "hindered_last_member",
}


async def cast(entry: CommonWattConfigEntry, motion: str, *, in_favour: bool) -> None:
    """Vote on a motion in the name of a home.

    Raises:
        ServiceValidationError: the vote does not count; the text says why.
        HomeAssistantError: the node has stopped.
    """
    digest = _digest(motion)
    unhindered(
        await ask(
            entry,
            lambda node, now: node.community.vote(digest, now, in_favour=in_favour),
        )
    )


def unhindered[Answer](answer: Answer | Hindered) -> Answer:
    """Return what was carried out.

    Raises:
        ServiceValidationError: it was not; the text says why.
    """
    if isinstance(answer, Hindered):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key=OBSTACLES[answer.obstacle]
        )
    return answer


def _digest(motion: str) -> bytes:
    try:
        digest = bytes.fromhex(motion)
    except ValueError:
        digest = b""
    if len(digest) != DIGEST_BYTES:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=OBSTACLES[Obstacle.NO_SUCH_MOTION],
        )
    return digest
