import { useEffect } from "preact/hooks";
import { endHandOver, handOver, offerHandOver } from "../actions/hand_over_offer.ts";
import { install, installPrompt, isInstalled, isIphone } from "../actions/install.ts";
import { minute } from "../actions/state.ts";
import { navigate } from "../lib/router.ts";
import { t } from "../strings/index.ts";
import { startWords } from "../strings/start.ts";
import { AppIcon, Icon, type IconName } from "../ui/icons.tsx";
import { BackButton, Button, Dock, Heading, Phone } from "../ui/page.tsx";

const toToday = () => navigate("/", true);
const STEP_ICONS: (IconName | null)[] = ["share", "plus", null];

export function InstallScreen() {
  useEffect(() => {
    if (isInstalled()) toToday();
    return endHandOver;
  }, []);
  const iphone = isIphone();
  useEffect(() => {
    if (iphone && !isInstalled()) void offerHandOver();
  }, [iphone, minute.value]);
  const words = startWords.install;
  return (
    <Phone>
      <header class="top">
        <BackButton fallback="/start/reminders" />
      </header>
      <main class="scroll q">
        <Heading page={words.page} title={iphone ? words.iphone : words.other} />
        <p class="muted">{iphone ? words.iphoneLead : words.otherLead}</p>
        {iphone && <IphoneSteps />}
        {iphone && handOver.value && <Code code={handOver.value.code} />}
        <div class="card row">
          <AppIcon />
          <div class="grow">
            <div class="b">{t.app}</div>
            <div class="sm muted">{words.discreet}</div>
          </div>
        </div>
        <p class="sm muted">{words.noStore}</p>
        <Dock>
          {installPrompt.value && (
            <Button icon="plus" onClick={() => void install().then((done) => done && toToday())}>
              {words.install}
            </Button>
          )}
          <Button class="sec" onClick={toToday}>
            {installPrompt.value || iphone ? words.later : words.installed}
          </Button>
        </Dock>
      </main>
    </Phone>
  );
}

function IphoneSteps() {
  return (
    <ol class="card flush list">
      {startWords.install.steps.map(([before, strong, after], i) => (
        <li class="li" key={strong}>
          <span class="avatar num" aria-hidden="true">
            {i + 1}
          </span>
          <span class="grow">
            {before}
            <b>{strong}</b>
            {after}
          </span>
          {STEP_ICONS[i] && <Icon name={STEP_ICONS[i]} />}
        </li>
      ))}
    </ol>
  );
}

/** For the day that the phone does not carry the code over by itself. */
function Code({ code }: { code: string }) {
  const words = startWords.install;
  return (
    <p class="card col">
      <span class="muted">{words.codeLead}</span>
      <b class="num" translate={false}>
        {code}
      </b>
      <span class="sm muted">{words.codeLife}</span>
    </p>
  );
}
