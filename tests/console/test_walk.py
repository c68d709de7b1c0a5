"""From the signature to the sign-off through the forms as they stand on the pages."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from backend.services import corrections, extensions, invites, readiness, recall
from backend.services.consents import ConsentGiven
from backend.services.invites import Device
from tests.console.desk import Clinic, Desk, Page, place_of, plan_path
from tests.services import practice as services
from tests.services.practice import Practice, check_in, day

CALM: dict[str, int | str] = {
    "pain": 0, "itch": 0, "redness_level": 0, "redness_spread": "none", "swelling": 0, "fluid": "none",
}  # fmt: skip
HEALED: dict[str, int | str] = {
    **CALM, "skin_open": "no", "skin_shine": "matt", "skin_tone": "matches", "raised": "no", "sun": "no",
    "health_change": "no",
}  # fmt: skip


def sign(desk: Desk, method: str, **answers: str) -> Page:
    return desk.submit(desk.get(plan_path(method)), f"{plan_path(method)}/sign", **answers)


def begin(desk: Desk, client_id: UUID, method: str, **chosen: str) -> Page:
    page = desk.get(f"/console/clients/{client_id}/treatments/new?method={place_of(method)}")
    return desk.submit(page, "/treatments", site="scalp", **chosen)


def treat(desk: Desk, client_id: UUID, method: str, **chosen: str) -> Page:
    """Every step started in turn, then finished; gives the page on which the plan is started."""
    page = begin(desk, client_id, method, **chosen)
    while page.has_form("/start"):
        page = desk.submit(page, "/start")
    return desk.submit(page, "/finish")


def start_plan(clinic: Clinic, desk: Desk, method: str, **chosen: str) -> UUID:
    desk.submit(treat(desk, clinic.practice.ana.id, method, **chosen), "/plan")
    page = desk.get(f"/console/clients/{clinic.practice.ana.id}")
    found = re.search(r"/plans/([0-9a-f-]{36})/hold", page.text)
    assert found is not None
    return UUID(found[1])


def test_a_treatment_of_an_unsigned_method_says_why_and_where_to_sign(clinic: Clinic) -> None:
    desk = clinic.desk
    page = begin(desk, clinic.practice.ana.id, "laser")
    assert page.status == 409
    assert "has not signed" in page.text
    assert plan_path("laser") in page.links


def test_signing_asks_everything_and_keeps_what_was_chosen(clinic: Clinic) -> None:
    desk = clinic.desk
    page = desk.get(plan_path("undo"))
    assert page.text.index("assumptions") < page.text.index("Stages")
    refused = desk.submit(
        page, "/sign", **{"steps-recovery_mask_early": "yes", "steps-recovery_mask_early-minutes": "99"}
    )
    assert refused.status == 422
    assert "From 10 to 20 minutes" in refused.text
    assert refused.text.count("Answer yes or no") >= 2
    assert 'href="#steps-1-minutes"' in refused.text, "a fault leads to its field, and says nothing in the address"
    assert 'id="steps-1-minutes"' in refused.text
    assert not re.search(r'href="#[^"]*mask', refused.text)
    assert 'value="99"' in refused.text, "what was typed stays"
    signed = sign(
        desk,
        "undo",
        **{
            "steps-recovery_mask_early": "yes",
            "steps-recovery_mask_early-minutes": "12",
            "steps-recovery_mask_late": "no",
            "steps-after_scab_gel": "no",
            "clinic_min_days": "70",
        },
    )
    assert signed.status == 200
    assert "Signed, version 1" in signed.text
    assert "Ida Berg" in signed.text
    again = desk.get("/console/settings")
    assert "Confirmed" in again.text, "the first signature confirms the numbers"


def test_only_the_owner_signs(clinic: Clinic) -> None:
    desk = clinic.desk_of(clinic.kim)
    page = desk.get(plan_path("laser"))
    assert "Only the owner signs" in page.text
    refused = desk.submit(page, "/sign", clinic_min_days="28", clinic_min_reason="small areas only")
    assert refused.status == 403
    assert "<h2>Only the owner may change this</h2>" in refused.text
    assert 'value="small areas only"' in refused.text, "what was typed stays"
    assert "Not signed" in desk.get("/console/plans").text


def test_a_page_that_refuses_says_why_and_whom_to_ask(clinic: Clinic) -> None:
    desk = clinic.desk_of(clinic.kim)
    for path, fields in (
        ("/console/settings/numbers", {"emergency": "112"}),
        ("/console/settings/cover", {"practitioner_id": str(clinic.kim.id)}),
    ):
        refused = desk.post(path, fields)
        assert refused.status == 403
        assert "<h1>This needs the clinic&#39;s owner</h1>" in refused.text
        assert "<p>Only the owner may change this.</p>" in refused.text
        assert "<p>Ask the owner to sign in and do it.</p>" in refused.text
    foreign = desk.http.post("/console/settings/numbers", headers={"Sec-Fetch-Site": "cross-site"}).text
    assert ("This request came from another site." in foreign, "the owner" in foreign) == (True, False)


def test_fewer_days_than_the_file_has_need_the_owner_s_reason_which_stands_where_it_counts(clinic: Clinic) -> None:
    desk, saline = clinic.desk, {"steps-ointment": "no", "steps-after_scab_oil": "yes"}
    for days, reason, said in (
        ("49", " ", "Say why it is below the shipped 56 days; your clients read it"),
        ("", "small areas only", "How many days the reason is for, or leave the reason empty"),
        ("49", "x" * 501, "From 1 to 500 characters in one line"),
        ("41", "", "From 42 to 112 days"),
    ):
        refused = sign(desk, "saline", **saline, clinic_min_days=days, clinic_min_reason=reason)
        assert (refused.status, said in refused.text, "Not signed" in refused.text) == (422, True, True), said
        assert f'value="{days}"' in refused.text, "what was typed stays"
    both = sign(desk, "saline", **saline, clinic_min_days="41")
    assert both.text.count('class="err"') == 2, "every fault at once"
    signed = sign(desk, "saline", **saline, clinic_min_days="49", clinic_min_reason="<b>Small</b> areas only")
    assert "at least <b>49 days</b>, below the 56 of the file. Ida Berg: “&lt;b&gt;Small&lt;/b&gt; areas" in signed.text
    start_plan(clinic, desk, "saline", skin_type="II")
    page = desk.get(f"/console/clients/{clinic.practice.ana.id}")
    assert "At least 49 days here, below the 56 of the file. Ida Berg: “&lt;b&gt;Small" in page.text


def test_the_treatment_keeps_the_order_and_the_reason_for_another(clinic: Clinic) -> None:
    desk = clinic.desk
    sign(
        desk,
        "undo",
        **{f"steps-{step}": "yes" for step in ("recovery_mask_early", "recovery_mask_late", "after_scab_gel")},
    )
    page = begin(desk, clinic.practice.ana.id, "undo", skin_type="IV")
    page = desk.submit(desk.submit(page, "/steps/01/start"), "/steps/01/end")
    page = desk.submit(page, "/steps/02/start")
    refused = desk.submit(page, "/steps/04/start", reason="")
    assert refused.status == 409
    page = desk.submit(page, "/steps/04/start", reason="The serum ran out")
    assert "The serum ran out" in page.text
    assert "Skin type IV" in desk.get(f"/console/clients/{clinic.practice.ana.id}").text


def test_from_signature_to_sign_off(clinic: Clinic) -> None:
    desk, ana = clinic.desk, clinic.practice.ana
    sign(desk, "saline", **{"steps-ointment": "no", "steps-after_scab_oil": "yes"})
    plan = start_plan(clinic, desk, "saline", skin_type="II")
    heal(clinic.practice, plan)
    clinic.clock.at = day(60)
    desk = clinic.desk
    page = desk.get(f"/console/clients/{ana.id}")
    assert "6 of 6 views missing" in page.text
    assert not page.has_form("/sign-off")
    page = desk.submit(page, "/seen-in-person")
    assert "Ready for your sign-off" in page.text
    page = desk.submit(page, "/sign-off")
    assert "Signed off by Ida Berg" in page.text
    assert "signed off readiness" in page.text
    page = desk.submit(page, "/revoke", reason="Let us wait")
    assert "Let us wait" in page.text
    page = desk.submit(page, "/hold", reason="I want to see it first")
    assert "On hold" in page.text
    assert "Ready for your sign-off" in desk.submit(page, "/release").text


def test_one_condition_is_signed_by_itself(clinic: Clinic) -> None:
    desk, ana = clinic.desk, clinic.practice.ana
    sign(desk, "saline", **{"steps-ointment": "no", "steps-after_scab_oil": "yes"})
    plan = start_plan(clinic, desk, "saline")
    heal(clinic.practice, plan, skin_tone="darker")
    clinic.clock.at = day(60)
    desk = clinic.desk
    page = desk.submit(desk.get(f"/console/clients/{ana.id}"), "/seen-in-person")
    conditions = [form.sent.get("condition_id") for form in page.forms]
    assert "tone_ok" in conditions
    page = desk.submit(page, "/condition", condition_id="tone_ok")
    state = readiness.get_plan_readiness(clinic.practice.staff, plan, now=day(60)).readiness
    tone = next(reason for reason in state.reasons if reason.id == "tone_ok")
    assert tone.met
    assert "tone_ok" not in [form.sent.get("condition_id") for form in page.forms]


def test_a_health_factor_holds_until_somebody_says_what_cleared_it(clinic: Clinic) -> None:
    desk, ana = clinic.desk, clinic.practice.ana
    sign(desk, "laser")
    start_plan(clinic, desk, "laser", **{"factor-diabetes": "yes"})
    page = desk.get(f"/console/clients/{ana.id}")
    assert "On hold" in page.text
    assert desk.submit(page, "/clear", note=" ").status == 422
    page = desk.submit(page, "/clear", note="Letter of 3 March seen")
    assert "Letter of 3 March seen" in page.text
    assert "On hold" not in page.text


def test_a_date_that_was_set_moves_what_hangs_on_it_and_a_wrong_one_changes_nothing(clinic: Clinic) -> None:
    desk, ana = clinic.desk, clinic.practice.ana
    sign(desk, "saline", **{"steps-ointment": "no", "steps-after_scab_oil": "yes"})
    start_plan(clinic, desk, "saline")
    clinic.clock.at = day(14)
    desk = clinic.desk
    page = desk.get(f"/console/clients/{ana.id}")
    refused = desk.submit(page, "/anchor/look", anchor="scabs_off", on="2026-01-01")
    assert refused.status == 422
    assert 'value="2026-01-01"' in refused.text, "what was typed stays"
    assert "not yet" in desk.get(f"/console/clients/{ana.id}").text
    page = desk.submit(desk.submit(page, "/anchor/look", anchor="scabs_off", on="2026-03-14"), "/anchor")
    assert "14 Mar 2026" in page.text
    page = desk.submit(desk.submit(page, "/appointment/look", on="2026-05-11", at="14:30"), "/appointment")
    assert "11 May 2026, 14:30" in page.text


def test_an_invitation_is_shown_once_works_once_and_says_when_the_phone_is_in(clinic: Clinic) -> None:
    desk = clinic.desk
    page = desk.submit(desk.get(f"/console/clients/{clinic.ben.id}"), "/console/invites")
    assert page.status == 201
    assert 'class="qr"' in page.text
    code, state = shown_code(page), shown_state(page)
    assert desk.http.get(state).json == {"state": "waiting"}
    join(code, clinic.clock.at)
    assert desk.http.get(state).json == {"state": "joined"}


def test_a_revoked_invitation_no_longer_works(clinic: Clinic) -> None:
    desk = clinic.desk
    page = desk.submit(desk.get("/console/invites"), "/console/invites", client_id=str(clinic.ben.id))
    desk.submit(page, "/revoke")
    assert desk.http.get(shown_state(page)).json == {"state": "revoked"}
    late = desk.submit(desk.get("/console/invites"), "/console/invites", client_id=str(clinic.ben.id))
    clinic.clock.at += timedelta(hours=49)
    assert clinic.desk.http.get(shown_state(late)).json == {"state": "expired"}


def test_a_new_client_needs_a_name_and_a_real_zone(clinic: Clinic) -> None:
    desk = clinic.desk
    page = desk.get("/console/clients")
    refused = desk.submit(page, "/clients", name="  ", zone="Mars/Base")
    assert refused.status == 422
    assert "Error:" in refused.title
    refused = desk.submit(page, "/clients", name="Dana", zone="Mars/Base")
    assert refused.status == 422
    assert 'value="Dana"' in refused.text
    assert "is not an IANA time zone" in refused.text
    assert "Dana" in desk.submit(page, "/clients", name="Dana", zone="Asia/Kathmandu").text


def heal(practice: Practice, plan: UUID, **odd: int | str) -> None:
    """Checks in calmly up to day 56; scabs are off on day 12."""
    for on in (7, 10, 12, 14, 17):
        check_in(practice, plan, on, {**HEALED, "scab_stage": 5 if on >= 12 else 3})
    for on in (21, 28, 42):
        check_in(practice, plan, on, HEALED)
    check_in(practice, plan, 56, {**HEALED, **odd})
    extensions.extend(practice.ida.clinic_id, plan, now=day(56, 12))


def shown_code(page: Page) -> str:
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.text)
    assert found is not None
    return found[0]


def shown_state(page: Page) -> str:
    found = re.search(r'data-state="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def join(code: str, now: datetime) -> None:
    consents = [ConsentGiven("care", True, "2026-11-22")]
    invites.redeem(code, Device("Phone", "web", "Europe/London", "en"), consents, origin="phone", now=now)


def test_the_plan_s_page_says_who_has_read_a_correction(clinic: Clinic) -> None:
    practice = clinic.practice
    services.sign(practice, "saline")
    services.start_plan(practice, "saline")
    services.start_plan(Practice(practice.ida, clinic.ben), "saline")
    clinic.clock.at = day(3)
    desk = clinic.desk_of(clinic.kim)
    assert "Corrections sent" not in desk.get(plan_path("saline")).text
    recall.send_correction(practice.staff, "saline", 1, "blot", "Use a <i>clean</i> towel.", now=day(2))
    (sent,) = corrections.list_corrections(practice.phone)
    corrections.note_read(practice.phone, sent.id, now=day(3))
    page = desk.get(plan_path("saline"))
    assert "“Use a &lt;i&gt;clean&lt;/i&gt; towel.”" in page.text
    assert "Read by 1 of 2" in page.text
    ana, ben = (page.text.index(f">{name}</a>: ") for name in ("Ana", "Ben"))
    assert page.text[ana:].startswith(">Ana</a>: read today, ")
    assert page.text[ben:].startswith(">Ben</a>: <b>not read yet</b>")
    assert "Corrections sent" not in desk.get(plan_path("laser")).text
