"""How many frames a client may send."""

from remote_mixer.web.bucket import Bucket


def test_a_burst_is_heard_and_then_so_many_a_second() -> None:
    bucket = Bucket(0.0)
    assert sum(bucket.take(0.0) for _ in range(600)) == Bucket.BURST
    assert sum(bucket.take(1.0) for _ in range(300)) == Bucket.RATE


def test_a_hand_that_moves_four_faders_as_fast_as_a_screen_is_never_refused() -> None:
    bucket = Bucket(0.0)
    assert all(bucket.take(move / 240) for move in range(24_000))


def test_the_first_refusal_is_told_once_and_many_in_a_row_are_a_flood() -> None:
    bucket = Bucket(0.0)
    told = overdrawn = 0
    for _ in range(Bucket.BURST + Bucket.REFUSED + 10):
        if not bucket.take(0.0):
            told += bucket.just_empty
            overdrawn += bucket.just_overdrawn
    assert (told, overdrawn) == (1, 1)
    assert not bucket.take(1000.0)


def test_who_calms_down_is_forgiven() -> None:
    bucket = Bucket(0.0)
    for round_number in range(5):
        refused = [not bucket.take(10.0 * round_number) for _ in range(Bucket.BURST + 300)]
        assert sum(refused) == 300
        assert not bucket.just_overdrawn
