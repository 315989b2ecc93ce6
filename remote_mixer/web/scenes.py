"""HTTP API for scenes: store, change, delete; preview, recall with a fade, pause, finish and back; GO and safes."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from msgspec import Meta
from quart import Response

from remote_mixer.desk import laws
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.fields import typed
from remote_mixer.hub.history import Wanted
from remote_mixer.hub.recalls import NO_RECALL_TEXT, Recall
from remote_mixer.hub.scene_frames import SceneDesk
from remote_mixer.people.caller import CREW, SPEAKERS
from remote_mixer.web import scene_bodies as bodies
from remote_mixer.web.answers import answer, json_body
from remote_mixer.web.authenticate import caller
from remote_mixer.web.bodies import Empty
from remote_mixer.web.routes import Answer, Route

Scene = Annotated[int, Meta(description="Number of the scene")]
Strip = Annotated[str, Meta(description="console/strip, the slash as it is", examples=["band/ch1"])]
KEEPING = (Code.BAD_VALUE, Code.NOT_KEPT, Code.OFFLINE, Code.TOO_MANY)
FINDING = (Code.UNKNOWN, Code.BAD_VALUE, Code.NOT_KEPT)
MOST_FILE = 1_000_000
"""Most characters of a console's file; a whole X32 has a tenth of it."""
RECALLED = Answer(bodies.Recall, "Begun, or over where all stands at once")


@dataclass(frozen=True)
class Handlers:
    """Handlers of the scenes' routes."""

    desk: SceneDesk

    @Route("GET", "/scenes", roles=SPEAKERS, answer=Answer(bodies.Scenes, "All scenes, without their values"))
    async def get_scenes(self) -> Response:
        """Scenes in the set list's order, moments, the bin, the safes, and saved mixes of musicians.

        A musician gets those of the own mix.
        """
        found = self.desk.scenes.message(None, caller().source)
        lists = {"scenes": found.scenes, "moments": found.moments, "bin": found.bin, "own": found.own}
        return answer({**lists, "current": found.current, "safes": found.safes})

    @Route(
        "POST",
        "/scenes",
        roles=SPEAKERS,
        body=bodies.NewScene,
        answer=Answer(bodies.Stored, "Stored", HTTPStatus.CREATED),
        refusals=KEEPING,
    )
    async def store_scene(self) -> Response:
        """Store the present values, or those of a file, as a new scene; of a musician, those of the own mix."""
        body = await json_body()
        scenes, source = self.desk.scenes, caller().source
        head, unknown = await (scenes.load(source, body) if "values" in body else scenes.store(source, body))
        return answer({"scene": head.as_json(), "unknown": unknown}, HTTPStatus.CREATED)

    @Route(
        "POST",
        "/scenes/check",
        roles=CREW,
        body=bodies.CheckedScene,
        answer=Answer(Empty, "It can be stored"),
        refusals=(Code.BAD_VALUE, Code.TOO_MANY),
    )
    async def check_scene(self) -> Response:
        """Whether a scene of a file can be stored. Nothing is: a file comes whole or not at all."""
        self.desk.scenes.check(caller().source, await json_body())
        return answer({})

    @Route(
        "POST",
        "/scenes/file",
        roles=CREW,
        body=bodies.ConsoleFile,
        answer=Answer(bodies.Loaded, "Stored", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.NOT_KEPT, Code.TOO_MANY),
    )
    async def load_console_file(self) -> Response:
        """Store the scene in a console's own file (.scn, .snp), as far as the mixer knows its lines."""
        text = typed(await json_body(), "text", str, MOST_FILE)
        head, found = await self.desk.load_file(text, caller().source)
        whole = {"scene": head.as_json(), "console": found.console, "left": found.left}
        return answer(whole, HTTPStatus.CREATED)

    @Route(
        "GET",
        "/scenes/<number:scene>",
        roles=SPEAKERS,
        answer=Answer(bodies.WholeScene, "The scene with its values"),
        refusals=FINDING,
    )
    async def get_scene(self, scene: Scene) -> Response:
        """One scene with its values."""
        head = self.desk.scenes.head(scene, caller().source)
        values, kept = await self.desk.scenes.content(scene)
        return answer(head.as_json() | {"values": values, "laws": laws.as_json(kept)})

    @Route(
        "PUT",
        "/scenes/<number:scene>",
        roles=SPEAKERS,
        body=bodies.ChangedScene,
        answer=Answer(bodies.Stored, "Changed"),
        refusals=(*KEEPING, Code.UNKNOWN),
    )
    async def change_scene(self, scene: Scene) -> Response:
        """Change a scene; its former values go into the bin."""
        head, unknown = await self.desk.scenes.update(caller().source, scene, await json_body())
        return answer({"scene": head.as_json(), "unknown": unknown})

    @Route(
        "DELETE",
        "/scenes/<number:scene>",
        roles=SPEAKERS,
        answer=Answer(bodies.Scene, "It is in the bin"),
        refusals=FINDING,
    )
    async def delete_scene(self, scene: Scene) -> Response:
        """Put a scene into the bin, for thirty days."""
        return answer((await self.desk.scenes.delete(caller().source, scene)).as_json())

    @Route(
        "POST",
        "/scenes/<number:scene>/restore",
        roles=SPEAKERS,
        body=Empty,
        answer=Answer(bodies.Scene, "It is back"),
        refusals=FINDING,
    )
    async def restore_scene(self, scene: Scene) -> Response:
        """Take a scene out of the bin, or keep a moment as a scene."""
        await json_body()
        return answer((await self.desk.scenes.restore(caller().source, scene)).as_json())

    @Route(
        "POST",
        "/scenes/<number:scene>/preview",
        roles=SPEAKERS,
        body=bodies.RecallBody,
        answer=Answer(bodies.Preview, "Nothing was moved"),
        refusals=FINDING,
    )
    async def preview_scene(self, scene: Scene) -> Response:
        """Preview of a recall: changes and what stays."""
        return answer((await self.desk.recalls.preview(caller().source, scene, await json_body())).as_json())

    @Route(
        "POST",
        "/scenes/<number:scene>/recall",
        roles=SPEAKERS,
        body=bodies.RecallBody,
        answer=RECALLED,
        refusals=(*FINDING, Code.NOTHING),
    )
    async def recall_scene(self, scene: Scene) -> Response:
        """Recall a scene: only what differs, in an order that is safe on stage."""
        return self._recalled(await self.desk.recalls.recall(caller().source, scene, await json_body()))

    @Route("POST", "/go", roles=CREW, body=bodies.RecallBody, answer=RECALLED, refusals=(*FINDING, Code.NOTHING))
    async def go_to_next(self) -> Response:
        """Recall the next scene of the set list; two within 0.3 s are one."""
        return self._recalled(await self.desk.recalls.go(caller().source, await json_body()))

    @Route("GET", "/recall", roles=CREW, answer=Answer(bodies.Recall, "The newest recall"), refusals=(Code.NOTHING,))
    async def get_recall(self) -> Response:
        """State of the newest recall."""
        if self.desk.recalls.last is None:
            raise Refusal(Code.NOTHING, NO_RECALL_TEXT)
        return self._recalled(self.desk.recalls.last)

    @Route(
        "POST",
        "/recall/pause",
        roles=CREW,
        body=Empty,
        answer=Answer(bodies.Recall, "It rests"),
        refusals=(Code.NOTHING,),
    )
    async def pause_recall(self) -> Response:
        """Let the newest recall rest."""
        await json_body()
        return self._recalled(self.desk.recalls.pause())

    @Route(
        "POST",
        "/recall/on",
        roles=CREW,
        body=Empty,
        answer=Answer(bodies.Recall, "It goes on"),
        refusals=(Code.NOTHING,),
    )
    async def continue_recall(self) -> Response:
        """Let the newest recall go on."""
        await json_body()
        return self._recalled(self.desk.recalls.go_on())

    @Route(
        "POST",
        "/recall/finish",
        roles=CREW,
        body=Empty,
        answer=Answer(bodies.Recall, "It ends"),
        refusals=(Code.NOTHING,),
    )
    async def finish_recall(self) -> Response:
        """Bring the newest recall to its end now."""
        await json_body()
        return self._recalled(self.desk.recalls.finish())

    @Route(
        "POST",
        "/recall/back",
        roles=CREW,
        body=bodies.BackBody,
        answer=Answer(bodies.Back, "All is on its way back"),
        refusals=(Code.NOTHING, Code.CHANGED, Code.HELD, Code.OFFLINE),
    )
    async def go_back(self) -> Response:
        """Go back to where all stood before the newest recall."""
        source = caller().source
        plan, move = await self.desk.recalls.back(source, Wanted.of(await json_body()))
        await self.desk.history.kept(move)
        skipped = [one.as_json() for one in plan.skipped]
        return answer({"rev": self.desk.rev(), "move": self.desk.history.as_json(move, source), "skipped": skipped})

    @Route(
        "PUT",
        "/safes/<path:strip>",
        roles=CREW,
        body=bodies.SafeBody,
        answer=Answer(dict[str, list[str]], "Strip → its safe sections, of all safes"),
        refusals=(Code.BAD_VALUE, Code.NOT_KEPT),
    )
    async def set_safe(self, strip: Strip) -> Response:
        """Set which sections of a strip no recall sets."""
        body: dict[str, Any] = await json_body()
        if "sections" not in body:
            raise Refusal(Code.BAD_FRAME, "“sections” has to be a list, or true for all.")
        await self.desk.scenes.set_safe(strip, body["sections"])
        return answer({one: sorted(sections) for one, sections in self.desk.scenes.safes.items()})

    def _recalled(self, recall: Recall) -> Response:
        return answer(self.desk.recalls.as_json(recall))
