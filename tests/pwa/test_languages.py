"""The app in other languages in real Chromium: words, direction, what the server says, and what it will send."""

import re

import pytest
from playwright.sync_api import expect

from tests.pwa.phone import AXE, RULES, Opener, Phone, capture
from tests.pwa.server import LivePractice

pytestmark = pytest.mark.browser

START_CHECK_IN = re.compile("بدء المتابعة")
HOW_IS_IT = "كيف الحال اليوم؟"


def find_every_fault(phone: Phone) -> list[str]:
    """All that axe finds at 320 px, however slight."""
    phone.page.evaluate(AXE.read_text())
    found = phone.page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    assert found["passes"], "axe looked at nothing"
    return [f"{one['id']} at {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


def check_from_the_right(phone: Phone, name: str) -> None:
    capture(phone.page, f"{name}-ar-320")
    expect(phone.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.page.locator("html")).to_have_attribute("lang", "ar")
    assert phone.page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert find_every_fault(phone) == []


def test_arabic_from_settings_to_a_result_at_320_px(practice: LivePractice, open_chromium: Opener) -> None:
    phone = open_chromium()
    phone.join(practice.treat("Ana", "saline", day=6))
    phone.page.set_viewport_size({"width": 320, "height": 720})
    phone.open("/settings")
    phone.page.get_by_label("Language").select_option("ar")
    phone.heading("الإعدادات")
    phone.open("/")  # loaded anew: the choice is kept, and no English word is seen first
    phone.sees("عنايتك اليوم")
    phone.sees("الجلسة 1")
    check_from_the_right(phone, "today")
    assert phone.get("/me")["language"] == "ar"
    phone.tap(START_CHECK_IN)
    phone.heading(HOW_IS_IT)
    question = phone.page.locator("fieldset.sign legend bdi").first
    expect(question).to_have_attribute("lang", "en")  # the plan's own words say which language they are in
    check_from_the_right(phone, "checkin-1")
    phone.answer_page()
    phone.tap(re.compile("^متابعة$"))
    phone.tap("لا شيء من هذا")
    phone.tap(re.compile("^إرسال إلى Ida"))
    phone.sees(re.compile("^وصلت إجاباتك إلى Ida"))
    phone.sees("كل شيء كما هو متوقع، اليوم 6")
    phone.sees(re.compile("^الألم: 0 من 10. المعتاد في اليوم 6"))  # the server's own sentence
    check_from_the_right(phone, "result")
    phone.check_silence()


def test_a_spanish_phone_is_greeted_in_spanish_and_the_clinic_knows_it(
    practice: LivePractice, open_chromium: Opener
) -> None:
    phone = open_chromium(locale="es-MX")
    phone.open(practice.treat("Ben", "laser", day=2).link)
    phone.tap("Sí, soy Ben")
    phone.tap("Aceptar y seguir")
    phone.heading(re.compile("aviso discreto"))
    assert phone.get("/me")["language"] == "es"
    phone.open("/next")
    phone.heading("De qué depende")
    phone.sees(re.compile("Esperar es seguro"))  # the server's own sentence
    phone.check_silence()
