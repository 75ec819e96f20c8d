import type { HostSandbox } from "./engine/hosts/browser/host.mjs";
import type { Change, FileContent } from "./types.js";

/**
 * The files that a sandbox starts with. The host sees them written like any other; what differs from the start is
 * found here.
 */
export class Baseline {
  #files: Map<string, Uint8Array>;

  constructor(files: Record<string, FileContent>) {
    this.#files = new Map(Object.entries(files).map(([path, data]) => [plain(path), bytes(data)]));
  }

  async write(sandbox: HostSandbox): Promise<void> {
    for (const [path, data] of this.#files) await sandbox.writeFile(path, data);
  }

  /** The changes since nothing, as changes since the start. */
  async diff(sandbox: HostSandbox, changes: Change[]): Promise<Change[]> {
    const out: Change[] = [];
    const missing = new Set(this.#files.keys());
    for (const change of changes) {
      missing.delete(change.path);
      const it = await this.#since(sandbox, change);
      if (it) out.push(it);
    }
    for (const path of missing) out.push({ path, kind: "deleted", directory: false });
    return out.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async #since(sandbox: HostSandbox, change: Change): Promise<Change | undefined> {
    if (change.directory && [...this.#files.keys()].some((path) => path.startsWith(`${change.path}/`))) return undefined;
    const before = this.#files.get(change.path);
    if (!before || change.kind === "deleted") return change;
    const now = await sandbox.readFile(change.path).catch(() => undefined); // a directory, or a link to nowhere
    return now && same(before, now) ? undefined : { ...change, kind: "modified" };
  }
}

const plain = (path: string): string => path.split("/").filter((part) => part !== "" && part !== ".").join("/");

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Content as bytes. */
export function bytes(data: FileContent): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
