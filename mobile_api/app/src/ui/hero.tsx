import type { Area } from "../lib/contract.ts";
import { t } from "../strings/index.ts";

const DOT_CLASS = { done: "", open: "miss", missed: "miss", today: "now", upcoming: "next" } as const;
const SHOWN = 14;

/** Which treatment, which day, and what is usual now. Dots fade into the days to come; later a dot is a week. */
export function Hero({ area }: { area: Area }) {
  const name = [area.method_name, area.label].filter(Boolean).join(", ");
  return (
    <section class="hero" aria-label={t.today.where}>
      <p class="k">{name}</p>
      <p class="day">{t.day(area.day)}</p>
      <p class={`say ${area.phase.what_is_usual.length > 80 ? "long" : ""}`}>{area.phase.what_is_usual}</p>
      <ol class="fade" aria-label={t.today.dots}>
        {area.dots.slice(-SHOWN).map((dot) => (
          <li key={dot.day} class={DOT_CLASS[dot.state]}>
            <span class="vh">{`${t.day(dot.day)}: ${t.today.dot[dot.state]}`}</span>
          </li>
        ))}
      </ol>
      <div class="fade-l" aria-hidden="true">
        <span>{t.today.from}</span>
        <span>{t.today.to}</span>
      </div>
    </section>
  );
}
