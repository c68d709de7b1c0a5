import type { ComponentChildren } from "preact";
import { t } from "../strings/index.ts";
import { Icon } from "./icons.tsx";

interface ComposerProps {
  label: string;
  words: string;
  onWrite: (words: string) => void;
  onSend: (words: string) => void;
  /** What goes with the message, and the way to it. */
  above: ComponentChildren;
  before: ComponentChildren;
}

const MOST_CHARACTERS = 2000;

/** Where a message is written. */
export function Composer({ label, words, onWrite, onSend, above, before }: ComposerProps) {
  return (
    <form
      class="composer"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(words);
      }}
    >
      {above}
      {before}
      <textarea
        rows={1}
        class="in"
        dir={words ? "auto" : undefined}
        aria-label={label}
        placeholder={label}
        maxLength={MOST_CHARACTERS}
        value={words}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
      <button type="submit" class="icon-btn send" aria-label={t.messages.send}>
        <Icon name="send" flip />
      </button>
    </form>
  );
}
