// The sandbox in a Web Worker, measured there: what a command takes without the way to the page and back.
import "../dist/engine/go/wasm_exec.js";
import { unpack } from "../dist/unpack.js";
import { load } from "../dist/engine/hosts/browser/host.mjs";
import { TASKS, logText, median } from "./tasks.mjs";

const programs = await fetch(new URL("../dist/assets/programs.wasm", import.meta.url));
const tools = await fetch(new URL("../dist/assets/tools.json", import.meta.url));
const { program, module, memory } = await unpack(programs.body);
const host = await load({ Go: globalThis.Go, program, guest: { module, memory, info: await tools.json() } });
const sandbox = await host.sandbox({ files: { "text.txt": logText() }, fuelLimit: 1e12, timeout: -1 });
const session = await sandbox.session();

async function run({ command, script, session: lives }) {
  const result = command ? await sandbox.exec(command[0], command.slice(1)) : lives ? await session.exec(script) : await sandbox.shell(script);
  if (result.exitCode !== 0) throw new Error(new TextDecoder().decode(result.stderr));
  return new TextDecoder().decode(result.stdout);
}

onmessage = async ({ data }) => {
  try {
    postMessage({ out: await run(TASKS[data]), ms: await median(() => run(TASKS[data])) });
  } catch (err) {
    postMessage({ error: String(err) });
  }
};
postMessage({});
