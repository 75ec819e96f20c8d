/** The package in Node: the contract of `index.ts`, on worker threads and files. */
import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { Assets } from "./assets.js";
import { SandboxError } from "./errors.js";
import type { Endpoint, Reply } from "./protocol.js";
import { BaseSandbox, type Platform } from "./sandbox.js";
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
  static availableTools(assets: Partial<AssetUrls> = {}): Promise<string[]> {
    return node.assets.tools(assets);
  }
}

const files: AssetUrls = {
  programs: new URL("./assets/programs.wasm", import.meta.url),
  tools: new URL("./assets/tools.json", import.meta.url),
};

const node: Platform = {
  assets: new Assets(files, async (from) => new Response((await readFile(from)) as BodyInit)),
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
