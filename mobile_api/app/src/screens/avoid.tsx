import { mergeAdvice, type MergedAdvice } from "../lib/areas.ts";
import type { Area } from "../lib/contract.ts";
import { t } from "../strings/index.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { PlanWords } from "../ui/words.tsx";

/** What to leave alone and what starts later, as chips; a tap tells why and until when. */
export function NotYet({ areas }: { areas: Area[] }) {
  return (
    <>
      <Chips title={t.today.notYet} icon="cross" items={mergeAdvice(areas, (area) => area.avoid)} />
      <Chips title={t.today.later} icon="clock" items={mergeAdvice(areas, (area) => area.not_yet)} />
    </>
  );
}

function Chips({ title, icon, items }: { title: string; icon: IconName; items: MergedAdvice[] }) {
  if (items.length === 0) return null;
  const begun = icon === "cross";
  const untils = new Set(items.map((item) => listUntils(item).join(" ")));
  const shared = begun && untils.size === 1 && items[0]!.untils.length === 1 ? items[0]!.untils[0]!.text : "";
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

function listUntils(item: MergedAdvice): string[] {
  return item.untils.map(({ text, areas }) =>
    areas.length > 0 ? t.today.untilFor(text, areas.join(", ")) : t.today.until(text),
  );
}

function Chip({ item, icon, showUntil }: { item: MergedAdvice; icon: IconName; showUntil: boolean }) {
  const untils = showUntil ? listUntils(item) : [];
  const name = (
    <>
      <Icon name={icon} small />
      <Titled item={item} />
    </>
  );
  if (!item.instruction && untils.length === 0) return <span class="chip">{name}</span>;
  return (
    <details class="chip">
      <summary>{name}</summary>
      <p>
        <PlanWords>{item.instruction}</PlanWords> {untils.join(" ")}
      </p>
    </details>
  );
}

/** The title, with the areas that it is for where it is not for all. */
function Titled({ item }: { item: MergedAdvice }) {
  return (
    <span>
      <PlanWords>{item.title}</PlanWords>
      {item.areas.length > 0 && <span class="muted">, {item.areas.join(", ")}</span>}
    </span>
  );
}

export function WhenNeeded({ areas }: { areas: Area[] }) {
  const items = mergeAdvice(areas, (area) => area.as_needed);
  if (items.length === 0) return null;
  return (
    <section>
      <h2 class="sec-h">{t.today.whenNeeded}</h2>
      <div class="card flush list">
        {items.map((item) => (
          <details key={item.id} class="li more">
            <summary>
              <Titled item={item} />
            </summary>
            <p class="sm muted">
              <PlanWords>{item.instruction}</PlanWords>
            </p>
          </details>
        ))}
      </div>
    </section>
  );
}
