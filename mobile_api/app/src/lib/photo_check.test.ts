import { expect, test } from "vitest";
import { hintOf, measureLook, measureMotion, toLuma } from "./photo_check.ts";

const EDGE = 60;

/** A picture by a brightness for each place. */
function paint(brightness: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: EDGE * EDGE }, (_, i) => brightness(i % EDGE, Math.floor(i / EDGE)));
}
const texture = (strength: number) => (x: number, y: number) =>
  strength * (Math.sin(x * 2.1) + Math.cos(y * 2.3));
const look = (brightness: (x: number, y: number) => number) => measureLook(paint(brightness), EDGE);

test("brightness counts green most and opacity not at all", () => {
  const luma = toLuma(new Uint8ClampedArray([255, 255, 255, 0, 0, 255, 0, 255, 0, 0, 255, 255]));
  expect([...luma].map(Math.round)).toEqual([255, 150, 29]);
});

test("a picture with crisp edges in good light has nothing to say", () => {
  expect(hintOf(look((x, y) => 130 + texture(10)(x, y)))).toBeNull();
});

test("a smeared picture may be blurred, however many soft shades it has", () => {
  expect(hintOf(look((x) => 60 + 2 * x))).toBe("blurred");
  expect(hintOf(look(() => 130))).toBe("blurred");
});

test("dark skin in good light is neither dark nor blurred", () => {
  const light = look((x, y) => 180 * (1 + texture(0.02)(x, y)));
  const dark = look((x, y) => 45 * (1 + texture(0.02)(x, y)));
  expect(hintOf(dark)).toBeNull();
  expect(dark.sharpness).toBeCloseTo(light.sharpness, 1);
});

test("without enough light, or with too much, the light comes first", () => {
  expect(hintOf(look((x, y) => 12 + texture(4)(x, y)))).toBe("dark");
  expect(hintOf(look(() => 250))).toBe("bright");
});

test("motion is how much the picture changed; another size says nothing", () => {
  expect(
    measureMotion(
      paint(() => 100),
      paint(() => 120),
    ),
  ).toBe(20);
  expect(
    measureMotion(
      paint(() => 100),
      new Float32Array(4),
    ),
  ).toBe(0);
  expect(measureMotion(new Float32Array(0), new Float32Array(0))).toBe(0);
});

test("a picture too small to have edges is measured all the same", () => {
  expect(measureLook(new Float32Array(0), 0)).toEqual({ light: 0, sharpness: 0 });
  expect(measureLook(Float32Array.of(90, 90), 2).sharpness).toBe(0);
});
