"""Signs of life: /healthz says that this process answers, /readyz whether it and the workers can do their work."""

from flask import Blueprint, Flask, Response, jsonify

from backend.services import health
from backend.web import context
from backend.web.auth import public

page = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(page)


@page.get("/healthz")
@public
def healthz() -> Response:
    """This process answers: proxies route by it."""
    return jsonify({"alive": True})


@page.get("/readyz")
@public
def readyz() -> Response:
    """503 with the reasons where the database, its migrations or the workers are not as they should be.

    `channels_down_s`: seconds since a channel's provider stopped taking messages; that is no fault of this house.
    """
    state = health.get_health(now=context.now())
    response = jsonify(
        {
            "ready": state.ready,
            "database": state.database,
            "migrations": state.migrations,
            "workers_alive": sum(worker.alive for worker in state.workers),
            "lag_s": state.lag_s,
            "channels_down_s": {channel: int(seconds) for channel, seconds in state.channels_down.items()},
            "reasons": list(state.reasons),
        }
    )
    response.status_code = 200 if state.ready else 503
    return response
