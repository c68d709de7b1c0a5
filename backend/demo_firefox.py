"""A Firefox for `./run demo --firefox` that takes its pushes from the local push service."""

import json
from pathlib import Path

PREFERENCES = {
    "dom.push.testing.allowInsecureServerURL": True,
    "dom.push.connection.enabled": True,
    "permissions.default.desktop-notification": 1,
    "alerts.useSystemBackend": False,
    "services.settings.server": "data:,",
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


def make_profile(folder: Path, push_port: int) -> Path:
    """A Firefox profile that takes its pushes from the local push service (FIELD_NOTES 10)."""
    wanted = PREFERENCES | {"dom.push.serverURL": f"ws://127.0.0.1:{push_port}/ws"}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wanted.items()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "user.js").write_text("\n".join(lines) + "\n")
    return folder
