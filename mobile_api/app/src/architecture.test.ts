import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { en } from "./strings/en.ts";
import { enCorrection } from "./strings/en_correction.ts";
import { enHealing } from "./strings/en_healing.ts";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
/** Which folders a folder may import from, besides itself; strings are words and may be used by all. */
const MAY: Record<string, string[]> = {
  screens: ["actions", "lib", "ui"],
  actions: ["api", "db", "lib"],
  api: ["lib"],
  db: ["lib"],
  ui: ["lib"],
  sw: ["api", "db", "lib"],
  strings: ["lib"],
  lib: [],
};

function listSources(folder: string): string[] {
  return readdirSync(folder).flatMap((name: string) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return listSources(path);
    return /\.tsx?$/.test(name) && !name.includes(".test.") ? [path] : [];
  });
}
const sources = listSources(ROOT).map((path) => ({
  path: relative(ROOT, path),
  text: readFileSync(path, "utf8"),
}));

test("imports go one way: screens to actions to api or db to lib", () => {
  const wrong = sources.flatMap(({ path, text }) => {
    const folder = path.split("/")[0]!;
    const allowed = MAY[folder];
    if (!allowed) return [];
    const imported = [...text.matchAll(/from "\.\.\/(\w+)\//g)].map((match) => match[1]!);
    return imported
      .filter((other) => other !== folder && other !== "strings" && !allowed.includes(other))
      .map((other) => `${path} imports ${other}`);
  });
  expect(wrong).toEqual([]);
});

test("time is read in lib/clock.ts alone", () => {
  const readers = sources.filter(({ text }) => /Date\.now\(|new Date\(\)|performance\.now\(/.test(text));
  expect(readers.map(({ path }) => path)).toEqual(["lib/clock.ts"]);
});

test("no inline style and no HTML from text", () => {
  const wrong = sources.filter(({ text }) => /\bstyle=|innerHTML|\.style\b|eval\(/.test(text));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test("page titles, manifest and the shell never name the treatment", () => {
  const never = /hair|scalp|tattoo|pigment|removal|laser|saline|\bundo\b|scab|regret/i;
  const pages = Object.values(en).flatMap((part) =>
    typeof part === "object" && "page" in part ? [part.page] : [],
  );
  const files = ["../public/manifest.webmanifest", "../index.html"].map((name) =>
    readFileSync(join(ROOT, name), "utf8"),
  );
  expect(pages.length).toBeGreaterThan(10);
  for (const text of [...pages, enHealing.page, enHealing.comparePage, enCorrection.page, en.app, ...files])
    expect(text).not.toMatch(never);
});

test("what the app says by itself never diagnoses", () => {
  const spoken = sources.filter(({ path }) => path.startsWith("strings/en")).map(({ text }) => text);
  expect(spoken.length).toBeGreaterThanOrEqual(5);
  expect(spoken.join("\n")).not.toMatch(/\bnormal|abnormal|redness|infected|infection|you have an?\b/i);
});
