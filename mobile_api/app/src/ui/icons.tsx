/** Line icons on a 24 px grid, drawn by us. */

const SHAPES = {
  today: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4" />
    </>
  ),
  calendar: (
    <>
      <rect x="4" y="5.5" width="16" height="15" rx="3" />
      <path d="M4 10.5h16M8.5 3v4M15.5 3v4" />
      <path d="m9.2 15.2 2 2 3.6-3.8" />
    </>
  ),
  settings: (
    <>
      <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
      <circle cx="15" cy="7" r="2.4" />
      <circle cx="9" cy="17" r="2.4" />
    </>
  ),
  check: (
    <>
      <path d="m5 12.5 4.6 4.6L19.5 7" />
    </>
  ),
  cross: (
    <>
      <path d="m6 6 12 12M18 6 6 18" />
    </>
  ),
  back: (
    <>
      <path d="M14.5 5 8 12l6.5 7" />
    </>
  ),
  forward: (
    <>
      <path d="m9.5 5 6.5 7-6.5 7" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5V12l3 2" />
    </>
  ),
  camera: (
    <>
      <path d="M4 8.5a2 2 0 0 1 2-2h2l1.5-2.2h5L16 6.5h2a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2Z" />
      <circle cx="12" cy="12.7" r="3.4" />
    </>
  ),
  bell: (
    <>
      <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5ZM10 20.5h4" />
    </>
  ),
  lock: (
    <>
      <rect x="5" y="10.5" width="14" height="10" rx="2.6" />
      <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
    </>
  ),
  phone: (
    <>
      <path d="M6.5 3.8 9 3.5l1.7 4-2 1.7a11 11 0 0 0 6 6l1.7-2 4 1.7-.3 2.6a2 2 0 0 1-2.2 1.8A16.4 16.4 0 0 1 4.7 6a2 2 0 0 1 1.8-2.2Z" />
    </>
  ),
  alert: (
    <>
      <path d="M12 4 2.8 19.5h18.4L12 4Z" />
      <path d="M12 10v4.2M12 17v.1" />
    </>
  ),
  info: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 11v5M12 8v.1" />
    </>
  ),
  plus: (
    <>
      <path d="M12 5v14M5 12h14" />
    </>
  ),
  offline: (
    <>
      <path d="M3 3l18 18M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4-2.4M19 12a10 10 0 0 0-6-2.9M12 19.2v.1M2 8.4A15 15 0 0 1 6 5.8M22 8.4A15 15 0 0 0 11 4.9" />
    </>
  ),
  message: (
    <>
      <path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4.5 3.5V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z" />
    </>
  ),
  edit: (
    <>
      <path d="M5 19h3.5L19 8.5 15.5 5 5 15.5V19Z" />
    </>
  ),
  send: (
    <>
      <path d="M4 12 20 4.5 15.5 20 12 13.5 4 12Z" />
    </>
  ),
  pause: (
    <>
      <path d="M9 6v12M15 6v12" />
    </>
  ),
  play: (
    <>
      <path d="M8 5.5 18.5 12 8 18.5Z" />
    </>
  ),
  share: (
    <>
      <path d="M12 15V4M8 7.5 12 3.8l4 3.7M7 11H5.5v9h13v-9H17" />
    </>
  ),
  globe: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M3.5 12h17M12 3.5c3 3 3 14 0 17M12 3.5c-3 3-3 14 0 17" />
    </>
  ),
  undo: (
    <>
      <path d="M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3" />
    </>
  ),
  more: (
    <>
      <path d="M4 4v16h16" />
      <path d="M8 8c2 0 2.5 7 6 8.5 1.6.7 3.4.6 6 .5" />
    </>
  ),
  list: (
    <>
      <path d="M6 3.5h8l4.5 4.5v12.5H6Z" />
      <path d="M14 3.5V8h4.5M9 12.5h6M9 16h6" />
    </>
  ),
  voice: (
    <>
      <path d="M4 10v4h3l5 4V6L7 10H4ZM16 9a4.5 4.5 0 0 1 0 6M18.6 6.5a8.5 8.5 0 0 1 0 11" />
    </>
  ),
  covered: (
    <>
      <path d="M3 3l18 18M10 6.2A9.6 9.6 0 0 1 21 12a13 13 0 0 1-2.2 3M6.4 7.6A13 13 0 0 0 3 12a9.6 9.6 0 0 0 13 5" />
    </>
  ),
};
export type IconName = keyof typeof SHAPES;

interface IconProps {
  name: IconName;
  small?: boolean;
  flip?: boolean;
}

/** Decoration: the words beside it say the same. `flip` turns it round where text runs right to left. */
export function Icon({ name, small, flip }: IconProps) {
  const classes = ["i", small && "s", flip && "flip"].filter(Boolean).join(" ");
  return (
    <svg class={classes} viewBox="0 0 24 24" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}

/** The fade: the app's own mark. */
export function AppIcon() {
  return (
    <span class="appic">
      <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
        <g fill="#fff">
          <circle cx="5" cy="12" r="3" />
          <circle cx="12" cy="12" r="2.3" opacity=".8" />
          <circle cx="17.6" cy="12" r="1.5" opacity=".6" />
          <circle cx="21.3" cy="12" r=".9" opacity=".45" />
        </g>
      </svg>
    </span>
  );
}
