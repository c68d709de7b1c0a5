import { expect, test } from "vitest";
import { enCamera } from "./en_camera.ts";

test("what the camera says aloud tells a listener nothing of what is seen", () => {
  const spoken = [
    ...Object.values(enCamera.guide),
    enCamera.next(2, 6),
    enCamera.count(3),
    enCamera.voiceOn,
    enCamera.stopped,
    enCamera.noPicture,
    enCamera.lineUp,
    enCamera.level,
  ];
  const about =
    /skin|head|hair|scalp|face|brow|tattoo|pigment|removal|scab|heal|treat|clinic|body|side|close-up/i;
  expect(spoken.filter((words) => about.test(words))).toEqual([]);
  expect(spoken.filter((words) => words.length > 40)).toEqual([]);
});
