"""Files of scenes on the page: downloaded, loaded, dragged in, and refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from remote_mixer.app import App
from remote_mixer.desk import show
from tests.page.conftest import Open
from tests.page.entering import REFUSED
from tests.page.shows import THERE, row, show_list, tell
from tests.support.browser import PHONE, noticed
from tests.support.running import FADER, Hand


async def test_the_show_is_downloaded_and_comes_back_from_its_file(
    app: App, screens: Open, bob: Hand, ballad: int, tmp_path: Path
) -> None:
    anne = await screens(PHONE)
    await show_list(anne)
    async with anne.page.expect_download() as found:
        await anne.page.get_by_role("button", name="Download the show").tap()
    file = tmp_path / "show.json"
    await (await found.value).save_as(file)
    (scene,) = show.read(file.read_bytes())
    assert (scene["name"], scene["values"][FADER]) == ("Ballad", THERE[FADER])
    assert json.loads(file.read_text("utf-8"))["scenes"][0]["values"][FADER]["text"] == "−30.0"
    await tell(bob, do="delete", scene=ballad)
    await expect(row(anne, "Ballad")).to_be_hidden()
    await anne.page.get_by_label("Show file").set_input_files(file)
    await noticed(anne.page, "1 scene came from show.json")
    await expect(row(anne, "Ballad")).to_contain_text("slow")


async def test_a_consoles_own_file_becomes_a_scene_and_what_is_left_out_is_named(
    shared_screen: Open, tmp_path: Path
) -> None:
    anne = await shared_screen(PHONE)
    await show_list(anne)
    file = tmp_path / "desk.scn"
    file.write_text('#4.0# "From the desk" "" %000000000 1\n/ch/01/mix ON -3.2 ON +0 OFF -oo\n/fx/1 VREV\n')
    await anne.page.get_by_label("Show file").set_input_files(file)
    await noticed(anne.page, "“From the desk” came from desk.scn, 6 values. Left out: 1 × /fx/*.")
    await expect(row(anne, "From the desk")).to_be_visible()
    file.write_text("/ch/01/mix ON -3.2\n\0\0")
    await anne.page.get_by_label("Show file").set_input_files(file)
    await noticed(anne.page, "Nothing was changed.")
    anne.faults[:] = [fault for fault in anne.faults if REFUSED not in fault]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("not a show", "This is no show file of Remote Mixer. Nothing was changed."),
        (
            '{"remote-mixer-show": 1, "scenes": [{"name": "Good", "values": {}}, {"color": "plaid", "values": {}}]}',
            "No scene was added.",
        ),
    ],
    ids=["foreign", "half good"],
)
async def test_a_file_that_is_dragged_in_and_refused_says_why_and_adds_nothing(
    app: App, shared_screen: Open, bob: Hand, text: str, why: str
) -> None:
    anne, before = await shared_screen(PHONE), await in_bin(bob)
    await show_list(anne)
    drop = """(area, text) => {
      const data = new DataTransfer()
      data.items.add(new File([text], "tour.json"))
      area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }))
    }"""
    await anne.page.locator(".show").evaluate(drop, text)
    await noticed(anne.page, why)
    await expect(anne.page.locator(".show-list").first).to_contain_text("No scene yet")
    assert await in_bin(bob) == before, "the bin has none of it either"
    anne.faults[:] = [fault for fault in anne.faults if REFUSED not in fault]


async def in_bin(bob: Hand) -> list[int]:
    """Return the ids of all scenes in the bin."""
    await bob.send(type="scene", id="bin", do="list")
    return [head["id"] for head in (await bob.until("scenes", id="bin"))["bin"]]
