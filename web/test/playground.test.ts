import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../playground/serve.mjs";
import { launch } from "./browser.mjs";
import { noBrowser, site } from "./built.js";

if (noBrowser) console.warn(`skipped: ${noBrowser}`);

const results = fileURLToPath(new URL("../test-results/", import.meta.url));

describe.skipIf(noBrowser !== "")("the playground in Chromium", () => {
  let server: Awaited<ReturnType<typeof serve>>;
  let browser: Awaited<ReturnType<typeof launch>>;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(results, { recursive: true });
    server = await serve(site);
    browser = await launch({ colorScheme: "dark" });
    context = browser.context;
    page = await open();
  });
  afterAll(async () => {
    await browser?.close();
    server?.server.close();
  });

  async function open(): Promise<Page> {
    const page = await context.newPage();
    page.on("pageerror", (err) => complaints.push(err.message));
    page.on("console", (it) => { if (it.type() === "error") complaints.push(it.text()); });
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto(server.url);
    await ready(page);
    return page;
  }

  const ready = (on: Page) => on.locator('#state[data-is="ready"]').waitFor();
  const screen = (on = page) => on.locator(".xterm-rows").innerText().then((text) => text.replaceAll("\u00a0", " "));

  // Types a command, and waits for what it must show.
  async function type(command: string, shows: string | RegExp, on = page): Promise<void> {
    await on.locator("#terminal textarea").focus();
    await on.keyboard.type(command);
    await on.keyboard.press("Enter");
    await expect.poll(() => screen(on)).toMatch(shows);
    await ready(on);
  }

  test("is ready to type in", async () => {
    await expect.poll(() => screen()).toMatch(/\/work \$/);
    expect(await page.locator("#tries button").count()).toBeGreaterThan(4);
  });

  test("runs what is typed, in one shell", async () => {
    await type("x=41; cd data", /\/work\/data \$/);
    await type("echo $((x+1)); pwd; cd ..", /42\s+\/work\/data/);
  });

  test("edits the line, recalls, and completes", async () => {
    await page.keyboard.type("echo bd");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type("c");
    await page.keyboard.press("Enter");
    await expect.poll(() => screen()).toContain("\nbcd");
    await ready(page);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.type("-again");
    await page.keyboard.press("Enter");
    await expect.poll(() => screen()).toContain("\nbcd-again");
    await ready(page);
    await page.keyboard.type("bas");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Control+u");
    await page.keyboard.type("cat READ");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => screen()).toContain("This is a file system");
    await ready(page);
  });

  test("takes lines that go on", async () => {
    await page.keyboard.type("for i in 1 2; do");
    await page.keyboard.press("Enter");
    await page.keyboard.type("echo n$i; done");
    await page.keyboard.press("Enter");
    await expect.poll(() => screen()).toMatch(/n1\s+n2/);
    await ready(page);
  });

  test("gives a command what is typed", async () => {
    await page.keyboard.type("read -r line; echo \"<$line>\"");
    await page.keyboard.press("Enter");
    await page.locator('#state:has-text("running")').waitFor();
    await page.keyboard.type("live input");
    await page.keyboard.press("Enter");
    await expect.poll(() => screen()).toContain("<live input>");
    await ready(page);
  });

  test("keeps what is typed ahead for the prompt", async () => {
    await page.keyboard.type("sleep 1");
    await page.keyboard.press("Enter");
    await page.locator('#state:has-text("running")').waitFor();
    await page.keyboard.type("echo ahead");
    await page.keyboard.press("Enter");
    await expect.poll(() => screen()).toMatch(/\nahead/);
    await ready(page);
  });

  // THREAT[RL-04] An endless loop ends at Ctrl-C, and the shell lives on.
  test("interrupts", async () => {
    await type("cd data; name=kept; hi() { echo \"hi $1\"; }", /\/work\/data \$ *$/);
    for (const script of ["while :; do :; done", "sleep 60"]) {
      await page.keyboard.type(script);
      await page.keyboard.press("Enter");
      await page.locator('#state:has-text("running")').waitFor();
      await page.keyboard.press("Control+c");
      await ready(page);
    }
    await type("hi $name; pwd; cd ..", /\nhi kept\s+\/work\/data\s/);
    expect(await screen()).not.toContain("shell");
  });

  test("shows what was used", async () => {
    await type("sh -c 'exit 7'", /\$ *$/);
    await expect.poll(() => page.locator("#exit").innerText()).toBe("7");
    expect(await page.locator("#ms").innerText()).toMatch(/ms of 60 s/);
    expect(await page.locator("#fuel").innerText()).toMatch(/^[\d,]+$/);
  });

  test("says that output was cut", async () => {
    await type("seq 200000", /the output was cut at its limit/);
  });

  test("edits a file", async () => {
    await page.locator('#tree [data-path="README.md"]').click();
    await page.locator("#text").fill("changed by hand\n");
    await page.locator("#save").click();
    await expect.poll(() => page.locator('#diff [data-kind="modified"]').innerText()).toContain("README.md");
    await type("cat README.md", "changed by hand");
    await type("echo by a command >>README.md; echo ok", /\nok/);
    await expect.poll(() => page.locator("#text").inputValue()).toBe("changed by hand\nby a command\n");
    await page.locator("#close").click();
  });

  // THREAT[SH-13] Neither names nor output act on the page.
  test("neutralises what would act", async () => {
    await type("printf '\\033]0;owned\\007\\033]52;c;b3du\\007\\033]8;;https://example.com\\007link\\033]8;;\\007\\033[6n'; echo; echo done", /\ndone/);
    await type("touch '<img src=x onerror=alert(1)>'; echo made", /\nmade/);
    await expect.poll(() => page.locator("#tree").innerText()).toContain("<img src=x");
    expect(await page.locator("#tree img").count()).toBe(0);
    expect(await page.title()).toBe("agent-sandbox playground");
    expect(await page.locator("#terminal a").count()).toBe(0);
    await type("rm '<img src=x onerror=alert(1)>'; echo gone", /\ngone/);
  });

  test("uploads, and downloads all", async () => {
    await page.locator("#picker").setInputFiles({ name: "up.bin", mimeType: "application/octet-stream", buffer: Buffer.from([0, 255, 7]) });
    await expect.poll(() => page.locator("#tree").innerText()).toContain("up.bin");
    await type("wc -c up.bin", /3 up\.bin/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
    const archive = readFileSync(await download.path());
    expect(archive.length % 512).toBe(0);
    expect(archive.includes("up.bin")).toBe(true);
  });

  // THREAT[RL-11] Two tabs do not write over one another.
  test("says that another tab has the files", async () => {
    const second = await context.newPage();
    await second.goto(server.url);
    await expect.poll(() => second.locator("#state").innerText(), { timeout: 15_000 }).toContain("open in another tab");
    await second.close();
  });

  // THREAT[NP-16] The page's policy lets nothing out, whatever ran in it.
  test("reaches nothing but its own server", async () => {
    const other = await serve(site);
    const second = await context.newPage();
    await second.goto(server.url);
    const ask = (url: string) => fetch(url, { mode: "no-cors" }).then(() => "reached", () => "refused");
    expect(await second.evaluate(ask, other.url)).toBe("refused");
    expect(await second.evaluate(ask, server.url)).toBe("reached");
    await second.close();
    other.server.close();
  });

  test("keeps its files, and works offline", async () => {
    await type("mkdir -p kept; echo v >kept/f; chmod 700 kept/f; ln -s f kept/l; echo saved", /\nsaved/);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.reload();
    await ready(page);
    await context.setOffline(false);
    await type("ls -l kept; cat kept/l README.md", /-rwx------.* f[\s\S]*l -> f\s+v\s+changed by hand/);
  });

  test("starts anew to interrupt, where guests cannot be suspended", async () => {
    const plain = await launch({ serviceWorkers: "block" });
    await plain.context.route("**/worker-*.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `WebAssembly.Suspending = undefined;${await response.text()}` });
    });
    const second = await plain.context.newPage();
    await second.goto(server.url);
    await ready(second);
    await type("echo before >kept.txt; echo wrote", /\nwrote/, second);
    await second.keyboard.type("while :; do :; done");
    await second.keyboard.press("Enter");
    await second.locator('#state:has-text("running")').waitFor();
    await second.keyboard.press("Control+c");
    await expect.poll(() => screen(second)).toContain("cannot interrupt a command");
    await ready(second);
    await type("cat kept.txt", /\nbefore/, second);
    await plain.close();
  });

  test("looks as it should", async () => {
    await page.keyboard.press("Control+l");
    await type("ls -l --color", /README/);
    await type("sort -t, -k3 -rn data/planets.csv | head -3", /Saturn/);
    await type("grep -rn --color TODO .", /TODO/);
    await page.screenshot({ path: `${results}session-dark.png` });
    await page.locator("#theme").click();
    await page.locator('#tree [data-path="src/greet.sh"]').click();
    await expect.poll(() => page.locator("#text").inputValue()).toContain("hello");
    await page.screenshot({ path: `${results}editor-light.png` });
    await page.locator("#close").click();
    await page.setViewportSize({ width: 390, height: 780 });
    await page.screenshot({ path: `${results}phone-terminal.png` });
    await page.locator('nav [data-show="files"]').click();
    await page.screenshot({ path: `${results}phone-files.png` });
    expect(complaints).toEqual([]);
  });
});
