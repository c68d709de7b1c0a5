"""The dead-man switch outside: an address that wants to be called."""

from time import monotonic

from aiohttp import web

from tests.doubles.loopback_server import LoopbackServer, Reply, Script

SECRET = "/ping/3f1c-a-secret"


class SwitchDouble(LoopbackServer):
    """Counts its calls. `called_at`: when, as `monotonic` says it."""

    def __init__(self) -> None:
        super().__init__()
        self.script = Script()
        self.calls: list[tuple[str, str]] = []
        self.called_at: list[float] = []

    def add_routes(self, app: web.Application) -> None:
        app.router.add_route("*", SECRET, self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((request.method, request.path))
        self.called_at.append(monotonic())
        return await self.give(request, self.script.next_for("switch") or Reply(200, b"OK"))
