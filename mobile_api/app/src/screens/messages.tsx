import { useEffect, useLayoutEffect } from "preact/hooks";
import { canSendPhoto, restoreMessagePhoto } from "../actions/message_photo.ts";
import { lookForNews, markSeen, sendAgain, sendMessage, writeDraft } from "../actions/messages.ts";
import { me, messageDraft, minute, online, outbox, phoneZone, planOf, thread } from "../actions/state.ts";
import { clockTime } from "../lib/dates.ts";
import { countUnread } from "../lib/thread.ts";
import { listDays, type ShownLine, type ThreadDay } from "../lib/thread_days.ts";
import type { ChangeLine } from "../lib/thread_contract.ts";
import { language, t } from "../strings/index.ts";
import { Icon } from "../ui/icons.tsx";
import { Composer } from "../ui/composer.tsx";
import { lazy } from "../ui/lazy.tsx";
import "../ui/message_photo.css";
import { Banner, Link, Phone, Skeleton, Tabs, Top } from "../ui/page.tsx";
import { FullNote } from "./full_note.tsx";
import { AttachedPhoto, PhotoLink, ThreadPhoto } from "./thread_photo.tsx";
import { useCoveredAgain } from "./photo_cover.ts";
import { dayName } from "./day_name.ts";

/** While the thread is open: how often it asks for news. */
const AGAIN_MS = 15_000;

const MessagePhotoScreen = lazy(() => import("./message_photo.tsx").then((part) => part.MessagePhotoScreen));

/** The pages under /messages. Photos are covered again when they are left, or the app is. */
export function MessagesScreens({ page }: { page: string }) {
  useEffect(() => void restoreMessagePhoto(), []);
  useCoveredAgain();
  return page === "photo" ? <MessagePhotoScreen /> : <MessagesScreen />;
}

/** The thread with the clinic. */
function MessagesScreen() {
  const profile = me.value;
  const name = profile?.practitioner.name ?? "";
  useNews();
  return (
    <Phone class="talk">
      <div class="pinned">
        <Top
          page={t.messages.page}
          title={name || t.messages.page}
          left={
            <span class="avatar" aria-hidden="true">
              {profile?.practitioner.initials}
            </span>
          }
          right={<CallStudio />}
        />
        <Promised />
      </div>
      <main class="scroll">
        <Lines name={name} />
      </main>
      <div class="stack">
        <FullNote />
        <Composer
          label={t.messages.write(name)}
          words={messageDraft.value}
          onWrite={(words) => void writeDraft(words)}
          onSend={(words) => void sendMessage(words)}
          above={<AttachedPhoto />}
          before={canSendPhoto() && <PhotoLink />}
        />
        <Tabs current="messages" />
      </div>
    </Phone>
  );
}

/** Asks for news while the thread is open, and notes what has been on the screen. */
function useNews(): void {
  useEffect(() => {
    void lookForNews();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void lookForNews();
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const unseen = countUnread(thread.value);
  useEffect(() => {
    const mark = () => {
      if (document.visibilityState === "visible") void markSeen();
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [unseen]);
}

function CallStudio() {
  const studio = me.value?.studio;
  if (!studio?.phone) return null;
  return (
    <a
      class="icon-btn"
      href={`tel:${studio.phone.replace(/[^\d+]/g, "")}`}
      aria-label={t.callStudio(studio.name)}
    >
      <Icon name="phone" />
    </a>
  );
}

/** When an answer comes, and where help is until then. */
function Promised() {
  const hours = thread.value?.reply_promise_h;
  return (
    <aside class="banner">
      <Icon name="clock" />
      <p class="grow">
        {hours !== undefined && `${t.messages.promise(hours)} `}
        <span class="together">
          {t.messages.urgent}{" "}
          <Link to="/help" class="b">
            {t.messages.help}
          </Link>
        </span>
      </p>
    </aside>
  );
}

function Lines({ name }: { name: string }) {
  const days = listDays(thread.value, outbox.value, minute.value, phoneZone());
  const count = days.reduce((sum, day) => sum + day.lines.length, 0);
  useLayoutEffect(() => scrollTo(0, document.documentElement.scrollHeight), [count]);
  return (
    <>
      {count === 0 && <Nothing name={name} />}
      <div role="log" aria-label={t.messages.with(name)} class="col g4">
        {days.map((day) => (
          <Day key={day.date} day={day} />
        ))}
      </div>
      {!online.value && <Banner icon="offline">{t.messages.offline}</Banner>}
    </>
  );
}

function Nothing({ name }: { name: string }) {
  if (!thread.value) return online.value ? <Skeleton /> : <p class="center muted">{t.messages.none}</p>;
  return <p class="center muted empty">{t.messages.empty(name)}</p>;
}

function Day({ day }: { day: ThreadDay }) {
  return (
    <section>
      <h2 class="mt center">{dayName(day.lines[0]!.at, minute.value, phoneZone())}</h2>
      <ol class="thread">
        {day.lines.map((line) => (
          <li key={line.id} class={line.kind === "message" && line.state !== "theirs" ? "me" : "them"}>
            {line.kind === "message" ? <Message line={line} /> : <Change line={line} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

type Said = Extract<ShownLine, { kind: "message" }>;

function Message({ line }: { line: Said }) {
  return (
    <>
      {line.check_in && (
        <Link to={`/check-in/${line.check_in.id}`} class="mt">
          {t.messages.aboutCheckIn(line.check_in.day)}
        </Link>
      )}
      {(line.photos ?? []).map((photo) => (
        <ThreadPhoto key={photo} id={photo} />
      ))}
      {line.words && (
        <p class="msg" dir="auto">
          <bdi class="vh">{line.by ?? t.messages.you}: </bdi>
          {line.words}
        </p>
      )}
      {line.last && <Below line={line} />}
    </>
  );
}

/** The time, and of one's own message what became of it. */
function Below({ line }: { line: Said }) {
  const time = clockTime(line.at, language);
  const { state } = line;
  if (state === "theirs") return <p class="mt">{time}</p>;
  if (state === "refused" || (state === "late" && online.value)) {
    return (
      <button type="button" class="linklike unsent" onClick={() => void sendAgain()}>
        {t.messages.notSent}
      </button>
    );
  }
  const waits = state === "late" || (state === "saved" && !online.value);
  const words = waits ? t.messages.state.waits : t.messages.state[state];
  return <p class="mt">{t.messages.timed(time, words)}</p>;
}

const NAMES_STEPS = ["date", "steps"];

function Change({ line }: { line: ChangeLine }) {
  const known = planOf(line.care_plan_id)?.steps ?? [];
  const titles = known.filter((step) => line.steps.includes(step.id)).map((step) => step.title);
  return (
    <>
      <div class="msg change">
        <h3 class="b row">
          <Icon name="edit" small />
          {t.messages.changed}
        </h3>
        <p class="sm">{t.messages.what[line.what]}</p>
        {NAMES_STEPS.includes(line.what) && titles.length > 0 && (
          <p class="sm">{t.messages.moved(t.messages.list(titles))}</p>
        )}
      </div>
      <p class="mt">{clockTime(line.at, language)}</p>
    </>
  );
}
