import { useMemo, useState } from "preact/hooks";
import type { AnswerValue, HealingArea, HealingSign, UsualRow } from "../lib/contract.ts";
import { isCurve, listRows, usualOn } from "../lib/healing.ts";
import { buildPlot } from "../lib/plot.ts";
import { th } from "../strings/healing.ts";
import { Chart } from "../ui/chart.tsx";
import { Choices } from "../ui/choices.tsx";

interface SignsProps {
  area: HealingArea;
  asList: boolean;
  onFail: () => void;
}

/** Each sign by itself, never one line made of several. */
export function Signs({ area, asList, onFail }: SignsProps) {
  const [chosen, choose] = useState("");
  const sign = area.signs.find((one) => one.question === chosen);
  const options = area.signs.map((one) => ({ value: one.question, label: one.name }));
  return (
    <>
      <Choices
        label={th.signs}
        options={[{ value: "", label: th.allSigns }, ...options]}
        chosen={sign ? chosen : ""}
        onChoose={choose}
      />
      {sign ? (
        <OneSign key={sign.question} area={area} sign={sign} asList={asList} onFail={onFail} />
      ) : (
        <AllSigns area={area} asList={asList} onFail={onFail} />
      )}
    </>
  );
}

function OneSign({ area, sign, asList, onFail }: SignsProps & { sign: HealingSign }) {
  if (asList || !isCurve(sign)) {
    return (
      <section class="card">
        <SignTable area={area} sign={sign} />
      </section>
    );
  }
  return (
    <figure class="card curve">
      <Curve area={area} sign={sign} onFail={onFail} />
      <Key area={area} />
    </figure>
  );
}

/** Small curves side by side; what has no order between its answers as a list below. */
function AllSigns({ area, asList, onFail }: SignsProps) {
  const curves = asList ? [] : area.signs.filter(isCurve);
  const lists = area.signs.filter((sign) => !isCurve(sign));
  return (
    <>
      {curves.length > 0 && (
        <figure class="card curve">
          <div class="smalls">
            {curves.map((sign) => (
              <div key={sign.question}>
                <h2 class="sm b">{sign.name}</h2>
                <p class="xs muted">{newestText(sign)}</p>
                <Curve area={area} sign={sign} onFail={onFail} small />
              </div>
            ))}
          </div>
          <Key area={area} />
        </figure>
      )}
      {asList
        ? area.signs.map((sign) => (
            <section key={sign.question} class="card">
              <SignTable area={area} sign={sign} />
            </section>
          ))
        : lists.length > 0 && (
            <section class="card">
              <NewestTable signs={lists} />
            </section>
          )}
    </>
  );
}

interface CurveProps {
  area: HealingArea;
  sign: HealingSign;
  onFail: () => void;
  small?: boolean;
}

function Curve({ area, sign, onFail, small = false }: CurveProps) {
  const plot = useMemo(() => buildPlot(sign, area, th.numberWords), [sign, area]);
  return <Chart plot={plot} label={sayCurve(sign)} onFail={onFail} small={small} />;
}

function sayCurve(sign: HealingSign): string {
  const newest = sign.points.at(-1)!;
  const words = newest.place === "more" ? th.curveMore : th.curve;
  return words(
    sign.name,
    newest.day,
    valueText(sign, newest.value),
    usualText(sign, usualOn(sign, newest.day)),
  );
}

function newestText(sign: HealingSign): string {
  const newest = sign.points.at(-1)!;
  return `${th.day(newest.day)}: ${valueText(sign, newest.value)}`;
}

function Key({ area }: { area: HealingArea }) {
  return (
    <figcaption class="key">
      <span>
        <i />
        {th.usual}
      </span>
      <span>
        <i class="l" />
        {th.you}
      </span>
      {area.unanswered.length > 0 && (
        <span>
          <i class="l dots" />
          {th.missedKey}
        </span>
      )}
    </figcaption>
  );
}

/** The newest answer to each sign that has no curve. */
function NewestTable({ signs }: { signs: HealingSign[] }) {
  return (
    <table class="days">
      <caption>{th.newest}</caption>
      <thead>
        <tr>
          <th scope="col">{th.columns.sign}</th>
          <th scope="col">{th.columns.you}</th>
          <th scope="col">{th.columns.usual}</th>
        </tr>
      </thead>
      <tbody>
        {signs.map((sign) => {
          const newest = sign.points.at(-1)!;
          return (
            <tr key={sign.question}>
              <th scope="row">{sign.name}</th>
              <td>
                {newestText(sign)}
                {newest.place === "more" && <span class="pill watch">{th.more}</span>}
              </td>
              <td class="muted">{usualText(sign, usualOn(sign, newest.day))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface TableProps {
  area: HealingArea;
  sign: HealingSign;
}

/** The same as the curve, in words. */
function SignTable({ area, sign }: TableProps) {
  return (
    <table class="days">
      <caption>{sign.name}</caption>
      <thead>
        <tr>
          <th scope="col">{th.columns.day}</th>
          <th scope="col">{th.columns.you}</th>
          <th scope="col">{th.columns.usual}</th>
        </tr>
      </thead>
      <tbody>
        {listRows(sign, area.missed).map((row) => (
          <tr key={row.day}>
            <th scope="row" class="short">
              {row.day === area.day ? th.today : th.dayShort(row.day)}
            </th>
            <td class={row.value === null ? "muted" : ""}>
              {row.value === null ? th.noCheckIn : valueText(sign, row.value)}
              {row.isMore && <span class="pill watch">{th.more}</span>}
            </td>
            <td class="muted">{usualText(sign, row.usual)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function valueText(sign: HealingSign, value: AnswerValue): string {
  if (sign.type === "number") return th.ofMost(Number(value), sign.max ?? 10);
  return sign.options.find((option) => option.value === value)?.label ?? `${value}`;
}

function usualText(sign: HealingSign, usual: UsualRow | null): string {
  if (usual?.allowed) return usual.allowed.map((value) => valueText(sign, value)).join(" / ");
  if (usual?.high === null || usual?.high === undefined) return th.noRange;
  const lowest =
    sign.type === "number" ? (sign.min ?? 0) : Math.min(...sign.options.map((o) => Number(o.value)));
  const words = valueText(sign, usual.high);
  return usual.high === lowest ? words : th.upTo(words);
}
