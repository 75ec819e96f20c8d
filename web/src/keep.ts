import type { HostSandbox } from "./engine/hosts/browser/host.mjs";
import { SandboxError } from "./errors.js";
import { Store, type Kept } from "./store.js";
import type { Change, DirEntry } from "./types.js";

// Kept always: a store that holds nothing else is not a new one.
const ROOT: Kept = { path: ".", type: "directory", mode: 0o755 };

/**
 * Keeps a sandbox's `/work` under a name: files, directories, symbolic links and permission bits. What is saved is saved
 * whole or not at all. The sandbox must have been made empty.
 */
export class Keeper {
  #store: Pick<Store, "all" | "write" | "close">;
  #kept = new Map<string, string>(); // what the store holds: print by path
  #saving: Promise<void> = Promise.resolve();

  constructor(store: Pick<Store, "all" | "write" | "close">) {
    this.#store = store;
  }

  /** Opens the store of a name, for this sandbox alone. */
  static async open(name: string): Promise<Keeper> {
    return new Keeper(await Store.open(name));
  }

  /** Lays what was kept into a sandbox that has just been made. False if nothing ever was. */
  async restore(sandbox: HostSandbox): Promise<boolean> {
    const all = await this.#store.all();
    const of = (type: Kept["type"]) => all.filter((it) => it.type === type);
    await many(sandbox, ["mkdir", "-p"], of("directory"));
    for (const { path, data } of of("file")) await sandbox.writeFile(path, data ?? new Uint8Array());
    for (const { path, target } of of("symlink")) await run(sandbox, ["ln", "-sfn", "--", target ?? "", below(path)]);
    await restoreModes(sandbox, [...of("file"), ...of("directory").reverse()]);
    for (const it of all) this.#kept.set(it.path, print(it));
    return all.length > 0;
  }

  /** Saves what has changed since the last time, after what is being saved already. */
  save(sandbox: HostSandbox): Promise<void> {
    const saved = this.#saving.then(() => this.#save(sandbox));
    this.#saving = saved.catch(() => undefined); // its caller was told
    return saved;
  }

  async #save(sandbox: HostSandbox): Promise<void> {
    const now = [ROOT, ...(await changed(sandbox, await sandbox.diff()))];
    const prints = new Map(now.map((it) => [it.path, print(it)]));
    const put = now.filter((it) => this.#kept.get(it.path) !== prints.get(it.path));
    const gone = [...this.#kept.keys()].filter((path) => !prints.has(path));
    if (put.length + gone.length === 0) return;
    await this.#store.write(put, gone);
    this.#kept = prints;
  }

  /** Lets another sandbox have the name. */
  async close(): Promise<void> {
    await this.#saving;
    this.#store.close();
  }
}

// Reads what has changed. What vanishes meanwhile is left to the next time.
async function changed(sandbox: HostSandbox, changes: Change[]): Promise<Kept[]> {
  const entries = new Entries(sandbox);
  const out: Kept[] = [];
  for (const { path, kind } of changes) {
    if (kind === "deleted") continue;
    const entry = await entries.find(path);
    const it = entry && (await contents(sandbox, path, entry));
    if (it) out.push(it);
  }
  return out;
}

async function contents(sandbox: HostSandbox, path: string, { type, mode }: DirEntry): Promise<Kept | undefined> {
  switch (type) {
    case "directory":
      return { path, type, mode };
    case "file":
      return { path, type, mode, data: await sandbox.readFile(path) };
    case "symlink": {
      const { stdout } = await run(sandbox, ["readlink", "-n", "--", below(path)]);
      return { path, type, mode: 0, target: new TextDecoder().decode(stdout) };
    }
    default:
      return undefined;
  }
}

// The directory entries of paths; each directory is listed once.
class Entries {
  #sandbox: HostSandbox;
  #listed = new Map<string, Map<string, DirEntry>>();

  constructor(sandbox: HostSandbox) {
    this.#sandbox = sandbox;
  }

  async find(path: string): Promise<DirEntry | undefined> {
    const cut = path.lastIndexOf("/");
    const dir = path.slice(0, Math.max(cut, 0));
    if (!this.#listed.has(dir)) {
      const entries = await this.#sandbox.listDir(dir).catch(() => []);
      this.#listed.set(dir, new Map(entries.map((it) => [it.name, it])));
    }
    return this.#listed.get(dir)?.get(path.slice(cut + 1));
  }
}

async function restoreModes(sandbox: HostSandbox, all: Kept[]): Promise<void> {
  const byMode = new Map<number, Kept[]>();
  for (const it of all) {
    if (it.mode === (it.type === "file" ? 0o644 : 0o755)) continue; // what they are made with
    byMode.set(it.mode, [...(byMode.get(it.mode) ?? []), it]);
  }
  for (const [mode, same] of byMode) await many(sandbox, ["chmod", mode.toString(8)], same);
}

// Well below the limit of a command's arguments.
const BATCH = 100;

async function many(sandbox: HostSandbox, command: string[], all: Kept[]): Promise<void> {
  for (let at = 0; at < all.length; at += BATCH) {
    const paths = all.slice(at, at + BATCH).map(({ path }) => below(path));
    await run(sandbox, [...command, "--", ...paths]);
  }
}

async function run(sandbox: HostSandbox, [name = "", ...args]: string[]) {
  const result = await sandbox.exec(name, args, { dir: "/work" });
  if (result.exitCode !== 0) {
    throw new SandboxError("internal", `${name}: ${new TextDecoder().decode(result.stderr).trim() || `exit ${result.exitCode}`}`);
  }
  return result;
}

const below = (path: string): string => `/work/${path}`;

/** What tells two versions of a path apart. */
function print({ type, mode, target = "", data }: Kept): string {
  return [type, mode, target, data?.length ?? 0, data ? hash(data) : 0].join(":");
}

// FNV-1a in two lanes: it tells versions of a file apart, and defends against nobody.
function hash(data: Uint8Array): string {
  let a = 0x811c9dc5, b = 0xc9dc5118;
  for (const byte of data) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000193) ^ (b >>> 15);
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}
