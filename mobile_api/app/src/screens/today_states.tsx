import { useEffect, useState } from "preact/hooks";
import { putAwayChange } from "../actions/day.ts";
import { installCard, installPrompt, lookForInstallCard, putAwayInstallCard } from "../actions/install.ts";
import { planChange, results, serverFault } from "../actions/state.ts";
import type { Area } from "../lib/contract.ts";
import { listText } from "../lib/lists.ts";
import type { PlanChange } from "../lib/plan_change.ts";
import { navigate } from "../lib/router.ts";
import { language, t } from "../strings/index.ts";
import { AppIcon, Icon } from "../ui/icons.tsx";
import { lazy } from "../ui/lazy.tsx";
import { Banner, Button, Note } from "../ui/page.tsx";

/** The days ahead, where there is a plan to tell them from. */
export const WeekAhead = lazy<{ areas: Area[] }>(
  () => import("./week_ahead.tsx").then((part) => part.WeekAhead),
  null,
  null,
);

/** What the clinic put right and is still to be read. */
export const CorrectionCards = lazy(
  () => import("./correction.tsx").then((part) => part.CorrectionCards),
  null,
  null,
);

/** The server has a fault of its own: nothing is lost, and nothing is to be done. */
export function FaultBanner() {
  if (!serverFault.value) return null;
  return (
    <Banner icon="offline">
      <b>{t.states.fault}</b> {t.states.faultLead}
    </Banner>
  );
}

/** Says once what a new copy of the plan changed; gone when it is put away. */
export function PlanChangedNote() {
  const change = planChange.value;
  if (!change) return null;
  return (
    <div role="status">
      <Note tone="pri" icon="info">
        <div class="row start">
          <p class="grow">
            <b>{t.states.planChanged}</b> {describe(change)}
          </p>
          <button type="button" class="icon-btn" aria-label={t.close} onClick={() => void putAwayChange()}>
            <Icon name="cross" />
          </button>
        </div>
      </Note>
    </div>
  );
}

function describe({ added, changed, gone }: PlanChange): string {
  const say = (words: (steps: string) => string, steps: string[]) =>
    steps.length > 0 ? [words(listText(steps, language))] : [];
  const { planAdded, planOther, planGone } = t.states;
  return [...say(planAdded, added), ...say(planOther, changed), ...say(planGone, gone)].join(" ");
}

/** One small card, once, after the second check-in, where the app is not on the Home Screen yet. */
export function InstallCard() {
  const [open, setOpen] = useState(true);
  useEffect(() => void lookForInstallCard(), [installPrompt.value, results.value.length]);
  if (!installCard.value || !open) return null;
  const close = (to?: string) => {
    setOpen(false);
    void putAwayInstallCard();
    if (to) navigate(to);
  };
  return (
    <section class="card col g3">
      <div class="row">
        <AppIcon />
        <div class="grow">
          <h2 class="b">{t.states.install}</h2>
          <p class="sm muted">{t.states.installLead}</p>
        </div>
      </div>
      <Button class="sec h48" onClick={() => close("/start/install")}>
        {t.states.installShow}
      </Button>
      <Button class="ghost" onClick={() => close()}>
        {t.states.installNo}
      </Button>
    </section>
  );
}
