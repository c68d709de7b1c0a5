import { noRoom, outbox } from "../actions/state.ts";
import { t } from "../strings/index.ts";
import { Note } from "../ui/page.tsx";

/** This phone is full: what to do, and what must not be done before that. */
export function FullNote() {
  if (!noRoom.value) return null;
  const waits = outbox.value.some((item) => item.state === "saved");
  return (
    <div role="alert">
      <Note tone="watch" icon="alert">
        <p>
          <b>{t.states.full}</b> {waits ? t.states.fullKeepOpen : t.states.fullLead}
        </p>
      </Note>
    </div>
  );
}
