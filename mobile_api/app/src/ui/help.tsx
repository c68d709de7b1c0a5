import { useState } from "preact/hooks";
import type { EmergencyNumbers, Level, Me, Who } from "../lib/contract.ts";
import { t } from "../strings/index.ts";
import { Icon } from "./icons.tsx";
import { Button, CallButton } from "./page.tsx";
import { PlanWords } from "./words.tsx";

/** Known everywhere in Europe and on every mobile phone: what stands here before the clinic's country is known. */
const UNKNOWN: EmergencyNumbers = { country: "", emergency: "112", advice: null, advice_name: null };

export function numbersOf(me: Me | null): EmergencyNumbers {
  return me?.emergency[0] ?? UNKNOWN;
}

interface HelpCardProps {
  level: Level;
  advice: string[];
  me: Me | null;
  heading?: "h1" | "h2";
  onCall?: (() => void) | undefined;
}

/** The red card: what to do, and whom to call first. */
export function HelpCard({ level, advice, me, heading = "h2", onCall }: HelpCardProps) {
  const Title = heading;
  return (
    <section class="verdict urgent" role="alert">
      <Title tabIndex={-1}>
        <Icon name="alert" />
        <span>{t.levels[level](0)}</span>
      </Title>
      {[...new Set(advice)].map((text) => (
        <p key={text}>
          <PlanWords>{text}</PlanWords>
        </p>
      ))}
      <CallButtons level={level} me={me} onCall={onCall} />
    </section>
  );
}

function CallButtons({ level, me, onCall }: Pick<HelpCardProps, "level" | "me" | "onCall">) {
  const numbers = numbersOf(me);
  const call = (number: string, text: string) => (
    <CallButton key={number} number={number} onCall={onCall}>
      {text}
    </CallButton>
  );
  if (level === "now") {
    return <div class="col g3 calls">{call(numbers.emergency, t.call(numbers.emergency))}</div>;
  }
  return (
    <div class="col g3 calls">
      {numbers.advice && call(numbers.advice, t.call(numbers.advice))}
      {me?.studio.phone && call(me.studio.phone, t.callStudio(me.studio.name))}
      {!numbers.advice && !me?.studio.phone && call(numbers.emergency, t.call(numbers.emergency))}
    </div>
  );
}

/** When to call the emergency number: the gravest signs, in the plan's own words. */
export function EmergencyBox({ me, signs }: { me: Me | null; signs: string[] }) {
  const number = numbersOf(me).emergency;
  return (
    <section class="care em">
      <h2>{t.help.now(number)}</h2>
      <div class="in">
        <ul class="dot">
          {signs.map((sign) => (
            <li key={sign}>
              <PlanWords>{sign}</PlanWords>
            </li>
          ))}
          <li>{t.help.nowAny}</li>
        </ul>
      </div>
    </section>
  );
}

/** "I have got help", which asks one thing: who it was. */
export function GotHelp({ onTell }: { onTell: (who: Who) => void }) {
  const [asking, setAsking] = useState(false);
  const [who, setWho] = useState<Who | null>(null);
  const [told, setTold] = useState(false);
  if (told) return <p role="status">{t.warning.whoThanks}</p>;
  if (!asking) {
    return (
      <Button class="ghost" onClick={() => setAsking(true)}>
        {t.warning.gotHelp}
      </Button>
    );
  }
  const tell = () => {
    if (!who) return;
    setTold(true);
    onTell(who);
  };
  return (
    <fieldset class="sign">
      <legend>
        <span class="b">{t.warning.who}</span>
      </legend>
      <WhoList who={who} onChoose={setWho} />
      <Button class="sec below" disabled={!who} onClick={tell}>
        {t.warning.whoSave}
      </Button>
    </fieldset>
  );
}

function WhoList({ who, onChoose }: { who: Who | null; onChoose: (who: Who) => void }) {
  return (
    <div class="card flush">
      {(Object.keys(t.warning.whoOptions) as Who[]).map((one) => (
        <label key={one} class="pick">
          <input
            type="radio"
            class="box round"
            name="who"
            checked={who === one}
            onChange={() => onChoose(one)}
          />
          <span>{t.warning.whoOptions[one]}</span>
        </label>
      ))}
    </div>
  );
}
