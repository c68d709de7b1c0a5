"""Prometheus text: this process's requests by route, method and status, and how the workers say the house stands."""

from flask import Blueprint, Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from backend.services import health
from backend.services.health import Health
from backend.web import context, logs
from backend.web.auth import public

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
PUSH_CHANNELS = ("fcm", "web_push")
DOWN = "fallow_channel_down_seconds"  # 0: it takes messages
GAUGES = {
    "fallow_ready": "1: nothing is wrong with database and workers",
    "fallow_workers_alive": "Reminder workers that beat and make progress",
    "fallow_workers_dead": "Reminder workers that died, or stand still",
    "fallow_reminder_lag_seconds": "Age of the oldest due reminder that is not sent",
    "fallow_alert_lag_seconds": "Age of the oldest due alert to a practitioner that is not sent",
    "fallow_ledger_faults": "Reminders that break the conservation law",
    "fallow_alarms": "Red flags whose ladder ended with nobody having seen them",
}


def init_app(app: Flask) -> None:
    """Count each request and show the counters at /metrics. Nothing in them names a person."""
    registry = CollectorRegistry()
    requests = Counter("fallow_requests", "Requests answered", ["method", "route", "status"], registry=registry)
    seconds = Histogram("fallow_request_seconds", "Time to answer", ["route"], registry=registry, buckets=BUCKETS)

    def count(response: Response) -> Response:
        method = request.method if request.method in ("GET", "POST", "PUT", "PATCH", "DELETE") else "other"
        requests.labels(method, logs.route(), str(response.status_code)).inc()
        seconds.labels(logs.route()).observe(logs.milliseconds() / 1000)
        return response

    page = Blueprint("metrics", __name__)
    gauges = {name: Gauge(name, about, registry=registry) for name, about in GAUGES.items()}
    down = Gauge(DOWN, "Age of a push provider's standstill, by channel", ["channel"], registry=registry)

    @page.get("/metrics")
    @public
    def metrics() -> Response:
        state = health.get_health(now=context.now())
        for name, value in measure(state).items():
            gauges[name].set(value)
        for channel in PUSH_CHANNELS:
            down.labels(channel).set(state.channels_down.get(channel, 0.0))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.after_request(count)
    app.register_blueprint(page)


def measure(state: Health) -> dict[str, float]:
    """What the workers said at their last beats; the worst of those alive, NaN where nobody knows."""
    alive = [worker for worker in state.workers if worker.alive]
    unknown = float("nan")
    return {
        "fallow_ready": state.ready,
        "fallow_workers_alive": len(alive),
        "fallow_workers_dead": len(state.workers) - len(alive),
        "fallow_reminder_lag_seconds": unknown if state.lag_s is None else state.lag_s,
        "fallow_alert_lag_seconds": min((worker.red_lag_s for worker in alive), default=unknown),
        "fallow_ledger_faults": max((worker.state.ledger_faults for worker in alive), default=unknown),
        "fallow_alarms": max((worker.alarms for worker in alive), default=unknown),
    }
