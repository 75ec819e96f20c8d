import type { Assets } from "./assets.js";
import { Client, destroyed, given } from "./client.js";
import { SandboxError } from "./errors.js";
import type { Endpoint, Programs, Start, Started } from "./protocol.js";
import type { Change, DirEntry, ExecOptions, ExecResult, FetchOptions, FetchResponse, FileContent, SandboxOptions } from "./types.js";

/** What a sandbox needs of the platform that it runs on. */
export interface Platform {
  assets: Assets;
  /** Starts a thread. */
  thread(): Endpoint;
}

/**
 * A file system, an environment and limits, and commands that run in it, each inside WebAssembly. It starts by itself: the
 * first call waits for it. Every sandbox has a thread of its own. `index.ts` and `node.ts` make it of their platform.
 */
export class BaseSandbox {
  #client: Client;
  #started: Promise<Started>;
  #ended: Promise<void> | undefined;

  constructor(platform: Platform, options: SandboxOptions) {
    this.#client = new Client(platform.thread());
    this.#started = this.#start(platform, options);
    this.#started.catch((err: Error) => this.#client.end(err)); // each call tells it
  }

  async #start(platform: Platform, options: SandboxOptions): Promise<Started> {
    const programs = await platform.assets.programs(options.assets ?? {}, options.engine === "wazero");
    return this.#client.call("start", { ...programs, ...startOptions(options) });
  }

  /** Waits until the sandbox runs, and says on what. Rejects if it cannot start. */
  ready(): Promise<Started> {
    return this.#started;
  }

  /** Runs a command of the toolbox, or a file of the sandbox, in a fresh instance. */
  async exec(command: string, args: readonly string[] = [], options: ExecOptions = {}): Promise<ExecResult> {
    await this.#live();
    return this.#client.run("exec", String(command), args.map(String), options);
  }

  /** Runs a script, as `bash -c` does. */
  shell(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    return this.exec("bash", ["-c", script, ...(options.args ?? [])], options);
  }

  /** Starts a shell whose directory, variables and functions live on between scripts. */
  async session(): Promise<Session> {
    await this.#live();
    return new Session(this.#client, await this.#client.call("session"));
  }

  /** Runs JavaScript, where the toolbox has its interpreter. */
  async execJs(code: string, options: ExecOptions = {}): Promise<ExecResult> {
    const { tools } = await this.#live();
    if (!tools.includes("js")) throw new SandboxError("unsupported", "this toolbox has no JavaScript");
    return this.exec("js", ["-e", code], options);
  }

  /** Makes an HTTP request under the sandbox's policy, as its commands may. Rejects with `denied` or `fetch`. */
  async fetch(url: string | URL, { signal, ...request }: FetchOptions = {}): Promise<FetchResponse> {
    await this.#live();
    return this.#client.cancellable(signal, "fetch", String(url), request);
  }

  /** Reads a file; paths are relative to `/work`, or absolute guest paths. */
  async readFile(path: string): Promise<Uint8Array> {
    await this.#live();
    return this.#client.call("readFile", String(path));
  }

  /** Writes a file, and makes the directories above it. */
  async writeFile(path: string, data: FileContent): Promise<void> {
    await this.#live();
    return this.#client.call("writeFile", String(path), data);
  }

  /** Lists a directory, sorted by name. */
  async listDir(path = ""): Promise<DirEntry[]> {
    await this.#live();
    return this.#client.call("listDir", String(path));
  }

  /** Lists what differs below `/work` from how the sandbox started, sorted by path. */
  async diff(): Promise<Change[]> {
    await this.#live();
    return this.#client.call("diff");
  }

  /** Waits for what runs and frees everything. A second time does nothing. */
  destroy(): Promise<void> {
    this.#ended ??= this.#started
      .then(() => this.#client.call("destroy"))
      .catch(() => undefined) // it never ran, or is gone: nothing is left to free
      .then(() => this.#client.end(destroyed()));
    return this.#ended;
  }

  /** Ends everything at once, in the middle of what runs, whose calls reject with `destroyed`. */
  kill(): void {
    this.#ended ??= Promise.resolve();
    this.#client.end(destroyed());
  }

  async #live(): Promise<Started> {
    if (this.#ended) throw destroyed();
    return this.#started;
  }
}

/** A shell that lives on. One script at a time: a second rejects with `busy`. */
export class Session {
  #client: Client;
  #id: number;

  constructor(client: Client, id: number) {
    this.#client = client;
    this.#id = id;
  }

  /** Runs a script in the shell. */
  exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    return this.#client.run("sessionExec", this.#id, String(script), options);
  }

  /** The shell's working directory. */
  dir(): Promise<string> {
    return this.#client.call("sessionDir", this.#id);
  }

  /** Ends the shell. */
  close(): Promise<void> {
    return this.#client.call("sessionClose", this.#id);
  }
}

function startOptions({ files = {}, env = {}, limits = {}, persist = "", engine = "platform", fetchPolicy }: SandboxOptions): Omit<Start, keyof Programs> {
  const { timeout, fuel, memory, ...rest } = limits;
  const sandbox = given({ env, timeout, fuelLimit: fuel, memoryLimit: memory, limits: given(rest), fetchPolicy });
  return { engine: engine === "platform" ? "" : engine, persist, files, sandbox: sandbox as Start["sandbox"] };
}
