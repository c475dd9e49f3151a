"""What follows from all readings together, by the conservation of energy."""

from .image import ProcessImage


def consumption_w(image: ProcessImage) -> int | None:
    """Return what the home uses: import, generation and discharging together.

    None while one of the powers is unknown, or without a meter: a sum with a part
    missing is not a smaller sum.
    """
    if not image.meters:
        return None
    total_w = 0
    parts = (image.meters, image.inverters, image.batteries)
    for power_w in (state.power_w for part in parts for state in part.values()):
        if power_w is None:
            return None
        total_w += power_w
    return total_w
