import { expect, test, vi } from "vitest";
import { noteHidden, noteShown, takeMoment } from "../lib/clock.ts";
import type { OutboxItem } from "../lib/flush.ts";
import { buildSender } from "./sending.ts";

const clocks = { phone: Date.parse("2026-11-22T08:00:00Z"), at: 1_000_000 };
const sent: { path: string; body: { events: { body: { age_ms: number | null } }[] } }[] = [];

vi.spyOn(Date, "now").mockImplementation(() => clocks.phone);
vi.spyOn(performance, "now").mockImplementation(() => clocks.at);
vi.stubGlobal("fetch", async (path: string, { body }: { body?: unknown }) => {
  sent.push({ path, body: JSON.parse(typeof body === "string" ? body : "{}") });
  return new Response(JSON.stringify({ results: [{ status: 201 }] }), { status: 200 });
});

const sender = buildSender(async () => new ArrayBuffer(1));
const words = { id: "m", words: "It itches", at: "2026-11-22T08:00:00Z" };

function write(claimed = words.at): OutboxItem {
  const body = { ...words, at: claimed };
  const made = { made_at: clocks.phone, made: takeMoment() };
  return { kind: "message", id: "m", seq: 1, state: "saved", body, ...made };
}

async function ageWhenSent(item: OutboxItem): Promise<number | null | undefined> {
  await sender.sync([item]);
  return sent.at(-1)?.body.events[0]?.body.age_ms;
}

function pass(milliseconds: number): void {
  clocks.phone += milliseconds;
  clocks.at += milliseconds;
}

test("each sending says how long ago it was, also where somebody sets the phone's clock meanwhile", async () => {
  const item = write();
  pass(5_000);
  expect(await ageWhenSent(item)).toBe(5_000);
  clocks.phone -= 86_400_000;
  pass(5_000);
  expect(await ageWhenSent(item)).toBe(10_000);
  clocks.phone += 86_400_000;
});

test("what was over before it was noted is as old as it says", async () => {
  expect(await ageWhenSent(write("2026-11-22T07:00:10Z"))).toBe(
    clocks.phone - Date.parse("2026-11-22T07:00:10Z"),
  );
});

test("nobody knows the age of what an earlier start of the app left, or what is too old", async () => {
  const { made: _made, ...restarted } = write();
  expect(await ageWhenSent(restarted as OutboxItem)).toBeNull();
  expect(await ageWhenSent({ ...write(), made: { life: 2, at: 0 } })).toBeNull();
  expect(await ageWhenSent(write("2026-11-01T08:00:00Z"))).toBeNull();
});

test("a clock that stood still while the phone slept says nothing of what was before", async () => {
  const item = write(new Date(clocks.phone).toISOString());
  noteHidden();
  pass(8 * 3_600_000);
  noteShown();
  expect(await ageWhenSent(item)).toBe(8 * 3_600_000);
  noteHidden();
  clocks.phone += 3_600_000;
  noteShown();
  expect(await ageWhenSent(item)).toBeNull();
  expect(await ageWhenSent(write(new Date(clocks.phone).toISOString()))).toBe(0);
});

test("a photo says it in its address", async () => {
  const about = { care_plan_id: "p", view: "top", occurrence: null, type: "image/webp" };
  const body = { ...about, taken_at: new Date(clocks.phone).toISOString() };
  const photo = {
    kind: "photo",
    id: "x",
    seq: 1,
    state: "saved",
    made_at: clocks.phone,
    made: takeMoment(),
    body,
  };
  pass(700);
  await sender.send(photo as OutboxItem);
  expect(sent.at(-1)?.path).toContain("age_ms=700");
});
