import type { Area } from "../lib/contract.ts";
import { listDots } from "../lib/day.ts";
import { t } from "../strings/index.ts";
import { PlanWords } from "./words.tsx";

const DOT_CLASS = { done: "", open: "miss", missed: "miss", today: "now", upcoming: "next" } as const;

interface HeroProps {
  area: Area;
  /** The area's name, where there are several. */
  name: string;
}

/** Which treatment, which day, and what is usual now. Dots fade into the days to come; later a dot is a week. */
export function Hero({ area, name }: HeroProps) {
  const { weeks, dots } = listDots(area);
  const nameOf = weeks ? t.week : t.day;
  return (
    <section class="hero" aria-label={placeName(name)}>
      <p class="k">{treatmentName(area, name)}</p>
      <p class="day">{t.day(area.day)}</p>
      <p class={`say ${area.phase.what_is_usual.length > 80 ? "long" : ""}`}>
        <PlanWords>{area.phase.what_is_usual}</PlanWords>
      </p>
      <ol class="fade" aria-label={weeks ? t.today.weeks : t.today.dots}>
        {dots.map((dot) => (
          <li key={dot.number} class={DOT_CLASS[dot.state]}>
            <span class="vh">{`${nameOf(dot.number)}: ${t.today.dot[dot.state]}`}</span>
          </li>
        ))}
      </ol>
      <div class="fade-l" aria-hidden="true">
        <span>{nameOf(dots[0]?.number ?? 0)}</span>
        <span>{nameOf(dots.at(-1)?.number ?? 0)}</span>
      </div>
    </section>
  );
}

/** The same for a further area, in short. */
export function ShortHero({ area, name }: HeroProps) {
  return (
    <section class="hero short" aria-label={placeName(name)}>
      <p class="k">{treatmentName(area, name)}</p>
      <p class="day">{t.day(area.day)}</p>
      <p class="say long">
        <PlanWords>{area.phase.what_is_usual}</PlanWords>
      </p>
    </section>
  );
}

function treatmentName(area: Area, name: string): string {
  return t.today.treatment([name, area.method_name, area.label].filter(Boolean));
}

function placeName(name: string): string {
  return name ? t.today.whereOf(name) : t.today.where;
}
