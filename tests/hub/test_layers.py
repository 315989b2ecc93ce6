"""Layers come to every page of their person as they change, and to others with the strips that they may see."""

from __future__ import annotations

from typing import Any

import pytest

from remote_mixer.app import App
from tests.support.people import Device, host, invited
from tests.support.running import Hand, hand, joined, online

ROW: list[Any] = ["band/ch1", {"separator": "Far"}, "gone/ch7", "band/main"]


@pytest.fixture(autouse=True)
def _nothing_is_shared(app: App) -> None:
    for layer in host(app).call("GET", "/layers").json["layers"]:
        host(app).call("DELETE", f"/layers/{layer['id']}")


async def layers_of(page: Hand, *names: str) -> list[Any]:
    """Return the layers of a page once they have these names."""
    while True:
        layers: list[Any] = (await page.until("layers"))["layers"]
        if [layer["name"] for layer in layers] == list(names):
            return layers


def made(device: Device, **form: Any) -> Any:
    answer = device.call("POST", "/layers", {"name": "Front", "items": ROW} | form)
    assert answer.status == 201, answer.body
    return answer.json


async def test_a_change_comes_to_all_pages_of_its_person_on_any_device_and_to_nobody_else(app: App) -> None:
    await online(app)
    phone, tablet, ben = (invited(app, "engineer", name=name) for name in ("Anne", "Anne", "Ben"))
    async with (
        joined(app, "phone", phone.headers) as one,
        joined(app, "tablet", tablet.headers) as two,
        joined(app, "bens", ben.headers) as other,
    ):
        for page in (one, two, other):
            assert await layers_of(page) == []
        layer = made(phone)
        for page in (one, two):
            assert await layers_of(page, "Front") == [layer]
        assert layer["items"] == ROW  # what is gone stays
        assert tablet.call("PUT", f"/layers/{layer['id']}", {"name": "Back", "rev": 1}).status == 200
        assert phone.call("PUT", f"/layers/{layer['id']}", {"name": "Side", "rev": 1}).status == 409
        for page in (one, two):
            await layers_of(page, "Back")
        assert ben.call("DELETE", f"/layers/{layer['id']}").status == 404
        assert ben.call("PUT", f"/layers/{layer['id']}", {"shared": True}).status == 404
        assert phone.call("PUT", f"/layers/{layer['id']}", {"shared": True}).json["shared"] is True
        assert (await layers_of(other, "Back"))[0]["items"] == ROW  # the first that comes to Ben
        assert not [frame for frame in other.heard if isinstance(frame, dict) and frame["type"] == "layers"]


async def test_a_musician_gets_what_is_for_musicians_and_of_it_what_sends_into_their_mix(app: App) -> None:
    await online(app)
    mia = invited(app, "musician", "band/bus2", "Mia")
    async with hand(app, "mias", mia.headers) as page:
        await page.hello()
        assert await layers_of(page) == []
        layer = made(host(app), shared=True)
        host(app).call("PUT", f"/layers/{layer['id']}", {"roles": ["musician"]})
        (seen,) = await layers_of(page, "Front")
        assert seen["items"] == ["band/ch1", {"separator": "Far"}]
        assert mia.call("GET", "/layers").json["layers"] == [seen]
        assert mia.call("POST", "/layers", {"name": "Mine", "items": ROW}).status == 403
        host(app).call("DELETE", f"/layers/{layer['id']}")
        assert await layers_of(page) == []


async def test_who_becomes_crew_gets_the_layers_of_their_name(app: App) -> None:
    await online(app)
    anne, gus = invited(app, "engineer", name="Anne"), invited(app, "guest", name="Anne")
    made(anne)
    async with hand(app, "gus", gus.headers) as page:
        await page.hello()
        assert await layers_of(page) == []
        host(app).call("PUT", f"/people/{gus.person}", {"role": "engineer"})
        await layers_of(page, "Front")
