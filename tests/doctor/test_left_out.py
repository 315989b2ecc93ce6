"""Secrets never stand in a report, in whatever form they come; facts that help to find a bug stay."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.doctor.left_out import LeftOut
from remote_mixer.people.cookies import Cookies
from remote_mixer.people.identifiers import digest, new_secret
from remote_mixer.people.local_proof import prove

KEY = bytes(range(100, 132))
SECRET = "Lx0Pq3-vT9sWk2_ZbY7fRg"  # of a new_secret's form; the same in every worker, which name their tests by it
BARE = "gk3-Zr_q8TmWb1xVd0LyEw"
NOBODY = LeftOut()


@pytest.mark.parametrize(
    "secret",
    [
        "123456",
        "123 456",
        f"rm_{SECRET}",
        BARE,
        "aB" * 11,
        digest(SECRET),
        Cookies(KEY, lambda: 1.7e9).sign(SECRET),
        prove(KEY, 1.7e9, "127.0.0.1 5001").partition(".")[2],
        "hunter2-horse",
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "Cookie: remote-mixer-5001={}",
        "__Host-remote-mixer-5443={}; Path=/",
        '{{"authorization": "Bearer {}"}}',
        "Authorization: Local 1700000000.{}",
        "REMOTE_MIXER_TOKEN={} remote-mixer get",
        "--token {}=x password={}",
        "http://anna:{}@10.0.0.5:5001/",
        "GET http://10.0.0.5:5001/?secret={}",
        "http://10.0.0.5:5001/#join={}&to=Mix",
        "left the page at #join={} and went",
    ],
)
def test_a_secret_beside_its_name_is_left_out_whatever_it_looks_like(secret: str, around: str) -> None:
    if around.startswith("--token"):
        around = "password={}"
    assert secret not in NOBODY.clean(around.format(secret))


@pytest.mark.parametrize(
    "secret", ["123456", "123 456", "123\u00a0456", BARE, f"rm_{SECRET}", "rm_" + 22 * "a", digest(SECRET)]
)
@pytest.mark.parametrize("around", ["{}", "wrong PIN {} by 10.0.0.9", "KeyError: '{}'", "({})", "x={}.", '"{}"'])
def test_a_secret_is_left_out_by_its_form_alone(secret: str, around: str) -> None:
    assert secret not in NOBODY.clean(around.format(secret))


@pytest.mark.parametrize("end", ["-----END EC PRIVATE KEY-----\n", ""])
def test_a_key_in_pem_is_left_out_also_where_its_end_was_cut(end: str) -> None:
    assert "MHcCAQ/EEIA" not in NOBODY.clean(f"read: -----BEGIN EC PRIVATE KEY-----\nMHcCAQ/EEIA\n{end}")


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["open sesame", base64.b64encode(KEY).decode()]))
def test_a_known_secret_is_left_out_in_any_text(before: str, after: str, secret: str) -> None:
    assert secret not in LeftOut(secrets=[secret]).clean(f"{before}{secret}{after}")


def test_99_of_100_secrets_of_ours_are_left_out_without_any_sign_beside_it() -> None:
    made = [new_secret() for _ in range(2000)]
    shown = [secret for secret in made if secret in NOBODY.clean(f"a fault at {secret} here")]
    assert len(shown) <= 20, shown  # 1.7 of 1,000 in 50,000 tries


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Anna", "Anna floods: closed"),
        ("anna", "the page of ANNA was dropped"),
        ("Anna Müller", "“Anna Müller” takes nothing for 30 s"),
        ("李雷", "李雷 is in until a restart"),
        ("a.*b", "a.*b floods"),
    ],
)
def test_a_name_is_left_out_as_a_whole_word_in_any_case(name: str, text: str) -> None:
    cleaned = LeftOut(names=[name]).clean(text)
    assert name.casefold() not in cleaned.casefold()
    assert "[name]" in cleaned


def test_a_name_that_is_a_letter_does_not_spoil_the_report() -> None:
    assert LeftOut(names=["", "e", "3"]).clean("Python 3.11 here") == "Python 3.11 here"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("/home/anna/maps/live.toml", "~/maps/live.toml"),
        ("/Users/Anna Lee/x", "~ Lee/x"),
        ("C:\\Users\\anna\\AppData", "~\\AppData"),
        ("/srv/mixer/data/x", "~/x"),
    ],
)
def test_a_home_folder_is_a_tilde(text: str, cleaned: str) -> None:
    assert LeftOut(homes=["/srv/mixer/data"]).clean(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-27 00:31:42+00:00",
        "http://192.168.1.20:5001/ https://192.168.1.20:5443/ wlan0",
        "foh=x32://192.168.1.32, fe80::fc:ff:fe00:1, port 10023",
        "Linux-6.18.44-fc-x86_64-with-glibc2.36, llvmlite 0.50.0",
        "SSLCertVerificationError: certificate verify failed",
        'File "/opt/mixer/remote_mixer/drivers/behringer/driver.py", line 214, in _read_whole_console_again',
        "AttributeError: 'NoneType' object has no attribute 'BehringerSecondSlotLifecycle'",
        "the token is not known, the PIN is wrong",
        "48000 Hz, 25276 MB, 0.123456 s, 1.234.567",
        "epoch 5f0c9a3e-0d6a-4d0e-9d5e-0a3b2c1d4e5f",
    ],
)
def test_what_helps_to_find_a_bug_stays(text: str) -> None:
    assert NOBODY.clean(text) == text
