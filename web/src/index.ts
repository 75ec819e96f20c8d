/**
 * A shell, text tools and a file system inside WebAssembly, for browsers. Node has `node.ts`, of the same contract.
 *
 *     const sandbox = new Sandbox({ files: { "a.txt": "one\ntwo\n" } });
 *     const { stdout } = await sandbox.shell("grep -c o a.txt");
 *     await sandbox.destroy();
 */
import { SandboxError } from "./errors.js";
import type { Endpoint, Programs, Reply } from "./protocol.js";
import { BaseSandbox, toolNames, type Platform } from "./sandbox.js";
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
  static async availableTools(assets: Partial<AssetUrls> = {}): Promise<string[]> {
    return toolNames(await once(String({ ...defaults, ...assets }.guestInfo), json));
  }
}

// Written out, for bundlers to see which files they must bring along.
const defaults: AssetUrls = {
  program: new URL("./assets/host.wasm", import.meta.url),
  guest: new URL("./assets/guest.wasm", import.meta.url),
  guestMemory: new URL("./assets/guest.bin", import.meta.url),
  guestInfo: new URL("./assets/guest.json", import.meta.url),
};

const browser: Platform = {
  async load(assets) {
    const url = { ...defaults, ...assets };
    const parts = [once(String(url.program), compile), image(url.guest, url.guestMemory, url.guestInfo)] as const;
    const [program, guest] = await Promise.all(parts);
    return { program, guest };
  },
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

async function image(module: string | URL, memory: string | URL, info: string | URL): Promise<Programs["guest"]> {
  const parts = [once(String(module), compile), once(String(memory), buffer), once(String(info), json)] as const;
  const [code, start, record] = await Promise.all(parts);
  return { module: code, memory: start, info: record };
}

const loaded = new Map<string, Promise<unknown>>();

// Loads what is at a URL once a page; what failed is tried again the next time.
function once<T>(url: string, read: (response: Response) => Promise<T>): Promise<T> {
  let it = loaded.get(url) as Promise<T> | undefined;
  if (!it) {
    it = get(url).then(read);
    loaded.set(url, it);
    it.catch(() => loaded.delete(url));
  }
  return it;
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new SandboxError("internal", `${url}: ${response.status} ${response.statusText}`);
  return response;
}

async function compile(response: Response): Promise<WebAssembly.Module> {
  const streams = response.headers.get("content-type") === "application/wasm";
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

const buffer = (response: Response): Promise<ArrayBuffer> => response.arrayBuffer();
const json = (response: Response): Promise<unknown> => response.json();
