"""fcm-django 3.2 sends to its own devices in memory; it neither claims nor records, so this is the send alone."""

import json
import sys
from typing import Any

from tests.bench.answering import Watch, answer


def main(written: str) -> None:
    import django
    import firebase_admin
    from django.conf import settings
    from firebase_admin import credentials, messaging

    config = json.loads(written)
    messaging._MessagingService.FCM_URL = config["fcm_url"] + "/v1/projects/{0}/messages:send"
    app = firebase_admin.initialize_app(credentials.Certificate(config["account"]), {"httpTimeout": 15})
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "fcm_django"],
        FCM_DJANGO_SETTINGS={"DEFAULT_FIREBASE_APP": app},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command
    from fcm_django.models import FCMDevice

    call_command("migrate", verbosity=0)
    ids = [f"{number:032x}" * 5 for number in range(500)]
    FCMDevice.objects.bulk_create(FCMDevice(registration_id=token, type="android") for token in ids)

    def run_pass(asked: dict[str, Any]) -> dict[str, Any]:
        watch, handled = Watch(), 0
        while handled < asked["count"]:
            message = messaging.Message(
                notification=messaging.Notification(title="Fallow", body="Time for today’s check-in"),
                data={"v": "1", "id": f"{handled:032x}", "t": "3"},
            )
            answers = FCMDevice.objects.all().send_message(message, app=app).response.responses
            handled += sum(1 for each in answers if each.success)
        return watch.read(handled)

    answer(run_pass)


if __name__ == "__main__":
    main(*sys.argv[1:])
