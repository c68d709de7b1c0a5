import { describe, expect, it } from "vitest";
import type { Result, Today } from "./contract.ts";
import { waitsToBeSeen, whereIs } from "./received.ts";

type Flag = Result["flags"][number];
const SENT = Date.parse("2026-03-03T03:00:05Z");
const flag = (level: Flag["level"], seen: Flag["seen"]): Flag => ({
  id: "1",
  level,
  rule_id: "fever",
  seen,
  got_help: null,
});
const result = (flags: Flag[], more: Partial<Result> = {}): Result => ({
  id: "1",
  level: "today",
  title: "",
  reasons: [],
  advice: [],
  do_now: [],
  told: null,
  emergency: [],
  check_again_at: null,
  disclaimer: "",
  emergency_line: "",
  received_at: "2026-03-03T03:00:06Z",
  reviewed: null,
  flags,
  ...more,
});
const JOE = { by: "Dr Joe", at: "2026-03-03T03:20:00Z" };
const IDA = { by: "Dr Ida", at: "2026-03-03T03:25:00Z" };

describe("where a red check-in is", () => {
  it("is on this phone until it was sent", () => {
    expect(whereIs(null, null)).toEqual({ at: "phone" });
  });
  it("is received from then on, by the server's time where it is known", () => {
    expect(whereIs(SENT, null)).toEqual({ at: "clinic", received_at: "2026-03-03T03:00:05.000Z" });
    const unseen = result([flag("today", null)]);
    expect(whereIs(SENT, unseen)).toEqual({ at: "clinic", received_at: "2026-03-03T03:00:06Z" });
  });
  it("is seen by name and time once every red flag of it is", () => {
    const half = result([flag("today", JOE), flag("now", null)]);
    expect(whereIs(SENT, half).at).toBe("clinic");
    const whole = result([flag("today", IDA), flag("now", JOE), flag("watch", null)]);
    expect(whereIs(SENT, whole)).toEqual({ at: "person", by: "Dr Ida", seen_at: IDA.at });
  });
  it("is seen as well where somebody answered it", () => {
    expect(whereIs(SENT, result([], { reviewed: JOE }))).toEqual({
      at: "person",
      by: "Dr Joe",
      seen_at: JOE.at,
    });
    expect(whereIs(SENT, result([])).at).toBe("clinic");
  });
});

describe("asking again by itself", () => {
  const day = (level: string, seen: unknown) => ({ areas: [{ flag: { level, seen } }] }) as unknown as Today;
  it("goes on while nobody has seen a red flag", () => {
    expect(waitsToBeSeen(day("now", null))).toBe(true);
    expect(waitsToBeSeen(day("today", null))).toBe(true);
    expect(waitsToBeSeen(day("today", JOE))).toBe(false);
    expect(waitsToBeSeen(day("watch", null))).toBe(false);
    expect(waitsToBeSeen({ areas: [{ flag: null }] } as unknown as Today)).toBe(false);
    expect(waitsToBeSeen(null)).toBe(false);
  });
});
