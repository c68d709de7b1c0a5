import { me } from "../actions/state.ts";
import type { AllowedAgain, HealingArea } from "../lib/contract.ts";
import { longDate } from "../lib/dates.ts";
import { mergeAllowed, type TopicAnswer } from "../lib/healing.ts";
import { th } from "../strings/healing.ts";
import { language } from "../strings/index.ts";
import { PlanWords } from "../ui/words.tsx";

/** Questions that everybody asks, each with its date. While a red warning is open none is answered. */
export function WhenCanI({ areas }: { areas: HealingArea[] }) {
  const topics = mergeAllowed(areas);
  if (topics.length === 0 || areas.some((area) => area.held)) return null;
  return (
    <section>
      <h2 class="sec-h">{th.when}</h2>
      <div class="card flush list">
        {topics.map((topic) => (
          <Topic key={topic.topic} topic={topic} />
        ))}
      </div>
      <p class="xs muted after">{th.fromPlan(me.value?.practitioner.name ?? "")}</p>
    </section>
  );
}

function Topic({ topic }: { topic: TopicAnswer }) {
  const lines = [...new Set(topic.answers.flatMap(({ answer }) => explain(answer)))];
  const head = (
    <>
      <span class="b">{th.topics[topic.topic]}</span>
      {topic.answers.map(({ areas, answer }) => (
        <span key={areas.join()} class="sm muted own-line">
          {areas.length > 0 ? th.forArea(areas.join(", "), sayWhen(answer)) : sayWhen(answer)}
        </span>
      ))}
    </>
  );
  if (lines.length === 0) return <div class="li topic">{head}</div>;
  return (
    <details class="li more topic">
      <summary>
        <span>{head}</span>
      </summary>
      {lines.map((line) => (
        <p key={line} class="sm muted">
          <PlanWords>{line}</PlanWords>
        </p>
      ))}
    </details>
  );
}

const date = (on: string) => longDate(on, language);

function sayWhen(answer: AllowedAgain): string {
  if (answer.is_now) return answer.then.length > 0 ? th.nowCare : th.now;
  if (answer.on) return th.onDate(date(answer.on));
  const after = th.after[answer.after ?? "skin_closed"](answer.after_days);
  return answer.about_on ? `${after}, ${th.about(date(answer.about_on))}` : after;
}

/** What holds until then, and what holds for a while after it. */
function explain(answer: AllowedAgain): string[] {
  const then = answer.then.map(({ text, until_on }) => (until_on ? th.until(text, date(until_on)) : text));
  return [...answer.meanwhile, ...then];
}
