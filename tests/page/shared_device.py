"""A device whose page stays open from test to test, and begins each of them as it was opened."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.support.browser import Screen

SETTINGS = """() => Object.entries(document.querySelector("rm-fader").page.prefs)
  .map(([name, setting]) => [name, JSON.stringify(setting.value)])"""
BEGIN = """(settings) => {
  const bank = document.querySelector(".bank")
  const { prefs } = bank.firstChild.page
  const changed = settings.filter(([name, value]) => JSON.stringify(prefs[name].value) !== value)
  for (const [name, value] of changed) prefs[name].set(JSON.parse(value))
  document.activeElement.blur()
  document.querySelector("rm-notice").click()
  document.querySelector("rm-recall:not([hidden]) [aria-label=Dismiss]:not([hidden])")?.click()
  window.noticed = []
  return new Promise((arrived) => {
    const begin = () => arrived((bank.scrollLeft = 0))
    if (location.hash === "#/") return begin()
    addEventListener("hashchange", begin, { once: true })
    location.hash = "#/"
  })
}"""
"""Puts settings back, takes what was said away, and leads to the strips at the left of the mixer."""


class SharedDevice:
    """One device with the page open, and its settings as it was opened."""

    def __init__(self, screen: Screen, settings: object) -> None:
        self.screen, self._settings = screen, settings

    @classmethod
    async def open(cls, browser: Browser, url: str, size: dict[str, int], *, touch: bool) -> SharedDevice:
        """Open the page on a fresh device."""
        screen = await Screen.open(browser, url, size, touch=touch)
        await screen.link("online")
        return cls(screen, await screen.page.evaluate(SETTINGS))

    async def begin(self, size: dict[str, int]) -> None:
        """Bring the page to this size of screen, its first settings, and the mixer's first strips without a panel."""
        page = self.screen.page
        if page.viewport_size != size:
            await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await page.evaluate(BEGIN, self._settings)
        await expect(page.locator(".panel")).to_be_hidden()
        await self.screen.link("online")
