import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../strings/index.ts";
import { Button, LoadingScreen, Phone, Top } from "./page.tsx";

/**
 * A part of the app in a file of its own, fetched when it is first shown; once the app is installed it comes from this
 * phone. `waiting`: what stands there meanwhile.
 */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: ComponentChildren = <LoadingScreen />,
  failed: ComponentChildren = <LostScreen />,
): ComponentType<P> {
  let found: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [state, setState] = useState<"waiting" | "there" | "failed">(found ? "there" : "waiting");
    useEffect(() => {
      if (found) return;
      load()
        .then((part) => (found = part))
        .then(
          () => setState("there"),
          () => setState("failed"),
        );
    }, []);
    const Part = found;
    if (Part) return <Part {...props} />;
    return <>{state === "failed" ? failed : waiting}</>;
  };
}

/** Only where the app was opened for the first time and the connection went before it was whole. */
function LostScreen() {
  return (
    <Phone>
      <Top page={t.app} title={t.today.offline} back="/" />
      <main class="scroll">
        <Button class="sec" onClick={() => location.reload()}>
          {t.tryAgain}
        </Button>
      </main>
    </Phone>
  );
}
