"""Takes by the API: the list, a file or a part of it, and their end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import soundfile

from remote_mixer.app import App
from tests.engine.bare_mixer import noise
from tests.support.running import online, running
from tests.support.waiting import until
from tests.support.warm import warm
from tests.web.test_api import call

TAKES = "/api/v1/takes/band"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Run a console with a take of another program, and one in memory that records nothing."""
    data = warm(tmp_path_factory.mktemp("data"))
    folder = data / "takes" / "band"
    folder.mkdir(parents=True)
    soundfile.write(folder / "My gig.wav", noise(1, 480_000, 2), 48_000, subtype="PCM_24")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REMOTE_MIXER_OUTPUT", "clock")
        with running(data, ("band", "builtin:"), ("other", "demo:")) as app:
            yield app


async def test_a_take_is_listed_downloaded_whole_and_in_part_played_and_deleted(served: App) -> None:
    await online(served)
    file = served.options.data / "takes" / "band" / "My gig.wav"
    content = file.read_bytes()
    (row,) = call(served, "GET", TAKES).json["takes"]
    assert (row["file"], row["bytes"], row["seconds"]) == ("My gig.wav", len(content), 10)
    whole = call(served, "GET", f"{TAKES}/My%20gig.wav")
    assert whole.body == content
    assert whole.headers["Content-Type"] in {"audio/wav", "audio/x-wav"}
    assert "My gig.wav" in whole.headers["Content-Disposition"]
    part = call(served, "GET", f"{TAKES}/My%20gig.wav", headers={"Range": "bytes=100-199"})
    assert (part.status, part.body) == (206, content[100:200])
    assert call(served, "POST", "/api/v1/consoles/band/play_take", {"take": "My gig.wav", "at": 1.5}).status == 200
    await until(lambda: served.desk.values["band/soundcheck/file"] == "My gig.wav")
    refused = call(served, "DELETE", f"{TAKES}/My%20gig.wav")
    assert (refused.status, "end that first" in refused.json["text"]) == (422, True)
    assert call(served, "POST", "/api/v1/consoles/band/live", {}).status == 200
    await until(lambda: served.desk.values["band/soundcheck/file"] == "")
    assert call(served, "DELETE", f"{TAKES}/My%20gig.wav").status == 200
    assert call(served, "GET", TAKES).json["takes"] == []


@pytest.mark.parametrize(
    "path", ["none/x.wav", "other", "band/x.wav", "band/..%2F..%2Fmixer.db", "band/%00", "band/.x"]
)
async def test_what_there_is_not_is_refused_with_a_sentence(served: App, path: str) -> None:
    answer = call(served, "GET", f"/api/v1/takes/{path}")
    assert answer.status == 404
    assert answer.json["text"]
