import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import { getKept, keep } from "../db/kept.ts";
import { enqueue, listOutbox } from "../db/outbox.ts";
import type { Me, Today } from "../lib/contract.ts";
import { uuid7 } from "../lib/uuid7.ts";

/** The server of these tests: a status and a body by "METHOD /path"; null: no connection. */
let server: Record<string, [number, unknown]> | null;
let asked: string[];

vi.stubGlobal("location", { pathname: "/", replace: () => undefined });
vi.stubGlobal("window", globalThis);
vi.stubGlobal("history", { pushState() {}, replaceState() {} });
vi.stubGlobal("scrollTo", () => undefined);
vi.stubGlobal("document", { documentElement: { dataset: {} }, querySelectorAll: () => [] });
vi.stubGlobal("sessionStorage", { setItem() {}, getItem: () => null, removeItem() {} });
vi.stubGlobal("fetch", async (url: string, { method }: { method: string }) => {
  const route = `${method} ${url.replace("/api/v1", "")}`;
  asked.push(route);
  if (!server) throw new TypeError("no connection");
  const [status, body] = server[route] ?? [404, { title: "Not found", status: 404 }];
  return new Response(status === 204 ? null : JSON.stringify(body), { status });
});

const { putAwayChange } = await import("./day.ts");
const { signOut } = await import("./settings.ts");
const { refresh } = await import("./loading.ts");
const { accept, inviteState } = await import("./enrolment.ts");
const { keptToday, online, phoneZone, planChange, serverFault, session } = await import("./state.ts");

const NOW = "2026-11-22T08:00:00Z";
const person = (id: string, zone = phoneZone()) => ({ id, zone, now: NOW, consents: [] }) as unknown as Me;
const day = { now: NOW, date: "2026-11-22", areas: [], banner: null, next_check_in: null } as Today;

beforeEach(async () => {
  await wipe();
  [server, asked, session.value, keptToday.value] = [{}, [], "starting", null];
});

test("a sign-out without a connection holds: the session left behind lets nobody in", async () => {
  server = null;
  await signOut();
  server = { "GET /me": [200, person("ana")], "DELETE /session": [503, {}] };
  await refresh();
  expect(session.value).toBe("out");
  server["DELETE /session"] = [204, null];
  await refresh();
  expect(session.value).toBe("out");
  expect(await getKept("leaving")).toBeNull();
  expect(asked).not.toContain("GET /me");
});

test("a time zone that the server does not know holds up nothing else", async () => {
  server = {
    "GET /me": [200, person("ana", "Mars/Base")],
    "PATCH /me": [422, { title: "Invalid", status: 422 }],
    "GET /today": [200, day],
  };
  await refresh();
  expect(asked).toContain("PATCH /me");
  expect(keptToday.value?.date).toBe(day.date);
});

test("a session that was ended elsewhere asks for an invitation, keeps what waits, and sends it with the next one", async () => {
  const id = uuid7();
  const body = { id, care_plan_id: "p", occurrence: "wash@d6#1", event: "done" as const, at: NOW };
  await enqueue([{ kind: "step_log", id, body }]);
  server = { "GET /me": [401, {}], "POST /session/refresh": [401, {}] };
  await refresh();
  expect(session.value).toBe("out");
  expect((await listOutbox()).map((item) => item.state)).toEqual(["saved"]);
  server = {
    "POST /enrolments": [201, { me: person("ana"), now: NOW }],
    "POST /sync": [200, { results: [{ id, status: 201, body: {} }] }],
  };
  expect(await accept("code", false, false)).toBe(true);
  await vi.waitFor(async () => expect((await listOutbox()).map((item) => item.state)).toEqual(["sent"]));
});

test("a fault of the server is said as one, takes nothing away, and is over when it is over", async () => {
  server = { "GET /me": [200, person("ana")], "GET /today": [200, day] };
  await refresh();
  server = { "GET /me": [500, { title: "Fault", status: 500 }] };
  await refresh();
  expect([serverFault.value, online.value, session.value]).toEqual([true, true, "in"]);
  expect(keptToday.value?.date).toBe(day.date);
  server = { "GET /me": [200, person("ana")], "GET /today": [200, day] };
  await refresh();
  expect(serverFault.value).toBe(false);
});

test("what changed in the plan is said until it is put away", async () => {
  const step = { key: "wash@d6#1", kind: "care_step", title: "Wash", local: "2026-11-23T08:00" };
  const at = { opens_at: "2026-11-23T08:00:00Z", closes_at: "2026-11-23T20:00:00Z" };
  const plans = (overlay_version: number, occurrences: object[]) => ({
    plans: [{ care_plan_id: "p", overlay_version, started: { ended_at: NOW }, steps: [], occurrences }],
  });
  const home = { "GET /me": [200, person("ana")], "GET /today": [200, day] } as const;
  const answer = (plan: object) => ({ ...home, "GET /plan": [200, plan] }) as unknown as typeof server;
  server = answer(plans(1, []));
  await refresh();
  expect(planChange.value).toBeNull();
  server = answer(plans(2, [{ ...step, ...at }]));
  await refresh();
  expect(planChange.value).toEqual({ added: ["Wash"], changed: [], gone: [] });
  await putAwayChange();
  expect([planChange.value, await getKept("plan_change")]).toEqual([null, null]);
});

test("who joins on a phone sees nothing of the person before; the same person loses nothing", async () => {
  const body = { care_plan_id: "p", occurrence: "wash@d6#1", event: "done" as const, at: NOW };
  const id = uuid7();
  await keep("me", person("ana"));
  await enqueue([{ kind: "step_log", id, body: { id, ...body } }]);
  server = { "POST /enrolments": [201, { me: person("ana"), now: NOW }] };
  expect(await accept("code", false, false)).toBe(true);
  expect(await listOutbox()).toHaveLength(1);
  server = { "POST /enrolments": [201, { me: person("ben"), now: NOW }] };
  expect(await accept("code", false, false)).toBe(true);
  expect(await listOutbox()).toHaveLength(0);
  expect((await getKept("me"))?.id).toBe("ben");
});

test.each([422, 429, 503])("a %i does not say that the invitation was used", async (status) => {
  server = { "POST /enrolments": [status, { title: "No", status }] };
  inviteState.value = { is: "loading" };
  expect(await accept("code", false, false)).toBe(false);
  expect(inviteState.value.is).toBe("loading");
});
