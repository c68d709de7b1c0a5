import { build, defineConfig, type Plugin } from "vite";

/** Builds src/sw/sw.ts into /sw.js after the app, with the list of files to keep for offline use written into it. */
function serviceWorker(): Plugin {
  return {
    name: "fallow-service-worker",
    apply: "build",
    async writeBundle(_options, bundle) {
      const files = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
      await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: { __PRECACHE__: JSON.stringify(files.map((name) => `/${name}`)) },
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
  build: { target: "es2022", modulePreload: false, assetsInlineLimit: 0 },
});
