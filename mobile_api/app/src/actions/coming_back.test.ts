import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import { getKept } from "../db/kept.ts";
import { listOutbox } from "../db/outbox.ts";
import type { Me, Plan, Today } from "../lib/contract.ts";

/** The server of these tests: it knows the client's zone and whether reminders stopped; null: no connection. */
let server: { zone: string; stopped: boolean } | null;
let patches: object[];
let zone = "Europe/London";

const person = () => ({ id: "ana", zone: server!.zone, now: NOW, consents: [] }) as unknown as Me;
const NOW = "2026-11-22T08:00:00Z";
const due = (care_plan_id: string) => ({
  ...{ care_plan_id, key: "check_in@d6", day: 6, state: "open", deep: false },
  ...{ opens_at: "2026-11-22T04:00:00Z", due_at: NOW, closes_at: "2026-11-23T04:00:00Z" },
});
const today = (stopped: boolean) =>
  ({
    ...{ now: NOW, date: "2026-11-22", areas: [], banner: null, next_check_in: due("p") },
    silence: { missed: stopped ? 4 : 0, stopped },
  }) as unknown as Today;
const plans = {
  now: NOW,
  plan_version: "1",
  plans: ["p", "q"].map((id) => ({
    care_plan_id: id,
    day0: "2026-11-16",
    started: { zone: "UTC" },
    occurrences: [{ ...due(id), kind: "check_in" }],
  })),
} as unknown as Plan;

vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("window", globalThis);
vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockImplementation(
  () => ({ timeZone: zone }) as Intl.ResolvedDateTimeFormatOptions,
);
vi.stubGlobal("fetch", async (url: string, { method, body }: { method: string; body?: string }) => {
  if (!server) throw new TypeError("no connection");
  const route = `${method} ${url.replace("/api/v1", "")}`;
  if (route === "PATCH /me") {
    const patch = JSON.parse(body!);
    patches.push(patch);
    if (patch.zone === "Mars/Base") return new Response("{}", { status: 422 });
    server.zone = patch.zone ?? server.zone;
    if (patch.resume_reminders) server.stopped = false;
    return new Response(JSON.stringify(person()));
  }
  if (route === "GET /me") return new Response(JSON.stringify(person()));
  if (route === "GET /today") return new Response(JSON.stringify(today(server.stopped)));
  return new Response("{}", { status: 404 });
});

const { refresh } = await import("./loading.ts");
const { resumed, resumeReminders, sayAllFine } = await import("./silence.ts");
const { answerZone } = await import("./zone.ts");
const state = await import("./state.ts");

beforeEach(async () => {
  await wipe();
  state.clearState();
  [server, patches, zone, resumed.value] = [
    { zone: "Europe/London", stopped: false },
    [],
    "Europe/London",
    false,
  ];
});

test("a phone in another zone is followed at once and asks once", async () => {
  zone = "Asia/Tokyo";
  await refresh();
  expect(server?.zone).toBe("Asia/Tokyo");
  expect(await getKept("zone_choice")).toEqual({
    phone: "Asia/Tokyo",
    home: "Europe/London",
    answer: "asked",
  });
  await answerZone("follow");
  await refresh();
  expect((await getKept("zone_choice"))?.answer).toBe("follow");
  expect(patches).toHaveLength(1);
});

test("who keeps the times of home is not reported again until the phone comes to another zone", async () => {
  zone = "Asia/Tokyo";
  await refresh();
  await answerZone("keep");
  expect(server?.zone).toBe("Europe/London");
  expect(state.dayZone.value).toBe("Europe/London");
  await refresh();
  expect(patches).toEqual([{ zone: "Asia/Tokyo" }, { zone: "Europe/London" }]);
  zone = "Europe/London";
  await refresh();
  expect(await getKept("zone_choice")).toBeNull();
  zone = "Asia/Tokyo";
  await refresh();
  expect((await getKept("zone_choice"))?.answer).toBe("asked");
});

test("an answer without a connection is kept and reaches the server later", async () => {
  zone = "Asia/Tokyo";
  await refresh();
  const before = server;
  server = null;
  await answerZone("keep");
  expect((await getKept("zone_choice"))?.answer).toBe("keep");
  server = before;
  await refresh();
  expect(server?.zone).toBe("Europe/London");
});

test("nothing is said of a zone that the server does not know", async () => {
  zone = "Mars/Base";
  await refresh();
  expect(await getKept("zone_choice")).toBeNull();
});

test("reminders that stopped start again, and that is said", async () => {
  server!.stopped = true;
  await refresh();
  expect(state.today.value?.silence?.stopped).toBe(true);
  await Promise.all([resumeReminders(), resumeReminders()]);
  expect(patches).toEqual([{ resume_reminders: true }]);
  expect([resumed.value, state.today.value?.silence?.stopped]).toEqual([true, false]);
});

test("without a connection reminders are not said to be on", async () => {
  server = null;
  await resumeReminders();
  expect(resumed.value).toBe(false);
});

test("one tap answers no question, once for each area with an open check-in", async () => {
  await refresh();
  state.plan.value = plans;
  expect(state.openCheckIns.value.map((one) => one.care_plan_id)).toEqual(["p", "q"]);
  server = null;
  await sayAllFine();
  const bodies = (await listOutbox()).map((item) => item.body);
  expect(bodies).toMatchObject(
    ["p", "q"].map((care_plan_id) => ({
      ...{ care_plan_id, occurrence: "check_in@d6", kind: "planned" },
      ...{ answers: [], partial: true, photos: [] },
    })),
  );
  expect(state.isSaidFine(state.today.value!.next_check_in!)).toBe(true);
  expect(state.isAnswered(state.today.value!.next_check_in!)).toBe(false);
});
