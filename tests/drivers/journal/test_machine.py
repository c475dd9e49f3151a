"""Any mixture of writing, reading, closing and crashing agrees with a plain list."""

from pathlib import Path
import shutil
import tempfile
from typing import override

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from custom_components.commonwatt.drivers.journal import SQLiteJournal, inspect
from custom_components.commonwatt.engine.ledger.journal import JournalEntry
from tests.drivers.journal.journals import NAME, NOW, crash_image, entries


class JournalMachine(RuleBasedStateMachine):
    """A journal beside the list it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.lives = 0
        self.path = self.root / NAME
        self.model: list[JournalEntry] = []
        self.open()

    def open(self) -> None:
        """Open the journal; there is never any damage."""
        result = SQLiteJournal.open(self.path, now=NOW)
        assert result.damaged is None
        self.journal = result.journal

    @rule(count=st.integers(0, 9))
    def append(self, count: int) -> None:
        """Write some entries."""
        more = entries(count, first=len(self.model))
        self.journal.append(more)
        self.model += more

    @rule()
    def close_and_open(self) -> None:
        """Stop and start."""
        self.journal.close()
        self.open()

    @rule()
    def crash(self) -> None:
        """Go on with what was on disk at this instant."""
        self.lives += 1
        path = crash_image(self.path, self.root / str(self.lives))
        self.journal.close()
        self.path = path
        self.open()

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def read_from_the_middle(self, data: st.DataObject) -> None:
        """Read from any entry on."""
        first = data.draw(st.integers(0, len(self.model)))
        assert list(self.journal.entries(first=first)) == self.model[first:]

    @invariant()
    def the_head_is_right(self) -> None:
        """Compare with what a stranger would find."""
        inspection = inspect(self.path)
        assert inspection.damage is None
        assert inspection.count == self.journal.count == len(self.model)
        assert inspection.head == self.journal.head

    @override
    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.root)


JournalMachine.TestCase.settings = settings(
    max_examples=20, stateful_step_count=15, deadline=None
)
TestJournalMachine = JournalMachine.TestCase
