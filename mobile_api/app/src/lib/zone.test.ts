import { expect, test } from "vitest";
import { choiceFor, cityOf, wantedZone, type ZoneChoice } from "./zone.ts";

const TOKYO: ZoneChoice = { phone: "Asia/Tokyo", home: "Europe/London", answer: "asked" };

test("reminders follow the phone until the client keeps the times of home, and only where that was said", () => {
  expect(wantedZone(null, "Asia/Tokyo")).toBe("Asia/Tokyo");
  expect(wantedZone(TOKYO, "Asia/Tokyo")).toBe("Asia/Tokyo");
  const kept: ZoneChoice = { ...TOKYO, answer: "keep" };
  expect(wantedZone(kept, "Asia/Tokyo")).toBe("Europe/London");
  expect(wantedZone(kept, "Europe/Paris")).toBe("Europe/Paris");
  expect(choiceFor(kept, "Europe/Paris")).toBeNull();
});

test("a zone is called by its city", () => {
  expect(["Asia/Tokyo", "America/Argentina/Buenos_Aires", "UTC"].map(cityOf)).toEqual([
    "Tokyo",
    "Buenos Aires",
    "UTC",
  ]);
});
