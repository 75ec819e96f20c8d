// The page that is measured in: run.mjs calls what is global here.
import { Sandbox } from "agentsandbox";
import { median } from "./tasks.mjs";

const make = {
  ours: () => new Worker(new URL("./ours.mjs", import.meta.url), { type: "module" }),
  theirs: () => new Worker(new URL("./theirs.mjs", import.meta.url), { type: "module" }),
};
const workers = new Map();

function answer(worker) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = (event) => reject(new Error(event.message));
  });
}

/** What a task prints in a worker of ours or theirs, and what it takes. */
globalThis.measure = async (whose, task) => {
  if (!workers.has(whose)) {
    workers.set(whose, make[whose]());
    await answer(workers.get(whose));
  }
  workers.get(whose).postMessage(task);
  return answer(workers.get(whose));
};

/** What echo takes as a page sees it: the package, with the way to its worker and back. */
globalThis.roundTrip = async () => {
  const sandbox = new Sandbox();
  const session = await sandbox.session();
  const fresh = await median(() => sandbox.exec("echo", ["hi"]));
  const live = await median(() => session.exec("echo hi"));
  await sandbox.destroy();
  return { fresh, live };
};
