"""The page as its modules, which `--dev` serves, and as one script: the same page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.browser import PHONE, Screen
from tests.support.running import FADER, online, running
from tests.support.waiting import until


@pytest.mark.parametrize(("dev", "scripts"), [(True, range(50, 1000)), (False, range(1, 2))], ids=["modules", "joined"])
async def test_a_page_in_either_form_moves_a_fader_and_opens_what_is_fetched_later(
    browser: Browser, tmp_path: Path, dev: bool, scripts: range
) -> None:
    with running(tmp_path, dev=dev) as app:
        await online(app)
        anne = await Screen.open(browser, f"http://127.0.0.1:{app.port}/", PHONE, touch=True)
        await anne.link("online")
        loaded = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).length"
        assert await anne.page.evaluate(loaded) in scripts
        before = app.desk.values[FADER]
        await anne.drag(FADER, 40 if float(before or 0) < 0.5 else -40)
        await until(lambda: app.desk.values[FADER] != before)
        await anne.page.locator("text=More >> nth=-1").tap()
        await anne.page.locator("aside >> text=People").tap()
        await anne.page.locator("aside >> text=Permissions").tap()
        await anne.page.wait_for_selector("text=Safety limits")
        assert anne.faults == []
        await anne.leave()
