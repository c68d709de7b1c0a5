import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import type { Me } from "../lib/contract.ts";

/** The server of these tests: what it answers to a code; null: no connection. */
let answer: number | null;
let signedIn: boolean;
let asked: string[];
const place = { pathname: "/", hash: "" };

vi.stubGlobal("location", place);
vi.stubGlobal("window", globalThis);
vi.stubGlobal("history", { pushState() {}, replaceState: () => (place.hash = "") });
vi.stubGlobal("scrollTo", () => undefined);
vi.stubGlobal("document", { documentElement: { dataset: {} }, querySelectorAll: () => [] });
vi.stubGlobal("sessionStorage", { setItem() {}, getItem: () => null, removeItem() {} });
vi.stubGlobal("fetch", async (url: string, { method, body }: { method: string; body?: string }) => {
  const route = `${method} ${url.replace("/api/v1", "")}`;
  asked.push(route);
  if (answer === null) throw new TypeError("no connection");
  if (route === "POST /hand-overs/redeem") {
    signedIn = answer < 300 && JSON.parse(body ?? "{}").code === "ABCD-EFGH";
    return new Response(JSON.stringify({ me: ana }), { status: answer });
  }
  return new Response(JSON.stringify(ana), { status: signedIn && route === "GET /me" ? 200 : 401 });
});

const { handOverState, takeFragment } = await import("./hand_over.ts");
const { refresh } = await import("./loading.ts");
const { me, phoneZone, session } = await import("./state.ts");

const ana = { id: "ana", zone: phoneZone(), now: "2026-11-22T08:00:00Z", consents: [] } as unknown as Me;

async function openWith(hash: string): Promise<void> {
  place.hash = hash;
  takeFragment();
  await refresh();
}

beforeEach(async () => {
  await wipe();
  [answer, signedIn, asked, me.value, session.value] = [201, false, [], null, "starting"];
  handOverState.value = "none";
});

test("the new app signs in with the code of its start address, which is gone before anything is shown", async () => {
  await openWith("#h=ABCD-EFGH");
  expect(place.hash).toBe("");
  expect(session.value).toBe("in");
  expect(asked[0]).toBe("POST /hand-overs/redeem");
});

test("it asks once: an app that is signed in, or was told no, leaves the code alone", async () => {
  await openWith("#h=ABCD-EFGH");
  await openWith("#h=ABCD-EFGH");
  me.value = null;
  answer = 404;
  await openWith("#h=ABCD-EFGH");
  await refresh();
  expect(asked.filter((route) => route.endsWith("redeem"))).toHaveLength(2);
  expect(handOverState.value).toBe("gone");
});

test("without a connection, or after too many tries, the code waits for the next time", async () => {
  answer = null;
  await openWith("#h=ABCD-EFGH");
  expect([session.value, handOverState.value]).toEqual(["out", "offline"]);
  answer = 429;
  await refresh();
  expect(handOverState.value).toBe("offline");
  answer = 201;
  await refresh();
  expect([session.value, handOverState.value]).toEqual(["in", "none"]);
});

test("an address without a code is left as it is", async () => {
  await openWith("#elsewhere");
  expect(place.hash).toBe("#elsewhere");
  expect(asked).not.toContain("POST /hand-overs/redeem");
});
