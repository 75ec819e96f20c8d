/** The package in Node: the contract of `index.ts`, on worker threads and files. */
import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { SandboxError } from "./errors.js";
import type { Endpoint, Programs, Reply } from "./protocol.js";
import { BaseSandbox, toolNames, type Platform } from "./sandbox.js";
import type { AssetUrls, SandboxOptions } from "./types.js";

export { SandboxError } from "./errors.js";
export { Session } from "./sandbox.js";
export type * from "./types.js";

/** A sandbox in a worker thread of its own, which does not keep the process alive when nothing runs. */
export class Sandbox extends BaseSandbox {
  constructor(options: SandboxOptions = {}) {
    super(node, options);
  }

  /** The names of the commands, sorted. */
  static async availableTools(assets: Partial<AssetUrls> = {}): Promise<string[]> {
    return toolNames(await once({ ...defaults, ...assets }.guestInfo, json));
  }
}

const defaults: AssetUrls = {
  program: new URL("./assets/host.wasm", import.meta.url),
  guest: new URL("./assets/guest.wasm", import.meta.url),
  guestMemory: new URL("./assets/guest.bin", import.meta.url),
  guestInfo: new URL("./assets/guest.json", import.meta.url),
};

const node: Platform = {
  async load(assets) {
    const url = { ...defaults, ...assets };
    const parts = [once(url.program, compile), image(url.guest, url.guestMemory, url.guestInfo)] as const;
    const [program, guest] = await Promise.all(parts);
    return { program, guest };
  },
  thread: () => new NodeThread(),
};

class NodeThread implements Endpoint {
  #worker = new Worker(new URL("./worker-node.js", import.meta.url));

  post(message: Parameters<Endpoint["post"]>[0]): void {
    this.#worker.postMessage(message);
  }

  listen(onReply: (reply: Reply) => void, onEnd: (why: Error) => void): void {
    this.#worker.on("message", onReply);
    this.#worker.on("error", (err) => onEnd(new SandboxError("internal", `the sandbox's thread failed: ${err.message}`)));
    this.#worker.on("exit", (code) => onEnd(new SandboxError("internal", `the sandbox's thread ended with ${code}`)));
  }

  hold(needed: boolean): void {
    if (needed) this.#worker.ref();
    else this.#worker.unref();
  }

  terminate(): void {
    void this.#worker.terminate();
  }
}

async function image(module: string | URL, memory: string | URL, info: string | URL): Promise<Programs["guest"]> {
  const parts = [once(module, compile), once(memory, buffer), once(info, json)] as const;
  const [code, start, record] = await Promise.all(parts);
  return { module: code, memory: start, info: record };
}

const loaded = new Map<string, Promise<unknown>>();

// Loads a file once a process; what failed is tried again the next time.
function once<T>(from: string | URL, read: (data: Buffer) => Promise<T>): Promise<T> {
  const key = String(from);
  let it = loaded.get(key) as Promise<T> | undefined;
  if (!it) {
    it = readFile(from).then(read);
    loaded.set(key, it);
    it.catch(() => loaded.delete(key));
  }
  return it;
}

const compile = (data: Buffer): Promise<WebAssembly.Module> => WebAssembly.compile(data as BufferSource);
const buffer = async (data: Buffer): Promise<ArrayBuffer> => data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
const json = async (data: Buffer): Promise<unknown> => JSON.parse(data.toString());
