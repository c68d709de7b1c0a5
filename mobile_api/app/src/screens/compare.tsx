import { useEffect, useState } from "preact/hooks";
import { compared, loadHealing } from "../actions/healing.ts";
import { healing } from "../actions/state.ts";
import type { HealingArea, HealingPhoto } from "../lib/contract.ts";
import { listViews } from "../lib/healing.ts";
import { listPairs, type Pair } from "../lib/compare.ts";
import { th } from "../strings/healing.ts";
import { Choices } from "../ui/choices.tsx";
import { Button, Phone, Skeleton, Tabs, Top } from "../ui/page.tsx";
import { CoverButton, usePicture } from "./healing_photos.tsx";
import { isCovered } from "./photo_cover.ts";

const WHOLE = 100;

/** Today's photo beside an earlier one of the same view. */
export function CompareScreen() {
  useEffect(() => {
    if (!healing.value) void loadHealing();
  }, []);
  const known = healing.value;
  const pairs = known?.areas.flatMap((area) =>
    listViews(area).map((view) => ({ area, view, ...listPairs(area, view.id) })),
  );
  const chosen =
    pairs?.find((one) => one.earlier.some((photo) => photo.id === compared.value)) ??
    pairs?.find((one) => one.newest?.id === compared.value && one.earlier.length > 0) ??
    pairs?.find((one) => one.earlier.length > 0);
  return (
    <Phone>
      <Top page={th.comparePage} title={th.compare} back="/healing" />
      <main class="scroll">
        {!known && <Skeleton />}
        {known && !chosen && <p class="muted">{th.compareNone}</p>}
        {chosen?.newest && (
          <Compared
            area={chosen.area}
            label={chosen.view.label}
            newest={chosen.newest}
            earlier={chosen.earlier}
          />
        )}
      </main>
      <Tabs current="healing" />
    </Phone>
  );
}

interface ComparedProps extends Pair {
  area: HealingArea;
  label: string;
  newest: HealingPhoto;
}

function Compared({ area, label, newest, earlier }: ComparedProps) {
  const [share, setShare] = useState(WHOLE / 2);
  const other = earlier.find((photo) => photo.id === compared.value) ?? earlier[0]!;
  const isToday = newest.day === area.day;
  const names = {
    other: nameOf(other),
    newest: isToday ? th.dayToday(newest.day) : th.day(newest.day),
  };
  return (
    <>
      <div class="row end">
        <CoverButton />
      </div>
      <Slider label={label} other={other} newest={newest} names={names} share={share} onShare={setShare} />
      <Choices
        label={th.compareWith}
        options={earlier.map((photo) => ({ value: photo.id, label: nameOf(photo) }))}
        chosen={other.id}
        onChoose={(id) => (compared.value = id)}
      />
      <div class="row g2">
        <Button class="sec h48" onClick={() => setShare(WHOLE)}>
          {other.before ? th.showBefore : th.showDay(other.day)}
        </Button>
        <Button class="sec h48" onClick={() => setShare(0)}>
          {isToday ? th.showToday : th.showDay(newest.day)}
        </Button>
      </div>
      <p class="sm muted">{th.lightNote}</p>
    </>
  );
}

const nameOf = (photo: HealingPhoto) => (photo.before ? th.before : th.day(photo.day));

interface SliderProps {
  label: string;
  other: HealingPhoto;
  newest: HealingPhoto;
  names: { other: string; newest: string };
  share: number;
  onShare: (share: number) => void;
}

/** Two pictures, one over the other; the range control says how much of the earlier one is seen. */
function Slider({ label, other, newest, names, share, onShare }: SliderProps) {
  const [newer, older] = [usePicture(newest, "full"), usePicture(other, "full")];
  const backwards = document.dir === "rtl";
  const seen = share === 0 ? th.onlyOne(names.newest) : share === WHOLE ? th.onlyOne(names.other) : "";
  return (
    <div class={`cmp ${isCovered() ? "cov" : ""}`}>
      <svg
        viewBox="0 0 100 134"
        role="img"
        aria-label={`${th.photoOf(label, names.other)}. ${th.photoOf(label, names.newest)}.`}
      >
        <clipPath id="earlier">
          <rect x={backwards ? WHOLE - share : 0} y="0" width={share} height="134" />
        </clipPath>
        {newer && <image href={newer} width="100" height="134" preserveAspectRatio="xMidYMid slice" />}
        <g clip-path="url(#earlier)">
          {older && <image href={older} width="100" height="134" preserveAspectRatio="xMidYMid slice" />}
        </g>
        <Handle x={backwards ? WHOLE - share : share} />
      </svg>
      {share > 0 && <span class="lab start">{names.other}</span>}
      {share < WHOLE && <span class="lab end">{names.newest}</span>}
      <input
        type="range"
        min="0"
        max={WHOLE}
        value={share}
        aria-label={th.compareSlider(names.other, names.newest)}
        aria-valuetext={seen || th.both(names.other, names.newest)}
        onInput={(event) => onShare(Number(event.currentTarget.value))}
      />
    </div>
  );
}

function Handle({ x }: { x: number }) {
  return (
    <g class="handle" aria-hidden="true">
      <rect x={x - 0.4} y="0" width="0.8" height="134" />
      <circle cx={x} cy="67" r="6.5" />
      <path d={`m${x - 1.2} 64-3 3 3 3m2.4-6 3 3-3 3`} />
    </g>
  );
}
