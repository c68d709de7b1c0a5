"""Plugs the phone edge into the app: the JSON API under /api/v1, its document, and the phone app's files."""

from flask import Flask

from mobile_api import (
    api,
    check_ins,
    corrections,
    devices,
    docs,
    enrolment,
    flags,
    hand_overs,
    healing,
    me,
    messages,
    photos,
    pwa,
    readiness,
    receipts,
    step_logs,
    sync,
    timeline,
)

FEATURES = (
    enrolment,
    hand_overs,
    me,
    devices,
    timeline,
    step_logs,
    check_ins,
    flags,
    photos,
    sync,
    readiness,
    receipts,
    corrections,
    healing,
    messages,
)


def plug_in(app: Flask) -> None:
    """Register every view of the phone edge; the phone app's shell, which answers unknown paths, is the last."""
    docs.init_app(app, build_surface(app))
    pwa.init_app(app)


def build_surface(app: Flask) -> api.Api:
    """The JSON API with all its routes and their document."""
    surface = api.init_app(app)
    for feature in FEATURES:
        surface.register_blueprint(feature.views, url_prefix=api.PREFIX)
    return surface
