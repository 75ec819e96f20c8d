import { SandboxError } from "./errors.js";

/** One path as it is kept. */
export interface Kept {
  path: string;
  type: "file" | "directory" | "symlink";
  mode: number;
  data?: Uint8Array;
  target?: string;
}

const TABLE = "changes";

// How long the page that was left may take to let go of its lock.
const PATIENCE_MS = 2000;

/** A table in IndexedDB that one sandbox holds at a time, through a Web Lock. */
export class Store {
  #db: IDBDatabase;
  #release: () => void;

  private constructor(db: IDBDatabase, release: () => void) {
    this.#db = db;
    this.#release = release;
  }

  /** Opens a store, or makes it. Rejects with `in_use` while another tab or sandbox holds it. */
  static async open(name: string): Promise<Store> {
    if (typeof indexedDB === "undefined" || typeof navigator === "undefined" || !navigator.locks) {
      throw new SandboxError("unsupported", "persist needs IndexedDB and Web Locks: a browser, over https or from localhost");
    }
    const release = await lock(name);
    try {
      return new Store(await open(`agentsandbox:${name}`), release);
    } catch (err) {
      release();
      throw new SandboxError("unsaved", `the storage of ${JSON.stringify(name)} does not open: ${(err as Error).message}`);
    }
  }

  /** Everything that is kept, sorted by path. */
  all(): Promise<Kept[]> {
    return settled(this.#db.transaction(TABLE).objectStore(TABLE).getAll());
  }

  /** Puts and removes, all of it or nothing. */
  write(put: Kept[], remove: string[]): Promise<void> {
    const transaction = this.#db.transaction(TABLE, "readwrite");
    const table = transaction.objectStore(TABLE);
    for (const path of remove) table.delete(path);
    for (const it of put) table.put(it);
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(refused(transaction.error));
    });
  }

  close(): void {
    this.#db.close();
    this.#release();
  }
}

function refused(err: DOMException | null): SandboxError {
  const why = err?.name === "QuotaExceededError" ? "the browser gives this page no more storage" : err?.message ?? "the storage gave up";
  return new SandboxError("unsaved", why);
}

function lock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((release) => resolve(release));
    navigator.locks.request(`agentsandbox:${name}`, { signal: AbortSignal.timeout(PATIENCE_MS) }, held).catch(() => {
      reject(new SandboxError("in_use", `${JSON.stringify(name)} is open in another tab or sandbox`));
    });
  });
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "path" });
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the storage failed"));
  });
}
