import type { Advice, Area } from "../lib/contract.ts";
import { t } from "../strings/index.ts";
import { Icon, type IconName } from "../ui/icons.tsx";

/** What to leave alone and what starts later, as chips; a tap tells why and until when. */
export function NotYet({ area }: { area: Area }) {
  return (
    <>
      <Chips title={t.today.notYet} icon="cross" items={area.avoid} />
      <Chips title={t.today.later} icon="clock" items={area.not_yet} />
    </>
  );
}

function Chips({ title, icon, items }: { title: string; icon: IconName; items: Advice[] }) {
  if (items.length === 0) return null;
  const begun = icon === "cross";
  const untils = new Set(items.map((item) => item.until_text ?? ""));
  const shared = begun && untils.size === 1 ? [...untils][0] : "";
  return (
    <section>
      <h2 class="sec-h">
        {title} {shared && <span class="xs muted">{t.today.untilShort(shared)}</span>}
      </h2>
      <ul class="chips">
        {items.map((item) => (
          <li key={item.id}>
            <Chip item={item} icon={icon} showUntil={begun && !shared} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Chip({ item, icon, showUntil }: { item: Advice; icon: IconName; showUntil: boolean }) {
  const until = showUntil && item.until_text ? t.today.until(item.until_text) : "";
  const more = [item.instruction, until].filter(Boolean).join(" ");
  const name = (
    <>
      <Icon name={icon} small />
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
