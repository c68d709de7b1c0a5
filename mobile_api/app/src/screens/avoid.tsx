import type { Advice, Area } from "../lib/contract.ts";
import { t } from "../strings/index.ts";
import { Icon } from "../ui/icons.tsx";

/** What to leave alone, as chips; a tap tells why and until when. */
export function NotYet({ area }: { area: Area }) {
  return (
    <>
      <Chips title={t.today.avoid} items={area.avoid} />
      <Chips title={t.today.notYet} items={area.not_yet} />
    </>
  );
}

function Chips({ title, items }: { title: string; items: Advice[] }) {
  if (items.length === 0) return null;
  const untils = new Set(items.map((item) => item.until_text ?? ""));
  const shared = untils.size === 1 ? [...untils][0] : "";
  return (
    <section>
      <h2 class="sec-h">
        {title} {shared && <span class="xs muted">{shared}</span>}
      </h2>
      <ul class="chips">
        {items.map((item) => (
          <li key={item.id}>
            <Chip item={item} showUntil={!shared} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Chip({ item, showUntil }: { item: Advice; showUntil: boolean }) {
  const until = showUntil && item.until_text ? t.today.until(item.until_text) : "";
  const more = [item.instruction, until].filter(Boolean).join(" ");
  const name = (
    <>
      <Icon name="cross" small />
      <span>{item.title}</span>
    </>
  );
  if (!more) return <span class="chip">{name}</span>;
  return (
    <details class="chip">
      <summary>{name}</summary>
      <p>{more}</p>
    </details>
  );
}

export function WhenNeeded({ area }: { area: Area }) {
  if (area.as_needed.length === 0) return null;
  return (
    <section>
      <h2 class="sec-h">{t.today.whenNeeded}</h2>
      <div class="card flush list">
        {area.as_needed.map((item) => (
          <details key={item.id} class="li more">
            <summary>{item.title}</summary>
            <p class="sm muted">{item.instruction}</p>
          </details>
        ))}
      </div>
    </section>
  );
}
