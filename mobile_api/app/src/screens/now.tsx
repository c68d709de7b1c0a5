import { useEffect } from "preact/hooks";
import { sendIfRed } from "../actions/check_ins.ts";
import { draft, me } from "../actions/state.ts";
import { navigate } from "../lib/router.ts";
import { checkInWords } from "../strings/check_in.ts";
import { t } from "../strings/index.ts";
import { numbersOf } from "../ui/help.tsx";
import { Icon } from "../ui/icons.tsx";
import { Button, CallButton, Heading, Phone } from "../ui/page.tsx";
import { PlanWords } from "../ui/words.tsx";

/** Long enough to take back a slip of the thumb, short enough to wait for nobody. */
const SLIP_MS = 5_000;

/** What was ticked is sent first, so that the card has it. */
async function showCard(): Promise<void> {
  const sent = (await sendIfRed()) ?? draft.value?.amends;
  const id = sent ?? draft.value?.care_plan_id;
  if (id) navigate(`/card/${id}`);
}

/** Fills the screen: one button, nothing above it. What was ticked is sent by itself. */
export function NowScreen({ advice, onBack }: { advice: string[]; onBack: () => void }) {
  useEffect(() => {
    const sending = setTimeout(() => void sendIfRed(), SLIP_MS);
    return () => clearTimeout(sending);
  }, []);
  const number = numbersOf(me.value).emergency;
  return (
    <Phone class="nowscreen">
      <main class="verdict urgent full">
        <div role="alert" class="col g4">
          <CallButton number={number} class="grand" onCall={() => void sendIfRed()}>
            {checkInWords.checkIn.callNowTitle(number)}
          </CallButton>
          <Icon name="alert" />
          <Heading page={t.help.page} title={t.levels.now(0)} />
          {[...new Set(advice)].map((text) => (
            <p key={text}>
              <PlanWords>{text}</PlanWords>
            </p>
          ))}
        </div>
        <Button class="mistake" onClick={() => void showCard()}>
          {t.states.showCard}
        </Button>
        <Button class="mistake" onClick={onBack}>
          {checkInWords.checkIn.untick}
        </Button>
      </main>
    </Phone>
  );
}
