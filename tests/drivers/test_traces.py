"""A folder of recordings is read, or refused with the reason and the place."""

from pathlib import Path

import pytest

from custom_components.commonwatt.drivers import traces as reader
from custom_components.commonwatt.drivers.traces import (
    TracesError,
    TracesReason,
    read_traces,
)
from custom_components.commonwatt.engine.model.period import DAY_MS, HOUR_MS, MINUTE_MS

MONDAY_S = 18_673 * DAY_MS // 1000
HOURLY = [(MONDAY_S + 3_600 * n, str(100 + n)) for n in range(24 * 7)]


def write(path: Path, rows: list[tuple[object, object]]) -> None:
    """Write a series."""
    lines = [f"{time},{value}" for time, value in rows]
    path.write_text("\n".join(["timestamp,electricity", *lines]) + "\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A week of one household and one roof."""
    write(tmp_path / "hh_1.csv", [*HOURLY])
    sun = [(float(time), n % 24 / 48) for n, (time, _) in enumerate(HOURLY)]
    write(tmp_path / "pv_1_pu.csv", [*sun])
    write(tmp_path / "retailer_energy.csv", [("anything", "at all")])
    return tmp_path


def refusal(folder: Path) -> tuple[TracesReason, str]:
    """Return why the folder is refused, and where."""
    with pytest.raises(TracesError) as caught:
        read_traces(folder)
    assert caught.value.where in str(caught.value)
    return caught.value.reason, caught.value.where


def test_a_week_is_read(folder: Path) -> None:
    traces = read_traces(folder)

    (household,), (sun,) = traces.households, traces.solar
    assert household.name == "hh_1.csv"
    assert household.interval_ms == HOUR_MS
    assert len(household.days) == 7
    assert household.at(day=1, since_midnight_ms=2 * HOUR_MS).value == 100 + 26
    assert sun.at(day=1, since_midnight_ms=12 * HOUR_MS).value == 250_000


def test_a_whole_recorded_neighbourhood_is_read(data_dir: Path) -> None:
    traces = read_traces(data_dir / "homes" / "hamlet_15min")

    assert (len(traces.households), len(traces.solar)) == (5, 3)
    for recording in (*traces.households, *traces.solar):
        assert recording.interval_ms == 15 * MINUTE_MS
        assert len(recording.days) == 42
        assert not any(sample.is_estimated for day in recording.days for sample in day)
    assert all(
        recording.at(day=day, since_midnight_ms=HOUR_MS).value == 0
        for recording in traces.solar
        for day in range(42)
    )
    # 22 February 2021, 12:00 UTC, as it stands in the file.
    first = next(one for one in traces.households if one.name == "hh_3125_0.csv")
    text = (data_dir / "homes" / "hamlet_15min" / "hh_3125_0.csv").read_text()
    expected = next(line for line in text.splitlines() if line[:10] == "1613995200")
    assert first.at(day=7, since_midnight_ms=12 * HOUR_MS).value == int(expected[11:])


@pytest.mark.parametrize("text", ["", "nan", " NaN ", "null", "None"])
def test_missing_values_are_gaps_and_not_zero(folder: Path, text: str) -> None:
    rows = [*HOURLY]
    rows[30] = (rows[30][0], text)
    write(folder / "hh_1.csv", [*rows])

    sample = read_traces(folder).households[0].at(day=1, since_midnight_ms=6 * HOUR_MS)

    assert (sample.value, sample.is_estimated) == (106, True)


def test_missing_lines_are_gaps_too(folder: Path) -> None:
    write(folder / "hh_1.csv", [*HOURLY[:30], *HOURLY[33:]])

    recording = read_traces(folder).households[0]

    hours = [recording.at(day=1, since_midnight_ms=h * HOUR_MS) for h in range(5, 10)]
    assert [sample.is_estimated for sample in hours] == [False, True, True, True, False]
    assert hours[-1].value == 100 + 33


def test_blank_lines_and_short_rows_are_tolerated(folder: Path) -> None:
    path = folder / "hh_1.csv"
    lines = path.read_text().splitlines()
    lines[31] = lines[31].partition(",")[0]
    path.write_text("\n".join([*lines[:40], "", *lines[40:]]))

    recording = read_traces(folder).households[0]

    assert recording.at(day=1, since_midnight_ms=6 * HOUR_MS).is_estimated


def test_a_little_consumption_of_the_inverter_at_night_is_no_sun(folder: Path) -> None:
    write(folder / "pv_1_pu.csv", [(time, -0.002) for time, _ in HOURLY])

    assert read_traces(folder).solar[0].at(day=0, since_midnight_ms=0).value == 0


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"

    assert refusal(missing) == (TracesReason.NO_FOLDER, str(missing))


def test_an_empty_folder_has_no_household(tmp_path: Path) -> None:
    reason, where = refusal(tmp_path)

    assert reason is TracesReason.NO_HOUSEHOLD
    assert where.endswith("hh_*.csv")


def test_households_alone_have_no_sun(folder: Path) -> None:
    (folder / "pv_1_pu.csv").unlink()

    assert refusal(folder)[0] is TracesReason.NO_SUN


@pytest.mark.parametrize("value", ["-1", "x", "1e9", "inf", "0x10", "12 W"])
def test_values_no_household_has_are_refused_with_their_line(
    folder: Path, value: str
) -> None:
    rows = [*HOURLY]
    rows[2] = (rows[2][0], value)
    write(folder / "hh_1.csv", [*rows])

    reason, where = refusal(folder)

    assert reason is TracesReason.BAD_VALUE
    assert where.endswith("hh_1.csv:4")


@pytest.mark.parametrize("value", ["-0.5", "7", "-inf"])
def test_suns_that_are_not_per_unit_are_refused(folder: Path, value: str) -> None:
    write(folder / "pv_1_pu.csv", [(MONDAY_S, value), *HOURLY[1:]])

    assert refusal(folder)[0] is TracesReason.BAD_VALUE


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(["noon", "later"], id="words"),
        pytest.param(["nan", "inf"], id="no numbers"),
        pytest.param([-5, 5], id="before the epoch"),
        pytest.param([MONDAY_S, MONDAY_S], id="twice"),
        pytest.param([MONDAY_S + 900, MONDAY_S], id="backwards"),
        pytest.param([MONDAY_S], id="once"),
        pytest.param([MONDAY_S, MONDAY_S + 900, MONDAY_S + 1_030], id="uneven"),
        pytest.param([MONDAY_S + 1, MONDAY_S + 901], id="beside the clock"),
        pytest.param([MONDAY_S, MONDAY_S + 700], id="no part of a day"),
    ],
)
def test_times_that_make_no_series_are_refused(
    folder: Path, times: list[object]
) -> None:
    write(folder / "hh_1.csv", [(time, 1) for time in times])

    assert refusal(folder)[0] is TracesReason.BAD_TIME


def test_series_of_different_weeks_have_no_common_day(folder: Path) -> None:
    write(folder / "hh_2.csv", [(time + 86_400 * 30, value) for time, value in HOURLY])

    assert refusal(folder)[0] is TracesReason.NO_COMMON_DAY


def test_a_silent_series_is_refused(folder: Path) -> None:
    write(folder / "hh_2.csv", [(time, "") for time, _ in HOURLY])

    reason, where = refusal(folder)

    assert reason is TracesReason.NOTHING_RECORDED
    assert "hh_2.csv" in where


def test_what_is_no_text_is_unreadable(folder: Path) -> None:
    (folder / "hh_1.csv").write_bytes(b"timestamp,electricity\n\xff\xfe\x00,1\n")

    assert refusal(folder)[0] is TracesReason.UNREADABLE


def test_a_folder_called_like_a_series_is_unreadable(folder: Path) -> None:
    (folder / "hh_0.csv").mkdir()

    assert refusal(folder)[0] is TracesReason.UNREADABLE


def test_everything_has_a_bound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "ROWS_MAX", 24)
    assert refusal(folder)[0] is TracesReason.TOO_LARGE

    write(
        folder / "hh_1.csv", [(MONDAY_S, 1), (MONDAY_S + 1, 1), (MONDAY_S + 86_400, 1)]
    )
    assert refusal(folder)[0] is TracesReason.TOO_LARGE

    monkeypatch.setattr(reader, "FILES_MAX", 0)
    assert refusal(folder)[0] is TracesReason.TOO_LARGE
