// Runs the transcripts of the toolbox through the package, in Node and in Chromium:
//
//   node transcripts.mjs [-v] [--host node|chromium] [--net URL --policy JSON] [PART OF A NAME ...]
//
// With --net it runs those of the network against the server there, under that policy.
// Prints "HOST: N passed, N failed" for each, and below it the cases that differ: where they stand, or with -v how.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serve } from "../playground/serve.mjs";
import { chromium, launch } from "./browser.mjs";
import { parse, run } from "./transcript.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const HOSTS = { node: inNode, chromium: inChromium };

async function inNode(transcripts) {
  const { Sandbox } = await import("../dist/node.js");
  return sum(transcripts, (it) => run(Sandbox, it, options));
}

async function inChromium(transcripts) {
  if (!chromium) return { skipped: "there is no Chromium" };
  const { server, url } = await serve(at(".."));
  const { context, close } = await launch();
  try {
    const page = await context.newPage();
    await page.goto(`${url}test/transcripts.html`);
    return await sum(transcripts, (it) => page.evaluate(([it, options]) => globalThis.run(it, options), [it, options]));
  } finally {
    await close();
    server.close();
  }
}

async function sum(transcripts, runOne) {
  let passed = 0;
  const failures = [];
  for (const it of transcripts) {
    const result = await runOne(it);
    passed += result.passed;
    failures.push(...result.failures);
  }
  return { passed, failures };
}

function report(host, { passed, failures, skipped }, verbose) {
  console.log(skipped ? `${host}: skipped: ${skipped}` : `${host}: ${passed} passed, ${failures.length} failed`);
  for (const failure of failures ?? []) console.log(verbose ? `${failure}\n` : `  ${failure.split("\n")[0]}`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { host: { type: "string", multiple: true }, verbose: { type: "boolean", short: "v" }, net: { type: "string" }, policy: { type: "string" } },
});
const folder = at(values.net ? "../../toolbox/testdata/net/" : "../../toolbox/testdata/");
const options = values.net ? { env: { U: values.net }, fetchPolicy: JSON.parse(values.policy) } : {};
if (!existsSync(at("../dist/assets/programs.wasm"))) {
  console.log("skipped: the package is not built: make web");
  process.exit(0);
}
const names = readdirSync(folder).filter((name) => name.endsWith(".txtar") && (positionals.length === 0 || positionals.some((part) => name.includes(part))));
const transcripts = names.sort().map((name) => parse(name, readFileSync(folder + name, "utf8")));
let failed = false;
for (const host of values.host ?? Object.keys(HOSTS)) {
  if (!HOSTS[host]) throw new Error(`no host ${host}: ${Object.keys(HOSTS).join(", ")}`);
  const result = await HOSTS[host](transcripts);
  report(host, result, values.verbose);
  failed ||= result.failures?.length > 0;
}
process.exit(failed ? 1 : 0);
