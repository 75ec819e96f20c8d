// Measures just-bash: reads questions {script, dir, fresh}, one JSON object a line, and
// answers {ms} with the median.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Bash } from "just-bash";

const spend = 600;
const shells = new Map();

function files(dir, prefix = "/home/user", out = {}) {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) files(path, `${prefix}/${name}`, out);
    else out[`${prefix}/${name}`] = readFileSync(path, "utf8");
  }
  return out;
}

// Limits are raised where the work of the table would meet them.
const limits = { maxLoopIterations: 1e9, maxCommandCount: 1e9, maxAwkIterations: 1e9, maxSedIterations: 1e9, maxOutputSize: 1e9, maxStringLength: 1e9 };

function shell(dir) {
  if (!shells.has(dir)) shells.set(dir, new Bash({ cwd: "/home/user", files: dir ? files(dir) : {}, executionLimits: limits }));
  return shells.get(dir);
}

async function once({ script, dir, fresh }) {
  const bash = fresh ? new Bash() : shell(dir);
  const result = await bash.exec(script);
  if (result.exitCode !== 0) throw new Error(`exit ${result.exitCode}: ${result.stderr.slice(0, 200)}`);
}

async function median(question) {
  await once(question);
  const times = [];
  const begun = performance.now();
  while (times.length < 3 || (performance.now() - begun < spend && times.length < 2000)) {
    const start = performance.now();
    await once(question);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { ms: await median(JSON.parse(line)) };
  } catch (error) {
    answer = { error: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
