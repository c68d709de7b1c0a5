interface OutlineProps {
  site: string;
  view: string;
}

/** Where to put what is photographed: corners, and a dotted line of its shape. Decoration over the live picture. */
export function Outline({ site, view }: OutlineProps) {
  return (
    <svg class="outline" viewBox="0 0 366 520" preserveAspectRatio="none" aria-hidden="true">
      <path class="dots" d={shapeOf(site, view)} />
      <path d="M24 56V36a12 12 0 0 1 12-12h20M310 24h20a12 12 0 0 1 12 12v20M342 464v20a12 12 0 0 1-12 12h-20M56 496H36a12 12 0 0 1-12-12v-20" />
    </svg>
  );
}

const ARCH = "M8 346C84 268 132 250 186 250s112 18 174 92";
const OVAL = "M183 96c76 0 116 66 116 156s-46 172-116 172S67 342 67 252s40-156 116-156Z";
const BOX = "M83 150h200a20 20 0 0 1 20 20v180a20 20 0 0 1-20 20H83a20 20 0 0 1-20-20V170a20 20 0 0 1 20-20Z";

function shapeOf(site: string, view: string): string {
  if (view === "close" || view === "overview") return BOX;
  return site === "scalp" && view === "front" ? ARCH : OVAL;
}
