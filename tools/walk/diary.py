"""What was seen on the walk: one line for each thing that was checked."""

from dataclasses import dataclass, field
import time


class WalkError(Exception):
    """Something is not as a user may expect it."""


@dataclass(slots=True)
class Diary:
    """Prints what was checked, and counts it."""

    began_at: float = field(default_factory=time.monotonic)
    checks: int = 0

    @property
    def seconds(self) -> float:
        """How long the walk has taken so far."""
        return time.monotonic() - self.began_at

    def chapter(self, title: str) -> None:
        """Begin something new."""
        print(f"\n{title}  [{self.seconds:.0f} s]", flush=True)

    def saw(self, what: str) -> None:
        """Note what was found to be as it should."""
        self.checks += 1
        print(f"  + {what}", flush=True)

    def expect(self, what: str, *, holds: bool, found: object = None) -> None:
        """Note ``what`` if it holds; WalkError with what was found if it does not."""
        if not holds:
            raise WalkError(f"not so: {what}" + (f"; found {found}" if found else ""))
        self.saw(what)
