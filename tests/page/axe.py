"""Pages in each theme and size of text, and what axe finds wrong on them."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

LOOKS = [(theme, text) for theme in ("dark", "light") for text in (100, 200)]
NAMED = [f"{theme} {text} %" for theme, text in LOOKS]
SERIOUS = ("serious", "critical")


async def faults(page: Page) -> list[str]:
    """Return what axe finds serious on a page: rule, element, and what is wrong with it."""
    found: dict[str, Any] = (await Axe().run(page)).response
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} {[why['message'] for why in node['any'] + node['all']]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


async def wear(page: Page, theme: str, text: int) -> None:
    """Put on a theme and a size of text, as kept on the device."""
    await page.evaluate(
        "([theme, text]) => ['theme', 'text'].forEach((key, at) =>"
        " localStorage.setItem(`remote-mixer.${key}`, JSON.stringify([theme, text][at])))",
        [theme, text],
    )
    await page.reload()
