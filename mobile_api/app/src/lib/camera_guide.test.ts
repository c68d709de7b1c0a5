import { expect, test } from "vitest";
import { guide, hear, NOTHING_SAID, type Guidance } from "./camera_guide.ts";

const good = { light: 130, sharpness: 40 };

test("light comes before motion, motion before sharpness", () => {
  expect(guide({ light: 10, sharpness: 0 }, 90, false)).toBe("more_light");
  expect(guide({ light: 250, sharpness: 0 }, 90, false)).toBe("less_light");
  expect(guide({ light: 130, sharpness: 0 }, 90, false)).toBe("hold_still");
  expect(guide(good, 0, false)).toBe("ready");
});

test("a soft picture is too far away, and from near it is too close", () => {
  const soft = { light: 130, sharpness: 1 };
  expect(guide(soft, 0, false)).toBe("closer");
  expect(guide(soft, 0, true)).toBe("back");
});

test("a word is shown once it was right twice, and stays while others come and go", () => {
  const shown = (words: Guidance[]) => words.reduce(hear, NOTHING_SAID).shown;
  expect(shown(["ready"])).toBeNull();
  expect(shown(["ready", "ready"])).toBe("ready");
  expect(shown(["ready", "ready", "hold_still", "ready"])).toBe("ready");
  expect(shown(["ready", "ready", "hold_still", "hold_still"])).toBe("hold_still");
});
