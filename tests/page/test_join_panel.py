"""The Join panel in a real browser: the codes of now, and the name beside them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from remote_mixer import lan
from remote_mixer.app import App
from remote_mixer.sockets import Sockets
from tests.page.conftest import Open

ALL_DRAWN = "() => [...document.querySelectorAll('.codes img')].every((code) => code.naturalWidth > 0)"
HALL = lan.Address("wlan0", "10.20.30.40", "http://10.20.30.40:5001/")


async def test_when_the_wifi_changes_an_open_join_panel_shows_the_new_code(
    app: App, screens: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (await screens()).page
    await page.locator('[data-tool="more"]').click()
    await page.get_by_text("QR codes and PIN").click()
    await expect(page.locator(".codes b")).to_have_text(app.addresses()[0].url)
    await page.wait_for_function(ALL_DRAWN)  # a code that is still asked for when its address goes is refused
    monkeypatch.setattr(Sockets, "addresses", lambda _: [HALL])
    app.loop.call_soon_threadsafe(app.hub.share_addresses, "remote-mixer-2.local")
    await expect(page.locator(".codes b")).to_have_text(HALL.url)
    await expect(page.get_by_text("http://remote-mixer-2.local:5001/")).to_be_visible()
    await page.wait_for_function(ALL_DRAWN)
