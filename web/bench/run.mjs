// Measures the sandbox in Chromium beside just-bash in the same browser and the program for this machine, and prints a table:
//
//   node run.mjs BENCH SITE PROGRAM [README]
//
// BENCH and SITE are the built folders of the bench and of the playground, PROGRAM is bin/agent-sandbox; README gets the table
// between its marks.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../playground/serve.mjs";
import { chromium, launch } from "../test/browser.mjs";
import { TASKS, logText } from "./tasks.mjs";

const [bench, site, program, readme] = process.argv.slice(2);
const LOADS = 5;
const READY_GOAL = 1500;

// A page of its own process has a clock of microseconds.
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

const shown = (ms) => (!ms ? "" : ms < 10 ? `${ms.toFixed(3)} ms` : `${Math.round(ms)} ms`);
const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];

async function inPage(row) {
  const { server, url } = await serve(bench, 0, ISOLATED);
  const { context, close } = await launch();
  try {
    const page = await context.newPage();
    await page.goto(url);
    const measure = (whose, at) => page.evaluate(([whose, at]) => globalThis.measure(whose, at), [whose, at]);
    for (const [at, task] of TASKS.entries()) {
      const ours = await measure("ours", at);
      const same = async (whose, theirs) => {
        const { out, ms } = await theirs.catch((err) => ({ out: err.message }));
        if (out === ours.out) return ms;
        console.error(`${whose} does not do the same: ${task.name}: ${JSON.stringify(out)}`);
      };
      row(task.name, ours.ms, task.session ? undefined : await same("just-bash", measure("theirs", at)), task.long && await same("native", native(task)), task.goal);
    }
    const { fresh, live } = await page.evaluate(() => globalThis.roundTrip());
    row("… a fresh instance, from the page to the worker and back", fresh);
    row("… in a session, the same way", live);
    return context.browser()?.version() ?? (await page.evaluate(() => navigator.userAgent.match(/Chrome\/(\S+)/)[1]));
  } finally {
    await close();
    server.close();
  }
}

// The same script by the program for this machine; what it takes to start is not counted.
async function native({ command, script }) {
  const dir = mkdtempSync(join(tmpdir(), "agentsandbox-bench-"));
  try {
    writeFileSync(join(dir, "text.txt"), logText());
    const args = command ?? ["bash", "-c", script];
    const runs = Array.from({ length: 3 }, () =>
      JSON.parse(execFileSync(program, ["exec", "--json", "--work", dir, "--fuel", "1000000000000", "--", ...args], { maxBuffer: 1 << 26 })));
    return { out: runs[0].stdout, ms: middle(runs.map(({ usage }) => usage.wall_ms)) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

// From the start of the navigation to the first prompt, each time in a browser that has seen nothing yet.
async function ready() {
  const { server, url } = await serve(site);
  const times = [];
  try {
    for (let i = 0; i < LOADS; i++) {
      const { context, close } = await launch();
      const page = await context.newPage();
      await page.addInitScript(() => {
        const look = setInterval(() => {
          if (!/\$ *$/m.test(document.querySelector(".xterm-rows")?.textContent ?? "")) return;
          globalThis.readyAfter = performance.now();
          clearInterval(look);
        }, 5);
      });
      await page.goto(url);
      times.push(await (await page.waitForFunction(() => globalThis.readyAfter)).jsonValue());
      await close();
    }
  } finally {
    server.close();
  }
  return middle(times);
}

function table(rows, version) {
  const goal = ({ ours, native, goal }) => {
    if (goal === undefined) return "";
    const most = goal === "native" ? native : goal;
    return `${goal === "native" ? "the native time" : `≤ ${goal} ms`}: ${ours <= most ? "met" : "missed"}`;
  };
  const lines = rows.map((it) => [it.name, shown(it.ours), shown(it.theirs), it.theirs ? `${Number((it.theirs / it.ours).toPrecision(2))}×` : "", shown(it.native), goal(it)]);
  const head = ["work", "agent-sandbox", "just-bash", "ratio", "native", "goal"];
  const text = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `${new Date().toISOString().slice(0, 10)}, Chromium ${version}, ${cpus().length} cores\n\n${text}`;
}

if (!chromium) throw new Error("there is no Chromium");
const rows = [];
const version = await inPage((name, ours, theirs, native, goal) => rows.push({ name, ours, theirs, native, goal }));
rows.push({ name: "the playground, from nothing to the prompt", ours: await ready(), goal: READY_GOAL });
const text = table(rows, version);
console.log(text);
if (readme) {
  const before = readFileSync(readme, "utf8");
  const after = before.replace(/(<!-- bench: begin -->\n)[^]*?(<!-- bench: end -->)/, (_, begin, end) => `${begin}${text}\n${end}`);
  if (after === before && !before.includes(text)) throw new Error(`${readme} has no marks`);
  writeFileSync(readme, after);
}
