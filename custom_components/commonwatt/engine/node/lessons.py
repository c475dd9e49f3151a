"""What a home brings to the sums of its community: vectors, never rows or readings."""

from dataclasses import dataclass

from ..forecast.load import Experience, Floats, Prior, first_coefficients


@dataclass(frozen=True, slots=True, eq=False)
class LoadLesson:
    """What a home teaches about its load: products of its rows."""

    experience: Experience

    def contribution(
        self,
        week: int,  # noqa: ARG002  # of whatever week: the days are its own
        step: int,
        before: Floats | None,
    ) -> Floats | None:
        """Return the products at the coefficients that follow from the sum before."""
        if step == 0:
            return self.experience.contribution(first_coefficients())
        prior = None if before is None else Prior.from_sum(before)
        if prior is None:
            return None
        return self.experience.contribution(prior.coefficients)


@dataclass(frozen=True, slots=True, eq=False)
class SunLesson:
    """What its panels gave on one day, in shares of the most they give."""

    day: int
    """Days since the epoch, UTC."""

    shares: Floats

    def contribution(
        self,
        week: int,
        step: int,  # noqa: ARG002  # there is but one
        before: Floats | None,  # noqa: ARG002
    ) -> Floats | None:
        """Return the day if it is yesterday; what is older misleads the others."""
        return self.shares if week == self.day + 1 else None
