// Go programs, and the room that they have in the isolate.
import "./wasm_exec.js";
import { attach } from "./glue.mjs";
import program from "./program.wasm";
import module from "./guest.wasm";
import bridge from "./bridge.wasm";
import memory from "./memory.bin";
import info from "./guest.json";

const given = { toolbox: { module, bridge, memory: new Uint8Array(memory), info } };

// An isolate has 128 MB, for all objects that the platform puts there. Programs
// that are idle leave when others want room, and start again from what is saved.
const MB = 1 << 20;
const BUDGET = 104 * MB;
const NEEDED = 34 * MB; // by a program with a shell, and an instance that waits
const PATIENCE = 5000; // milliseconds

// Clocks of a Worker move only between turns.
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

const live = new Set(); // the programs of this isolate, the one that was used last at the end

/** There is no room, and none comes soon. */
export class Overloaded extends Error {}

/** A Go program that serves requests. */
export class Program {
  #go = new globalThis.Go();
  #glue;
  #binding = {};
  #exited;
  #serving = 0; // requests, and streams that are their answers
  #once;
  #stopped;

  /**
   * Starts one, for the sandbox that is in the storage; without, for one request.
   * stopped is called when it ends, or has to leave.
   */
  static async start(env, storage, stopped) {
    await makeRoom(env);
    const it = new Program();
    it.#once = storage === undefined;
    it.#stopped = stopped;
    live.add(it);
    try {
      await it.#start(env, storage);
    } catch (err) {
      it.stop();
      throw err;
    }
    return it;
  }

  async #start(env, storage) {
    let ready, fail;
    const started = new Promise((resolve, reject) => { ready = resolve; fail = (text) => reject(new Error(text)); });
    this.#go.importObject.workers = { ready };
    this.#glue = attach(this.#go, { given, turn });
    const instance = await WebAssembly.instantiate(program, this.#go.importObject);
    this.#glue.bind(instance);
    const settings = { token: env.TOKEN, origins: env.ORIGINS ?? "", netPolicy: env.NET_POLICY ?? "" };
    const secret = (name) => env[name];
    // The program takes it before it first waits, so no other can see it.
    globalThis.context = { ...settings, secret, binding: this.#binding, storage, fail, pipe: (left) => this.#pipe(left) };
    this.#exited = this.#go.run(instance).then(() => { throw new Error("the program has ended"); });
    delete globalThis.context;
    await Promise.race([started, this.#exited]);
    this.#exited.catch(() => this.stop());
  }

  /** Serves a request. */
  async serve(request) {
    live.delete(this);
    live.add(this);
    this.#serving++;
    try {
      return await Promise.race([this.#binding.handleRequest(request), this.#exited]);
    } finally {
      this.#served();
      await drain(request);
    }
  }

  #served() {
    if (--this.#serving === 0 && this.#once) this.stop();
  }

  // A stream that the program writes to. That its client has left is known only
  // where something is sent to it; left is called then.
  #pipe(left) {
    this.#serving++;
    let to, open = true;
    const stream = new ReadableStream({
      start(controller) { to = controller; },
      cancel() {
        to = undefined;
        if (open) left();
      },
    });
    const close = (how) => {
      if (to) how(to);
      to = undefined;
      open = false;
      this.#served();
    };
    return {
      stream,
      write(bytes) { to?.enqueue(bytes); return to !== undefined; },
      end() { close((to) => to.close()); },
      abort() { close((to) => to.error(new Error("the command failed"))); },
    };
  }

  /** What it holds, in bytes. */
  get bytes() {
    return this.#glue?.bytes ?? 0;
  }

  /** Whether nothing runs in it, so that it may be stopped. */
  get idle() {
    return this.#serving === 0 && this.#exited !== undefined;
  }

  /** Lets go of it. What is not saved is lost. */
  stop() {
    if (live.delete(this)) this.#stopped?.();
  }
}

// Waits until there is room for one more program.
async function makeRoom({ MEMORY_MB }) {
  const budget = MEMORY_MB ? Number(MEMORY_MB) * MB : BUDGET;
  for (let waited = 0; !fits(budget); waited += 20) {
    if (waited >= PATIENCE) throw new Overloaded("too much is running: try again later");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Reports whether there is room, after those programs have left that are idle and
// have not been used for longest.
function fits(budget) {
  const used = () => [...live].reduce((sum, { bytes }) => sum + Math.max(bytes, NEEDED), 0);
  for (const it of live) {
    if (used() + NEEDED <= budget) return true;
    if (it.idle) it.stop();
  }
  return live.size === 0 || used() + NEEDED <= budget;
}

/**
 * Reads what is left of a body that was refused: a client may hear of it only
 * after it has sent all.
 */
export async function drain({ body }) {
  if (body && !body.locked) await body.pipeTo(new WritableStream()).catch(() => {});
}
