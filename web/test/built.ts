import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "./browser.mjs";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Why tests of what is built cannot run; "" if they can. */
export const unbuilt = existsSync(at("../dist/assets/programs.wasm")) ? "" : "the package is not built: make web";

/** The folder of the built playground, and why its tests cannot run. */
export const site = at("../playground/dist");
export const noBrowser = !chromium
  ? "there is no Chromium"
  : existsSync(`${site}/index.html`) ? "" : "the playground is not built: make site";

/** The built package, typed as its source. */
export const load = (): Promise<typeof import("../src/node.js")> => import(at("../dist/node.js"));

export const text = (data: Uint8Array): string => new TextDecoder().decode(data);
