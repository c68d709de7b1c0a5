import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../strings/index.ts";
import { Button, Note, Phone, Skeleton } from "./page.tsx";

/** A screen whose code comes when it is first looked at. It is kept for offline use with the rest of the app. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let found: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [state, setState] = useState<"waiting" | "here" | "failed">(found ? "here" : "waiting");
    useEffect(() => {
      if (found) return;
      load().then(
        (screen) => {
          found = screen;
          setState("here");
        },
        () => setState("failed"),
      );
    }, []);
    const Screen = found;
    return Screen && state === "here" ? <Screen {...props} /> : <Waiting failed={state === "failed"} />;
  };
}

function Waiting({ failed }: { failed: boolean }) {
  return (
    <Phone>
      <main class="scroll">
        {failed ? (
          <Note icon="offline">
            <Button class="ghost" onClick={() => location.reload()}>
              {t.tryAgain}
            </Button>
          </Note>
        ) : (
          <Skeleton />
        )}
      </main>
    </Phone>
  );
}
