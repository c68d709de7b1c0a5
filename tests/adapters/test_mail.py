"""Mail: over a real SMTP conversation on loopback, and to the log."""

import pytest

from backend.adapters.mail import LogMailer, SmtpMailer, mailer_from
from backend.errors import MailError, SettingsError
from tests.doubles.mail_server import MailServerDouble

SENDER = "Fallow <reminders@fallow.example>"


def test_a_mail_arrives_with_its_words() -> None:
    with MailServerDouble() as server:
        mailer_from(f"smtp://127.0.0.1:{server.port}", SENDER).send(
            "ana@example.org", "Fallow", "Time for today’s check-in"
        )
    (mail,) = server.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == ("ana@example.org", SENDER, "Fallow")
    assert mail.get_content().strip() == "Time for today’s check-in"


def test_a_password_is_shown_to_the_server_and_may_hold_any_character() -> None:
    with MailServerDouble(user="us@er", password="p:w/d") as server:
        mailer_from(f"smtp://us%40er:p%3Aw%2Fd@127.0.0.1:{server.port}", SENDER).send("ana@example.org", "Fallow", "x")
        assert len(server.mails) == 1
        wrong = mailer_from(f"smtp://us%40er:wrong@127.0.0.1:{server.port}", SENDER)
        with pytest.raises(MailError, match="SMTPAuthenticationError"):
            wrong.send("ana@example.org", "Fallow", "x")
    assert len(server.mails) == 1


def test_a_password_never_leaves_this_machine_in_the_clear() -> None:
    with MailServerDouble(user="user", password="word") as server:
        mailer = SmtpMailer(f"smtp://user:word@127.0.0.1:{server.port}", SENDER)
        mailer._loopback = False  # as any other host without STARTTLS
        with pytest.raises(MailError, match="SMTPNotSupportedError"):
            mailer.send("ana@example.org", "Fallow", "x")
    assert server.mails == []


def test_a_refusal_silence_or_absence_is_a_mail_error_without_the_address() -> None:
    with MailServerDouble(refuse="550 no such ana@example.org") as server, MailServerDouble(silent=True) as silent:
        absent_port = server.port
        mailers = [
            SmtpMailer(f"smtp://127.0.0.1:{server.port}", SENDER),
            SmtpMailer(f"smtp://127.0.0.1:{silent.port}", SENDER, timeout_s=0.3),
            SmtpMailer(f"smtps://127.0.0.1:{server.port}", SENDER),
        ]
        for mailer in mailers:
            with pytest.raises(MailError) as found:
                mailer.send("ana@example.org", "Fallow", "x")
            assert "ana" not in str(found.value)
            assert found.value.__cause__ is None
    with pytest.raises(MailError):
        SmtpMailer(f"smtp://127.0.0.1:{absent_port}", SENDER).send("ana@example.org", "Fallow", "x")


@pytest.mark.parametrize(
    ("to", "subject"), [("ana@example.org\r\nBcc: all@example.org", "x"), ("ana@example.org", "x\nBcc: y")]
)
def test_a_line_break_smuggles_in_no_header(to: str, subject: str) -> None:
    with MailServerDouble() as server:
        with pytest.raises(MailError):
            SmtpMailer(f"smtp://127.0.0.1:{server.port}", SENDER).send(to, subject, "x")
        assert server.mails == []


def test_without_a_server_mail_goes_to_the_log_without_address_and_body(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for url in (None, ""):
        mailer = mailer_from(url, SENDER)
        assert isinstance(mailer, LogMailer)
        mailer.send("ana@example.org", "Fallow", "https://fallow.example/i/SECRET")
    assert "Fallow" in caplog.text
    assert "ana@" not in caplog.text
    assert "SECRET" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://h",
        "smtp://",
        "smtp://h:99999",
        "smtp://h:word",
        "smtp://u:SECRET@h/path",
        "smtp://u:SECRET@h?x=1",
        "smtp://[h",
    ],
)
def test_a_wrong_url_is_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(SettingsError, match="FALLOW_MAIL_URL must be") as found:
        mailer_from(url, SENDER)
    assert "SECRET" not in str(found.value)
