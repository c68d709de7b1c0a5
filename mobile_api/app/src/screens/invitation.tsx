import { useEffect } from "preact/hooks";
import { decline, inviteState, loadInvite } from "../actions/enrolment.ts";
import { setLanguage, spoken } from "../actions/language.ts";
import type { Invite } from "../lib/contract.ts";
import { longDate } from "../lib/dates.ts";
import { navigate } from "../lib/router.ts";
import { language, t } from "../strings/index.ts";
import { AppIcon, Icon, type IconName } from "../ui/icons.tsx";
import { LanguageSelect } from "../ui/language_select.tsx";
import { Button, CallButton, Dock, Heading, Phone, Skeleton } from "../ui/page.tsx";

/** What the link from the clinic opens. Says nothing of the treatment. */
export function InvitationScreen({ code }: { code: string }) {
  useEffect(() => void loadInvite(code), [code]);
  const state = inviteState.value;
  return (
    <Phone>
      <main class="scroll welcome">
        <div class="row">
          <AppIcon />
          <span class="b grow">{t.app}</span>
          <LanguagePicker />
        </div>
        {state.is === "loading" && <Skeleton />}
        {state.is === "open" && <Welcome code={state.code} invite={state.invite} />}
        {state.is === "spent" && <Spent phone={state.studioPhone} />}
        {state.is === "offline" && (
          <Message title={t.welcome.offline} lead={t.welcome.offlineLead} icon="offline">
            <Button class="sec" onClick={() => void loadInvite(code)}>
              {t.tryAgain}
            </Button>
          </Message>
        )}
        {state.is === "declined" && (
          <Message title={t.welcome.declined} lead={t.welcome.declinedLead} icon="check" />
        )}
      </main>
    </Phone>
  );
}

function LanguagePicker() {
  return (
    <label class="row">
      <Icon name="globe" small />
      <span class="vh">{t.languageLabel}</span>
      <LanguageSelect value={spoken.value} onChoose={(chosen) => void setLanguage(chosen)} />
    </label>
  );
}

function Welcome({ code, invite }: { code: string; invite: Invite }) {
  const who = invite.practitioner_short;
  const words = t.welcome;
  return (
    <>
      <div class="col g3">
        <Heading page={words.page} title={words.title(invite.client_name, who)} class="display" />
        <p class="muted">{words.lead(who)}</p>
      </div>
      <section class="hero slim" aria-label={words.invitation}>
        <p class="k">{words.invitedBy}</p>
        <p class="say wide">{invite.practitioner_name}</p>
        <p class="k">
          {words.validUntil(invite.studio, longDate(invite.valid_until.slice(0, 10), language))}
        </p>
      </section>
      <ul class="col g4">
        <Promise icon="clock" words={words.quick} />
        <Promise icon="lock" words={words.privacy(who)} />
        <Promise icon="bell" words={words.quiet} />
      </ul>
      <Dock>
        <Button onClick={() => navigate("/start/consent")}>{words.yes(invite.client_name)}</Button>
        <Button class="ghost" onClick={() => void decline(code)}>
          {words.no}
        </Button>
      </Dock>
    </>
  );
}

function Promise({ icon, words }: { icon: IconName; words: readonly string[] }) {
  return (
    <li class="row start">
      <Icon name={icon} />
      <span>
        <span class="b">{words[0]}</span> <span class="muted">{words[1]}</span>
      </span>
    </li>
  );
}

function Spent({ phone }: { phone: string | null }) {
  return (
    <Message title={t.welcome.spent} lead={t.welcome.spentLead} icon="info">
      {phone && <CallButton number={phone}>{t.call(phone)}</CallButton>}
    </Message>
  );
}

interface MessageProps {
  title: string;
  lead: string;
  icon: IconName;
  children?: preact.ComponentChildren;
}

function Message({ title, lead, icon, children }: MessageProps) {
  return (
    <section class="card col g3 message" role="status">
      <Icon name={icon} />
      <Heading page={t.welcome.page} title={title} />
      <p class="muted">{lead}</p>
      {children}
    </section>
  );
}
