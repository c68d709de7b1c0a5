import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { goBack, navigate } from "../lib/router.ts";
import { unread } from "../lib/unread.ts";
import { language, t } from "../strings/index.ts";
import { Icon, type IconName } from "./icons.tsx";

let firstPage = true;

/** Names the page and, when one page follows another, moves the focus to its heading. */
export function usePage(name: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const named = useRef(language);
  useEffect(() => {
    document.title = t.title(name);
    const translated = named.current !== language; // the same page in other words: whoever chose them stays there
    named.current = language;
    if (!firstPage && !translated) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, [name]);
  return heading;
}

interface LinkProps {
  to: string;
  class?: string;
  label?: string;
  current?: boolean;
  children: ComponentChildren;
}

export function Link({ to, label, current, children, class: className }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a
      href={to}
      class={className}
      aria-label={label}
      aria-current={current ? "page" : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}

export function Phone({ class: className = "", children }: { class?: string; children: ComponentChildren }) {
  return <div class={`phone ${className}`}>{children}</div>;
}

export function BackButton({ fallback }: { fallback: string }) {
  return (
    <button type="button" class="icon-btn back" aria-label={t.back} onClick={() => goBack(fallback)}>
      <Icon name="back" flip />
    </button>
  );
}

interface HeadedProps {
  page: string;
  title: string;
  back?: string;
  left?: ComponentChildren;
  right?: ComponentChildren;
}

/** The bar on top, with the page's one heading in it. */
export function Top({ page, title, back, left, right }: HeadedProps) {
  const heading = usePage(page);
  return (
    <header class="top">
      {back && <BackButton fallback={back} />}
      {left}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {right}
    </header>
  );
}

/** A heading inside the page, where the bar on top holds something else. */
export function Heading({ page, title, class: className }: { page: string; title: string; class?: string }) {
  const heading = usePage(page);
  return (
    <h1 ref={heading} tabIndex={-1} class={className}>
      {title}
    </h1>
  );
}

export function Steps({ step, of, label }: { step: number; of: number; label: string }) {
  return (
    <div class="steps" role="img" aria-label={label}>
      {Array.from({ length: of }, (_, i) => (
        <span key={i} class={i < step ? "on" : ""} />
      ))}
    </div>
  );
}

export function Dock({ label, children }: { label?: string; children: ComponentChildren }) {
  return (
    <section class="dock solo" aria-label={label}>
      {children}
    </section>
  );
}

type Tone = "ok" | "watch" | "pri" | "clay" | "";

export function Note({
  tone = "",
  icon,
  children,
}: {
  tone?: Tone;
  icon: IconName;
  children: ComponentChildren;
}) {
  return (
    <div class={`note ${tone}`}>
      <Icon name={icon} />
      <div class="grow">{children}</div>
    </div>
  );
}

export function Banner({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <div class="banner" role="status">
      <Icon name={icon} />
      <div class="grow">{children}</div>
    </div>
  );
}

interface ButtonProps {
  class?: string;
  icon?: IconName;
  disabled?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}

export function Button({ class: className = "", icon, disabled, onClick, children }: ButtonProps) {
  return (
    <button type="button" class={`btn ${className}`} disabled={disabled} onClick={onClick}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface CallProps {
  number: string;
  class?: string;
  onCall?: (() => void) | undefined;
  children: ComponentChildren;
}

export function CallButton({ number, class: className = "", onCall, children }: CallProps) {
  return (
    <a class={`btn ${className}`} href={`tel:${number.replace(/[^\d+]/g, "")}`} onClick={() => onCall?.()}>
      <Icon name="phone" />
      <span>{children}</span>
    </a>
  );
}

export function Tabs({ current }: { current: "today" | "healing" | "next" | "messages" }) {
  return (
    <nav class="tabs" aria-label={t.tabs.label}>
      <Link to="/" current={current === "today"}>
        <Icon name="today" />
        <span>{t.tabs.today}</span>
      </Link>
      <Link to="/healing" current={current === "healing"}>
        <Icon name="more" />
        <span>{t.tabs.healing}</span>
      </Link>
      <Link to="/next" current={current === "next"}>
        <Icon name="calendar" />
        <span>{t.tabs.next}</span>
      </Link>
      <Link to="/messages" current={current === "messages"}>
        <Icon name="message" />
        <span>{t.messages.tab}</span>
        {unread.value > 0 && (
          <span class="n">
            <span aria-hidden="true">{unread.value}</span>
            <span class="vh">{t.messages.unread(unread.value)}</span>
          </span>
        )}
      </Link>
    </nav>
  );
}

/** The whole screen while nothing is known of it yet. */
export function LoadingScreen() {
  return (
    <Phone>
      <main class="scroll">
        <h1 class="vh">{t.app}</h1>
        <Skeleton />
      </main>
    </Phone>
  );
}

/** Grey shapes while something loads; only after 300 ms, by the style sheet. */
export function Skeleton({ label = t.loading }: { label?: string }) {
  return (
    <div class="card col g3 skeleton" aria-busy="true">
      <p class="vh" role="status">
        {label}
      </p>
      <div class="sk tall" />
      <div class="sk" />
      <div class="sk short" />
    </div>
  );
}
