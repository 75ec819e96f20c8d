/**
 * A shell, text tools and a file system inside WebAssembly, for browsers. Node has `node.ts`, of the same contract.
 *
 *     const sandbox = new Sandbox({ files: { "a.txt": "one\ntwo\n" } });
 *     const { stdout } = await sandbox.shell("grep -c o a.txt");
 *     await sandbox.destroy();
 */
import { Assets } from "./assets.js";
import { SandboxError } from "./errors.js";
import type { Endpoint, Reply } from "./protocol.js";
import { BaseSandbox, type Platform } from "./sandbox.js";
import type { AssetUrls, SandboxOptions } from "./types.js";

export { SandboxError } from "./errors.js";
export { Session } from "./sandbox.js";
export type * from "./types.js";

/** A sandbox in a Web Worker of its own. See the methods of BaseSandbox. */
export class Sandbox extends BaseSandbox {
  constructor(options: SandboxOptions = {}) {
    super(browser, options);
  }

  /** The names of the commands, sorted. */
  static availableTools(assets: Partial<AssetUrls> = {}): Promise<string[]> {
    return browser.assets.tools(assets);
  }
}

// Written out, for bundlers to see which files they must bring along.
const files: AssetUrls = {
  programs: new URL("./assets/programs.wasm", import.meta.url),
  tools: new URL("./assets/tools.json", import.meta.url),
};

const browser: Platform = {
  assets: new Assets(files, async (url) => {
    const response = await fetch(url);
    if (!response.ok) throw new SandboxError("internal", `${url}: ${response.status} ${response.statusText}`);
    return response;
  }),
  thread() {
    if (typeof Worker === "undefined" || typeof WebAssembly === "undefined") {
      throw new SandboxError("unsupported", "this platform has no Web Workers, or no WebAssembly");
    }
    return new BrowserThread();
  },
};

class BrowserThread implements Endpoint {
  #worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

  post(message: Parameters<Endpoint["post"]>[0]): void {
    this.#worker.postMessage(message);
  }

  listen(onReply: (reply: Reply) => void, onEnd: (why: Error) => void): void {
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => onReply(data);
    this.#worker.onerror = ({ message }) => onEnd(new SandboxError("internal", `the sandbox's worker failed: ${message ?? "it did not load"}`));
  }

  hold(): void {} // a page outlives its workers

  terminate(): void {
    this.#worker.terminate();
  }
}
