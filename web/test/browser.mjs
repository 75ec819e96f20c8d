// Chromium for the tests, offline but for localhost. As a program it prints where Chromium is, and fails if there is none.
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { argv, env, exit } from "node:process";
import { pathToFileURL } from "node:url";

const ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Where Chromium is: CHROMIUM says, or PATH. Undefined if there is none. */
export const chromium = env.CHROMIUM || (env.PATH ?? "").split(delimiter)
  .flatMap((dir) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(dir, name))).find(executable);

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts Chromium with a profile of its own. Returns its context and what ends it. */
export async function launch(options = {}) {
  const playwright = await import("playwright-core");
  const profile = mkdtempSync(join(tmpdir(), "agentsandbox-chromium-"));
  const context = await playwright.chromium.launchPersistentContext(profile, {
    executablePath: chromium, headless: true, args: ARGS, viewport: { width: 1280, height: 800 }, ...options,
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, close };
}

if (import.meta.url === pathToFileURL(argv[1] ?? "").href) {
  if (!chromium) exit(1);
  console.log(chromium);
}
