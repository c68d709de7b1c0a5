const RADIUS = 128;
const CENTRE = 150;
const DOTS = 60;

/** The fade as a ring: lit dots are the time left. */
export function Dial({ lit }: { lit: number }) {
  return (
    <svg viewBox="0 0 300 300" aria-hidden="true">
      {Array.from({ length: DOTS }, (_, i) => {
        const angle = (2 * Math.PI * i) / DOTS;
        return (
          <circle
            key={i}
            class={i < lit ? "lit" : ""}
            cx={(CENTRE + RADIUS * Math.sin(angle)).toFixed(1)}
            cy={(CENTRE - RADIUS * Math.cos(angle)).toFixed(1)}
            r={i < lit ? 5.4 : 2.6}
          />
        );
      })}
    </svg>
  );
}
