import { useEffect, useRef } from "preact/hooks";
import type { Plot } from "../lib/plot.ts";
import { th } from "../strings/healing.ts";

interface ChartProps {
  plot: Plot;
  /** What the curve says, in one sentence. */
  label: string;
  small?: boolean;
  onFail: () => void;
}

/** A sign's curve. What draws it comes when the first one is shown; where it cannot come, `onFail`. */
export function Chart({ plot, label, small = false, onFail }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let stop: () => void = () => undefined;
    let gone = false;
    import("./plot_canvas.ts").then(({ drawPlot }) => {
      if (!gone && box.current) stop = drawPlot(box.current, plot, { small, today: th.today });
    }, onFail);
    return () => {
      gone = true;
      stop();
    };
  }, [plot, small]);
  const size = small ? "small" : plot.ticks.length > 4 ? "tall" : "";
  return (
    <div role="img" aria-label={label}>
      <div ref={box} class={`plot ${size}`} aria-hidden="true" />
    </div>
  );
}
