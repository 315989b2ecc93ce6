"""Cookies: only those with our signature, bit for bit, are valid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from remote_mixer.people import cookies as module
from remote_mixer.people.cookies import COOKIE_SECONDS, Cookies
from remote_mixer.people.identifiers import new_secret
from tests.people.admissions import Clock

KEY = bytes(range(32))
SECRET = "AbCdEfGhIjKlMnOpQrStUv"


def cookies(key: bytes = KEY, clock: Clock | None = None) -> Cookies:
    return Cookies(key, clock or Clock())


def test_a_signed_secret_is_read() -> None:
    secret = new_secret()
    assert cookies().read(cookies().sign(secret)) == secret


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_every_flipped_bit_is_refused(place: int, flip: int) -> None:
    value = bytearray(cookies().sign(SECRET).encode())
    value[place % len(value)] ^= flip
    assert cookies().read(value.decode("latin-1")) is None


@settings(deadline=None)
@given(st.integers(0, 93))
def test_a_cookie_cut_short_is_refused(length: int) -> None:
    assert cookies().read(cookies().sign(SECRET)[:length]) is None


@settings(deadline=None)
@given(st.text(min_size=1, max_size=8), st.booleans())
def test_a_cookie_with_text_before_or_after_it_is_refused(more: str, before: bool) -> None:
    value = cookies().sign(SECRET)
    assert cookies().read(more + value if before else value + more) is None


@settings(deadline=None)
@given(st.text())
def test_arbitrary_text_is_refused(value: str) -> None:
    assert cookies().read(value) is None


def test_a_cookie_signed_with_another_key_is_refused() -> None:
    assert cookies().read(cookies(bytes(32)).sign(SECRET)) is None


@pytest.mark.parametrize("version", ["remote-mixer.session.0", module.DEVICE_VERSION, ""])
def test_a_cookie_of_another_version_or_kind_is_refused(version: str) -> None:
    assert cookies().read(Cookies(KEY, Clock(), version).sign(SECRET)) is None


def test_a_value_signed_with_the_same_key_in_another_way_is_refused() -> None:
    assert cookies().read(TimestampSigner(KEY).sign(SECRET).decode()) is None
    assert cookies().read(str(URLSafeTimedSerializer(KEY).dumps(SECRET))) is None


def test_a_cookie_ends_after_30_days() -> None:
    clock = Clock()
    jar = cookies(clock=clock)
    value = jar.sign(SECRET)
    clock.now += COOKIE_SECONDS
    assert jar.read(value) == SECRET
    clock.now += 1
    assert jar.read(value) is None


def test_a_computer_whose_clock_starts_in_the_past_still_accepts_its_cookies() -> None:
    clock = Clock()
    value = cookies(clock=clock).sign(SECRET)
    clock.now -= 365 * 24 * 3600
    assert cookies(clock=clock).read(value) == SECRET
