import { useState } from "preact/hooks";
import { t } from "../strings/index.ts";
import { Icon } from "./icons.tsx";

interface ComposerProps {
  label: string;
  words: string;
  onWrite: (words: string) => void;
  /** Rejects where the phone has no room. */
  onSend: (words: string) => Promise<void>;
}

const MOST_CHARACTERS = 2000;

/** Where a message is written. What could not be kept stays in the box. */
export function Composer({ label, words, onWrite, onSend }: ComposerProps) {
  const [full, setFull] = useState(false);
  const send = async () => {
    try {
      await onSend(words);
      setFull(false);
    } catch {
      setFull(true);
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class="err" role="alert">
        {full && t.messages.noRoom}
      </p>
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
