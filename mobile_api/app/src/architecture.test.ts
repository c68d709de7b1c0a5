import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

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

test("manifest and shell never name the treatment", () => {
  const never = /hair|scalp|tattoo|pigment|removal|laser|saline|\bundo\b|scab|regret/i;
  for (const name of ["../public/manifest.webmanifest", "../index.html"])
    expect(readFileSync(join(ROOT, name), "utf8")).not.toMatch(never);
});
