"""Counters of this process as Prometheus text: requests by route, method and status, and how long they took."""

from flask import Blueprint, Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from backend.web import logs
from backend.web.auth import public

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


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

    @page.get("/metrics")
    @public
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.after_request(count)
    app.register_blueprint(page)
