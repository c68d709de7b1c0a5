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
    surface = api.init_app(app)
    for feature in FEATURES:
        surface.register_blueprint(feature.views, url_prefix=api.PREFIX)
    docs.init_app(app, surface)
    pwa.init_app(app)
