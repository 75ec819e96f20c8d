/**
 * What a call is rejected with. `code` says what is wrong, for programs: `destroyed`, `busy` (the session runs another
 * command), `not_found`, `network_disabled`, `denied` (by the fetch policy), `fetch` (the request failed), `no_toolbox`, `unsupported`, `config`, `limit`, `in_use` (another sandbox
 * holds the name of `persist`), `unsaved` (the storage refused), the name of an errno (`ENOENT`, … with `path`), or
 * `internal`.
 */
export class SandboxError extends Error {
  readonly code: string;
  /** What the error is about: a path, a field, a limit. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, detail: Record<string, unknown> = {}) {
    super(message);
    this.name = "SandboxError";
    this.code = code;
    this.detail = detail;
  }
}

/** An error as it crosses between threads. */
export interface ErrorRecord {
  name: string;
  code: string;
  message: string;
  detail: Record<string, unknown>;
}

/** Takes an error apart for the other thread. */
export function record(err: unknown): ErrorRecord {
  if (!(err instanceof Error)) return { name: "Error", code: "internal", message: String(err), detail: {} };
  const { code, ...detail } = { ...err } as { code?: unknown };
  return { name: err.name, code: typeof code === "string" ? code : "internal", message: err.message, detail: plain(detail) };
}

/** The error that the other thread took apart. */
export function revive(it: ErrorRecord): Error {
  return it.name === "TypeError" ? new TypeError(it.message) : new SandboxError(it.code, it.message, it.detail);
}

function plain(detail: Record<string, unknown>): Record<string, unknown> {
  const inner = typeof detail["detail"] === "object" ? (detail["detail"] as object) : {};
  const pairs = Object.entries({ ...detail, ...inner }).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return Object.fromEntries(pairs);
}
