"""Pages in each theme and size of text, and what axe finds wrong on them."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

LOOKS = [(theme, text) for theme in ("dark", "light") for text in (100, 200)]
NAMED = [f"{theme} {text} %" for theme, text in LOOKS]
SERIOUS = ("serious", "critical")
VIOLATIONS = "() => axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"
"""Faults on the whole page by all rules of axe; results that pass stay in the browser."""


async def faults(page: Page) -> list[str]:
    """Return what axe finds serious on a page: rule, element, and what is wrong with it."""
    if not await page.evaluate("() => 'axe' in window"):  # half a megabyte, once for each document
        await page.evaluate(Axe().axe_script)
    violations: list[dict[str, Any]] = await page.evaluate(VIOLATIONS)
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} {[why['message'] for why in node['any'] + node['all']]}"
        for one in violations
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


async def wear(page: Page, theme: str, text: int) -> None:
    """Put on a theme and a size of text by the settings of a page with faders: a reload would bring axe anew, too."""
    await page.evaluate(
        """([theme, text]) => {
          const { prefs } = document.querySelector("rm-fader").page
          prefs.theme.set(theme)
          prefs.text.set(text)
        }""",
        [theme, text],
    )


async def reopen_wearing(page: Page, theme: str, text: int) -> None:
    """Load a page without faders anew, in a theme and a size of text as kept on the device."""
    await page.evaluate(
        "([theme, text]) => ['theme', 'text'].forEach((key, at) =>"
        " localStorage.setItem(`remote-mixer.${key}`, JSON.stringify([theme, text][at])))",
        [theme, text],
    )
    await page.reload()
