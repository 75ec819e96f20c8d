import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "./",
  resolve: { alias: { agentsandbox: here("../dist/index.js"), "node:zlib": here("./none.mjs") } },
  worker: { format: "es" },
  build: { outDir: here("../../build/web/bench"), emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 5000, reportCompressedSize: false },
});
