import { Baseline } from "./baseline.js";
import { load, type HostResult, type HostSandbox, type HostSession } from "./engine/hosts/browser/host.mjs";
import { SandboxError, record } from "./errors.js";
import { Keeper } from "./keep.js";
import type { Command, Reply, Request, Start, Started, Verb, Verbs } from "./protocol.js";
import type { ExecResult } from "./types.js";

type Handlers = { [V in Verb]: (id: number, ...args: Verbs[V]["args"]) => Promise<Verbs[V]["answer"]> };

/** The worker's side of the protocol, around one sandbox. */
export class Server {
  #post: (reply: Reply) => void;
  #sandbox: HostSandbox | undefined;
  #keeper: Keeper | undefined;
  #baseline = new Baseline({});
  #sessions: HostSession[] = [];
  #running = new Map<number, AbortController>();
  #wanting = new Map<number, (data: Uint8Array | undefined) => void>();

  constructor(post: (reply: Reply) => void) {
    this.#post = post;
  }

  /** Takes one message of the page. */
  receive(request: Request): void {
    switch (request.type) {
      case "call":
        return void this.#answer(request.id, request.verb, request.args);
      case "cancel":
        return this.#running.get(request.id)?.abort();
      case "input":
        this.#wanting.get(request.id)?.(request.data);
        this.#wanting.delete(request.id);
    }
  }

  async #answer(id: number, verb: Verb, args: unknown[]): Promise<void> {
    try {
      const handler = this.#handlers[verb] as (id: number, ...args: unknown[]) => Promise<unknown>;
      this.#post({ type: "answer", id, value: await handler(id, ...args) });
    } catch (err) {
      this.#post({ type: "error", id, error: record(err) });
    }
  }

  #handlers: Handlers = {
    start: (_, options) => this.#start(options),
    exec: (id, name, args, command) => this.#run(id, command, (options) => this.#live().exec(name, args, options)),
    session: async () => this.#sessions.push(await this.#live().session()) - 1,
    sessionExec: (id, at, script, command) => this.#run(id, command, (options) => this.#session(at).exec(script, options)),
    sessionDir: (_, at) => this.#session(at).dir(),
    sessionClose: (_, at) => this.#session(at).close(),
    readFile: (_, path) => this.#live().readFile(path),
    writeFile: async (_, path, data) => {
      await this.#live().writeFile(path, data);
      const unsaved = await this.#save();
      if (unsaved !== null) throw new SandboxError("unsaved", `${path} is written but not kept: ${unsaved}`, { path });
    },
    listDir: (_, path) => this.#live().listDir(path),
    diff: async () => this.#baseline.diff(this.#live(), await this.#live().diff()),
    fetch: (id, url, request) => this.#abortable(id, (signal) => this.#live().fetch(url, { ...request, signal })),
    destroy: async () => {
      await this.#live().destroy();
      await this.#keeper?.close();
    },
  };

  async #start({ program, guest, engine, persist, files, sandbox }: Start): Promise<Started> {
    const keeper = persist === "" ? undefined : await Keeper.open(persist);
    const { Go } = globalThis as { Go?: unknown };
    const host = await load({ Go, program, guest, engine });
    this.#sandbox = await host.sandbox(sandbox);
    this.#baseline = new Baseline(files);
    if (!(await keeper?.restore(this.#sandbox))) await this.#baseline.write(this.#sandbox);
    await keeper?.save(this.#sandbox);
    this.#keeper = keeper;
    return { engine: host.engine, suspends: host.suspends, tools: host.tools };
  }

  async #run(id: number, command: Command, start: (options: object) => Promise<HostResult>): Promise<ExecResult> {
    return this.#abortable(id, async (signal) => {
      const result = await start({ ...command.options, ...this.#streams(id, command), signal });
      return { ...result, unsaved: await this.#save() };
    });
  }

  async #abortable<T>(id: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const control = new AbortController();
    this.#running.set(id, control);
    try {
      return await run(control.signal);
    } finally {
      this.#running.delete(id);
      this.#wanting.delete(id);
    }
  }

  #streams(id: number, { pulls, stdout, stderr }: Command): object {
    const output = (stream: "stdout" | "stderr") => (data: Uint8Array) => this.#post({ type: "output", id, stream, data: data.slice() });
    return {
      ...(pulls && { stdin: () => this.#want(id) }),
      ...(stdout && { onStdout: output("stdout") }),
      ...(stderr && { onStderr: output("stderr") }),
    };
  }

  #want(id: number): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      this.#wanting.set(id, resolve);
      this.#post({ type: "want", id });
    });
  }

  // Says why what changed could not be saved: the command itself has run.
  async #save(): Promise<string | null> {
    try {
      await this.#keeper?.save(this.#live());
      return null;
    } catch (err) {
      return err instanceof Error ? err.message : String(err);
    }
  }

  #live(): HostSandbox {
    if (!this.#sandbox) throw new SandboxError("internal", "the sandbox has not started");
    return this.#sandbox;
  }

  #session(at: number): HostSession {
    const session = this.#sessions[at];
    if (!session) throw new SandboxError("internal", `there is no session ${at}`);
    return session;
  }
}
