"""The dead-man switch outside: a GET to an address that the operator chose, which alarms when the calls end."""

import asyncio

from backend.adapters.push_http import HttpLimits, NoAnswer, PushHttp

LIMITS = HttpLimits(connect_s=3.0, total_s=8.0, body_cap=1024)


class HttpSwitch:
    """Calls it over a connection of its own each time: once in half a minute, and nothing is left behind."""

    def __init__(self, url: str, limits: HttpLimits = LIMITS) -> None:
        self._url = url
        self._limits = limits

    def call(self) -> str | None:
        return asyncio.run(self._call())

    async def _call(self) -> str | None:
        http = PushHttp(self._limits)
        try:
            status = (await http.get(self._url)).status
        except NoAnswer as fault:
            return str(fault)
        except Exception as fault:  # a switch that cannot be reached must not take the worker along
            return type(fault).__name__
        finally:
            await http.close()
        return None if 200 <= status < 300 else f"status {status}"
