"""One delivery period of three homes, word for word.

``COMMONWATT_REWRITE=1 pytest tests/engine/node/test_one_period.py`` writes the script
anew.  Only commit the change if you understand what caused it.
"""

import os
from pathlib import Path

from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street

SCRIPT = Path(__file__).parent / "one_period.txt"


def test_three_homes_trade_for_one_period() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST, before_start_ms=7 * MINUTE_MS)
    street.log.clear()
    street.run_until(FIRST)
    traded = tuple(street.log)
    street.run(after(FIRST.end, -1))
    street.log.clear()
    street.run(FIRST.end)
    script = "".join(f"{line}\n" for line in (*traded, *street.log))
    if os.environ.get("COMMONWATT_REWRITE"):
        SCRIPT.write_text(script)

    assert script == SCRIPT.read_text()
