import type { ComponentChildren } from "preact";

interface SwitchProps {
  label: string;
  hint?: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, hint, on, onChange }: SwitchProps) {
  return (
    <label class="li">
      <span class="grow">
        <span class="b">{label}</span>
        {hint && <span class="sm muted own-line">{hint}</span>}
      </span>
      <input
        class="sw"
        type="checkbox"
        role="switch"
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

interface TimeProps {
  label: ComponentChildren;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
}

/** A time of day, `HH:MM`. An emptied field changes nothing. */
export function TimeField({ label, hint, value, onChange }: TimeProps) {
  return (
    <label class="li">
      <span class="grow">
        <span class="b">{label}</span>
        {hint && <span class="sm muted own-line">{hint}</span>}
      </span>
      <input
        class="inp time"
        type="time"
        value={value}
        onChange={(event) => event.currentTarget.value && onChange(event.currentTarget.value)}
      />
    </label>
  );
}

export function Row({ label, hint, value }: { label: string; hint?: string; value: ComponentChildren }) {
  return (
    <div class="li">
      <span class="grow">
        <span class="b">{label}</span>
        {hint && <span class="sm muted own-line">{hint}</span>}
      </span>
      <span class="v">{value}</span>
    </div>
  );
}
