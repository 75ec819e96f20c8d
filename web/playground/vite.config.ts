import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Writes the service worker, with the list of the files that the page needs when it is offline. */
function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const files = ["./", "./icon.svg", "./app.webmanifest", ...Object.keys(bundle).filter((name) => !name.endsWith(".html")).map((name) => `./${name}`)].sort();
      const page = Object.values(bundle).map((it) => (it.type === "chunk" ? it.code : it.source));
      const version = createHash("sha256").update(files.join("\n")).update(page.filter((it) => typeof it === "string").join("\n")).digest("hex").slice(0, 16);
      const source = readFileSync(here("sw.js"), "utf8").replace('"VERSION"', JSON.stringify(version)).replace('["FILES"]', JSON.stringify(files));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

export default defineConfig({
  root: here("."),
  base: "./",
  publicDir: here("public"),
  resolve: { alias: { agentsandbox: here("../dist/index.js") } },
  plugins: [offline()],
  worker: { format: "es" },
  build: { outDir: here("dist"), emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
});
