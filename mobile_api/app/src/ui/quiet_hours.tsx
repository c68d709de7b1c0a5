import type { Quiet } from "../lib/contract.ts";
import { wallTime } from "../lib/dates.ts";
import { language, t } from "../strings/index.ts";
import { TimeField } from "./fields.tsx";

interface QuietProps {
  quiet: Quiet;
  onChange: (quiet: Quiet) => void;
}

/** The quiet hours in short; a tap opens both times. */
export function QuietHours({ quiet, onChange }: QuietProps) {
  const words = t.settings;
  return (
    <details class="li more">
      <summary>
        <span class="grow">
          <span class="b">{words.quiet}</span>
          <span class="sm muted own-line light">{words.quietHint}</span>
        </span>
        <span class="v light">
          {wallTime(quiet.from, language)} – {wallTime(quiet.until, language)}
        </span>
      </summary>
      <TimeField
        label={words.quietFrom}
        value={quiet.from}
        onChange={(from) => onChange({ ...quiet, from })}
      />
      <TimeField
        label={words.quietUntil}
        value={quiet.until}
        onChange={(until) => onChange({ ...quiet, until })}
      />
    </details>
  );
}
