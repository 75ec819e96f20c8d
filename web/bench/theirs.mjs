// just-bash in a Web Worker, its limits raised where the work would meet them.
import { Bash } from "just-bash/browser";
import { TASKS, logText, median } from "./tasks.mjs";

const limits = { maxLoopIterations: 1e9, maxCommandCount: 1e9, maxAwkIterations: 1e9, maxSedIterations: 1e9, maxOutputSize: 1e9, maxStringLength: 1e9 };
const bash = new Bash({ cwd: "/home/user", files: { "/home/user/text.txt": logText() }, executionLimits: limits });

async function run({ command, script }) {
  const { exitCode, stdout, stderr } = await bash.exec(script ?? command.join(" "));
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

onmessage = async ({ data }) => {
  try {
    postMessage({ out: await run(TASKS[data]), ms: await median(() => run(TASKS[data])) });
  } catch (err) {
    postMessage({ error: String(err) });
  }
};
postMessage({});
