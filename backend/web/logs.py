"""Logs as JSON lines on stderr: a line per request without query, address, id of a person or body (PROMISES K2)."""

import logging
import sys
import traceback
from time import perf_counter
from types import TracebackType

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

from backend.web import context

LOG = structlog.stdlib.get_logger("fallow.web")


def configure() -> None:
    """Write every logger of the process as JSON lines. Called once by what starts a process."""
    shared: list[Processor] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def init_app(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_write)


def route() -> str:
    """The pattern of the route, such as /api/v1/check-ins/<uuid:check_in_id>: it holds no id."""
    return str(request.url_rule) if request.url_rule is not None else "-"


def milliseconds() -> float:
    """How long the request has taken so far."""
    return round((perf_counter() - g.get("fallow_started", perf_counter())) * 1000, 1)


def write_exception(
    info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
) -> None:
    """An unforeseen exception: its type and where it was raised. Its message may hold what a person wrote."""
    kind, _, trace = info
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)][-8:]
    name = kind.__name__ if kind else "?"
    LOG.error("unforeseen", error=name, at=places, route=route(), request_id=context.request_id())


def _start() -> None:
    g.fallow_started = perf_counter()


def _write(response: Response) -> Response:
    LOG.info(
        "request",
        method=request.method,
        route=route(),
        status=response.status_code,
        ms=milliseconds(),
        request_id=context.request_id(),
    )
    return response
