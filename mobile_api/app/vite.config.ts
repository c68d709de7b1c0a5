import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { build, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Kept for offline use beside the app's own files, which have their content in their names. */
const SHELL = ["index.html", "manifest.webmanifest", "icons/icon-192.png"];

/** Fetched where it is wanted, and by most phones never. */
const ASKED_FOR = /^assets\/firebase-/;

/**
 * Builds src/sw/sw.ts into /sw.js after the app, with the list of files to keep for offline use written into it, and a
 * hash of all of them: a change of the shell alone is a new worker too.
 */
function serviceWorker(): Plugin {
  return {
    name: "fallow-service-worker",
    apply: "build",
    async writeBundle(options, bundle) {
      const files = Object.keys(bundle).filter((name) => name.startsWith("assets/") && !ASKED_FOR.test(name));
      const hash = createHash("sha256").update(files.join());
      for (const name of SHELL) hash.update(readFileSync(`${options.dir}/${name}`));
      await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: {
          __PRECACHE__: JSON.stringify(files.map((name) => `/${name}`)),
          __BUILD__: JSON.stringify(hash.digest("hex").slice(0, 16)),
        },
        build: {
          emptyOutDir: false,
          rollupOptions: { input: "src/sw/sw.ts", output: { format: "iife", entryFileNames: "sw.js" } },
        },
      });
    },
  };
}

export default defineConfig({
  plugins: [serviceWorker()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  test: { testTimeout: 60_000 }, // the tests ask what, never how soon
});
