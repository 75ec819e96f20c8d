import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../playground/serve.mjs";
import { launch } from "./browser.mjs";
import { noBrowser } from "./built.js";

// What the page has for its tests.
declare const Sandbox: typeof import("../src/index.js").Sandbox;

describe.skipIf(noBrowser !== "")("Chromium without JSPI", () => {
  let pages: Awaited<ReturnType<typeof serve>>;
  let remote: Server;
  let browser: Awaited<ReturnType<typeof launch>>;
  let page: Page;
  const seen: string[] = [];

  beforeAll(async () => {
    pages = await serve(fileURLToPath(new URL("..", import.meta.url)));
    remote = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.cookie ?? "-"}`);
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("x-from", "remote");
      if (request.url === "/slow") return void setTimeout(() => response.end("late"), 5000);
      if (request.url === "/away") return void response.writeHead(302, { location: "/hello" }).end();
      request.on("data", () => undefined).on("end", () => response.end(`hello ${request.method}\n`));
    });
    await new Promise<void>((done) => remote.listen(0, "127.0.0.1", done));
    browser = await launch();
    // No flag of Chromium's takes it away.
    await browser.context.route("**/glue.mjs", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `WebAssembly.Suspending = undefined;\n${await response.text()}` });
    });
    page = await browser.context.newPage();
    await page.goto(`${pages.url}test/transcripts.html`);
    await page.evaluate(() => { document.cookie = "user=secret; path=/"; });
  });
  afterAll(async () => {
    await browser?.close();
    remote?.close();
    pages?.server.close();
  });

  const port = () => (remote.address() as AddressInfo).port;

  // Runs a script, and says how it ended and whether guests can be suspended.
  function run(script: string): Promise<{ out: string; exitCode: number; suspends: boolean }> {
    const policy = { allowed_domains: ["localhost", "127.0.0.1"], allowed_ports: [port(), Number(new URL(pages.url).port)], deny_private_ips: false, allowed_schemes: ["http"] };
    return page.evaluate(async ([script, fetchPolicy]) => {
      const sandbox = new Sandbox({ fetchPolicy });
      try {
        const { suspends } = await sandbox.ready();
        const { stdout, stderr, exitCode } = await sandbox.shell(script);
        const text = (data: Uint8Array) => new TextDecoder().decode(data);
        return { out: text(stdout) + text(stderr), exitCode, suspends };
      } finally {
        await sandbox.destroy();
      }
    }, [script, policy] as const);
  }

  test("makes requests, and waits for them", async () => {
    const got = await run(`curl -s http://localhost:${port()}/hello; curl -s -d x http://localhost:${port()}/post`);
    expect(got).toEqual({ out: "hello GET\nhello POST\n", exitCode: 0, suspends: false });
  });

  // THREAT[NP-16] The policy is asked before the platform is.
  test("asks the policy first", async () => {
    const before = seen.length;
    expect((await run("curl -sS http://example.com/; curl -sS http://localhost:1/")).exitCode).not.toBe(0);
    expect(seen.length).toBe(before);
  });

  test("ends at the time-out", async () => {
    expect((await run(`curl -sS -m 1 http://localhost:${port()}/slow`)).exitCode).toBe(28);
  });

  test("does not hide where a redirect led", async () => {
    expect((await run(`curl -sS http://localhost:${port()}/away`)).out).toContain("it is a redirect, which this browser follows by itself");
    expect((await run(`curl -sSL http://localhost:${port()}/away`)).out).toContain("hello GET");
  });

  // THREAT[NP-16] The user's cookies stay at home.
  test("sends no cookies", async () => {
    const cookies: (string | undefined)[] = [];
    pages.server.on("request", ({ url, headers }) => { if (url === "/package.json") cookies.push(headers.cookie); });
    expect((await run(`curl -sS ${pages.url}package.json`)).exitCode).toBe(7);
    expect(cookies).toEqual([]);
    expect(seen.filter((it) => it.includes("secret"))).toEqual([]);
    await page.evaluate(() => fetch("/package.json"));
    expect(cookies).toEqual(["user=secret"]);
  });
});
