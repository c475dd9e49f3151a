"""Who counts as online."""

from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.peer import Presence

ME, ANN, BEN = PartyId("00" * 20), PartyId("aa" * 20), PartyId("bb" * 20)


def presence() -> Presence:
    return Presence(me=ME, members=(ME, ANN, BEN), silence=lambda _: 1000)


def test_who_has_not_been_heard_is_not_online_but_oneself_is() -> None:
    assert presence().online == {ME}
    assert presence().deadline() is None


def test_a_member_comes_online_once() -> None:
    members = presence()

    assert members.heard(ANN, Instant(5)) is True
    assert members.heard(ANN, Instant(6)) is False
    assert members.online == {ME, ANN}


def test_a_member_goes_offline_once_and_may_come_back() -> None:
    members = presence()
    members.heard(ANN, Instant(0))
    members.heard(BEN, Instant(400))
    members.heard(ANN, Instant(100))

    assert members.deadline() == 1100
    assert members.silenced(Instant(1099)) == ()
    assert members.silenced(Instant(1400)) == (ANN, BEN)
    assert members.silenced(Instant(1500)) == ()
    assert members.online == {ME}
    assert members.heard(BEN, Instant(1600)) is True


def test_an_older_sign_of_life_changes_nothing() -> None:
    members = presence()
    members.heard(ANN, Instant(500))
    members.heard(ANN, Instant(100))

    assert members.deadline() == 1500


def test_who_joins_or_leaves_changes_how_long_silence_may_be() -> None:
    members = Presence(
        me=ME, members=(ME, ANN, BEN), silence=lambda count: 1000 * count
    )
    members.heard(ANN, Instant(0))
    assert members.silenced(Instant(2000)) == ()

    members.replace([ME, ANN])

    assert members.silenced(Instant(2000)) == (ANN,)


def test_a_member_heard_late_is_missed_in_its_own_time() -> None:
    members = presence()
    members.heard(ANN, Instant(0))
    assert members.silenced(Instant(10)) == ()
    members.heard(BEN, Instant(20))
    members.heard(ANN, Instant(500))

    assert members.silenced(Instant(1019)) == ()
    assert members.silenced(Instant(1020)) == (BEN,)
    assert members.silenced(Instant(1500)) == (ANN,)
