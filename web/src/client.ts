import { bytes } from "./baseline.js";
import { SandboxError, revive } from "./errors.js";
import type { Command, CommandOptions, Endpoint, Reply, Verb, Verbs } from "./protocol.js";
import type { ExecOptions, ExecResult, FileContent } from "./types.js";

interface Pending {
  resolve(value: never): void;
  reject(err: Error): void;
  options?: ExecOptions;
  input?: () => Promise<Uint8Array | undefined>;
}

/** The page's side of the protocol: calls that become promises. */
export class Client {
  #endpoint: Endpoint;
  #calls = 0;
  #pending = new Map<number, Pending>();
  #ended: Error | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    endpoint.listen((reply) => this.#receive(reply), (why) => this.end(why));
    endpoint.hold(false);
  }

  /** Makes a call. */
  call<V extends Verb>(verb: V, ...args: Verbs[V]["args"]): Promise<Verbs[V]["answer"]> {
    return this.#send(verb, args, {}).promise;
  }

  /** Makes the call of a command, with its streams and its signal. */
  async run<V extends "exec" | "sessionExec">(verb: V, head: string | number, tail: unknown, options: ExecOptions): Promise<ExecResult> {
    options.signal?.throwIfAborted();
    const input = pull(options.stdin);
    const args = [head, tail, command(options, input !== undefined)] as unknown as Verbs[V]["args"];
    return this.#until(options.signal, this.#send(verb, args, input ? { options, input } : { options })) as Promise<ExecResult>;
  }

  /** Makes a call that its signal ends. */
  async cancellable<V extends Verb>(signal: AbortSignal | undefined, verb: V, ...args: Verbs[V]["args"]): Promise<Verbs[V]["answer"]> {
    signal?.throwIfAborted();
    return this.#until(signal, this.#send(verb, args, {}));
  }

  async #until<T>(signal: AbortSignal | undefined, { id, promise }: { id: number; promise: Promise<T> }): Promise<T> {
    const cancel = () => this.#endpoint.post({ type: "cancel", id });
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Ends the thread. What is pending, and every later call, is rejected with why. */
  end(why: Error): void {
    if (this.#ended) return;
    this.#ended = why;
    this.#endpoint.terminate();
    for (const { reject } of this.#pending.values()) reject(why);
    this.#pending.clear();
  }

  #send<V extends Verb>(verb: V, args: Verbs[V]["args"], extra: Pick<Pending, "options" | "input">) {
    const id = ++this.#calls;
    const promise = new Promise<Verbs[V]["answer"]>((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      this.#endpoint.post({ type: "call", id, verb, args } as Parameters<Endpoint["post"]>[0]);
      this.#pending.set(id, { resolve: resolve as Pending["resolve"], reject, ...extra });
      this.#endpoint.hold(true);
    });
    return { id, promise };
  }

  #receive(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    switch (reply.type) {
      case "answer":
        this.#settle(reply.id);
        return pending.resolve(reply.value as never);
      case "error":
        this.#settle(reply.id);
        return pending.reject(revive(reply.error));
      case "output":
        return pending.options?.[reply.stream === "stdout" ? "onStdout" : "onStderr"]?.(reply.data);
      case "want":
        void this.#feed(reply.id, pending);
    }
  }

  #settle(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#endpoint.hold(false);
  }

  async #feed(id: number, { input }: Pending): Promise<void> {
    const data = await input?.().catch(() => undefined); // input that fails has ended
    if (this.#pending.has(id)) this.#endpoint.post({ type: "input", id, data });
  }
}

/** The error of every call to a sandbox that is gone. */
export function destroyed(): SandboxError {
  return new SandboxError("destroyed", "the sandbox is destroyed");
}

function command(options: ExecOptions, pulls: boolean): Command {
  const { stdin, env, cwd, args, timeout, fuel, memory, terminal, signal, keep = signal !== undefined } = options;
  const plain = {
    env, args, timeout, terminal, keep, dir: cwd, fuelLimit: fuel, memoryLimit: memory,
    stdin: pulls ? undefined : (stdin as FileContent | undefined),
  };
  return { options: given(plain) as CommandOptions, pulls, stdout: Boolean(options.onStdout), stderr: Boolean(options.onStderr) };
}

/** An object without what is undefined: "not given" must not read as a value. */
export function given<T extends object>(it: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined)) as never;
}

// Input that must be asked for piece by piece, as a function.
function pull(stdin: ExecOptions["stdin"]): Pending["input"] | undefined {
  if (typeof stdin === "function") return stdin;
  if (stdin === undefined || typeof stdin === "string" || stdin instanceof ArrayBuffer || ArrayBuffer.isView(stdin)) return undefined;
  const pieces = stdin[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await pieces.next();
    return done ? undefined : bytes(value);
  };
}
