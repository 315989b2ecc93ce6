"""Small app on the real server, in the test's loop or in a process of its own, whose memory can be measured."""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psutil
from quart import Quart, Response, abort, request, websocket

from remote_mixer.web.connections import HttpsSocket
from remote_mixer.web.pipe import Pipe, pipe_of, text_frame
from remote_mixer.web.server import listen, serve

BEFORE_ACCEPT = text_frame("before the handshake")


@dataclass
class Served:
    """Server's port and counters."""

    port: int = 0
    pipes: list[Pipe] = field(default_factory=list)
    ended: int = 0
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def closing(self) -> None:
        for pipe in self.pipes:
            pipe.close(1001, "the server stops")


def echo_app(served: Served) -> Quart:
    """Echo on /ws; /idle never reads, /leave ends at once, /late ends at the first frame, /refuse refuses."""
    app = Quart(__name__)

    @app.get("/")
    async def index() -> str:
        return "hello"

    @app.after_request
    async def show(response: Response) -> Response:
        response.headers["X-Seen"] = f"{request.headers.get('Host')} {request.path}"
        return response

    @app.post("/body")
    async def body() -> str:
        return str(len(await request.get_data()))

    @app.websocket("/ws")
    async def ws() -> None:
        pipe = await _accepted(served)
        try:
            while True:
                text = await websocket.receive()
                pipe.write(text_frame(f"Server received: {text!s}"))
        finally:
            served.ended += 1
            served.pipes.remove(pipe)

    @app.websocket("/idle")
    async def idle() -> None:
        await _accepted(served)
        await asyncio.Event().wait()

    @app.websocket("/leave")
    async def leave() -> None:
        await _accepted(served)

    @app.websocket("/late")
    async def late() -> None:
        await _accepted(served)
        await websocket.receive()

    @app.websocket("/refuse")
    async def refuse() -> None:
        abort(401)

    return app


async def _accepted(served: Served) -> Pipe:
    pipe = pipe_of(websocket.scope)
    pipe.write(BEFORE_ACCEPT)
    await websocket.accept()
    served.pipes.append(pipe)
    return pipe


@asynccontextmanager
async def serving(served: Served, tls: ssl.SSLContext | None = None) -> AsyncIterator[Served]:
    """Serve in this loop until the block ends, with the stop."""
    sock = listen("127.0.0.1", 0)
    served.port = sock.getsockname()[1]
    there = asyncio.Event()
    listening = HttpsSocket(sock, tls) if tls else sock
    task = asyncio.create_task(serve(echo_app(served), [listening], served.stop, served.closing, there.set))
    async with asyncio.timeout(10):
        await there.wait()
    await asyncio.sleep(0.01)  # for Hypercorn to start the tasks that it waits with
    try:
        yield served
    finally:
        served.stop.set()
        await task


@dataclass
class Program:
    """Server in a process of its own."""

    port: int
    process: psutil.Process

    @property
    def megabytes(self) -> float:
        """Resident memory of the process."""
        return float(self.process.memory_info().rss) / 1e6


@asynccontextmanager
async def program(files: int | None = None, log: int | None = None) -> AsyncIterator[Program]:
    """Run this module in a process and read its port; `files` is its limit of open files, `log` takes its log."""
    limited = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh"] if files else []
    started = await asyncio.create_subprocess_exec(
        *limited,
        *(sys.executable, "-m", "tests.web.serving"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=log,
    )
    assert started.stdin
    assert started.stdout
    try:
        yield Program(int(await started.stdout.readline()), psutil.Process(started.pid))
    finally:
        started.stdin.close()
        await started.wait()


async def main() -> None:
    """Serve until the standard input ends."""
    async with serving(Served()) as served:
        print(served.port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
