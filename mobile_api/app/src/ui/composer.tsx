import { t } from "../strings/index.ts";
import { Icon } from "./icons.tsx";

interface ComposerProps {
  label: string;
  words: string;
  onWrite: (words: string) => void;
  onSend: (words: string) => void;
}

const MOST_CHARACTERS = 2000;

/** Where a message is written. */
export function Composer({ label, words, onWrite, onSend }: ComposerProps) {
  return (
    <form
      class="composer"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(words);
      }}
    >
      <textarea
        rows={1}
        class="in"
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
