/** What a file is given as: text is written as UTF-8. */
export type FileContent = string | Uint8Array | ArrayBuffer;

/** What a sandbox is made with. */
export interface SandboxOptions {
  /** Files to start with, by path below `/work`. They are not part of `diff()`. */
  files?: Record<string, FileContent>;
  /** Environment of every command, added to the sandbox's own. */
  env?: Record<string, string>;
  /** Limits of every command and of the file system. */
  limits?: Limits;
  /** Opens the network as far as it says; without one there is none. The platform's own rules (CORS) hold as well. */
  fetchPolicy?: FetchPolicy;
  /**
   * Keep `/work` under this name in IndexedDB: it is saved after each command and write, and restored at the start
   * (`files` are for the first time only). One sandbox at a time may hold a name; a second fails with the code `in_use`.
   */
  persist?: string;
  /** Where the assets are, if not beside the package. */
  assets?: Partial<AssetUrls>;
  /** `"wazero"` runs the portable interpreter, of a program that was built with it. */
  engine?: "platform" | "wazero";
}

/** Limits. Times are milliseconds, sizes bytes; what is left out has the sandbox's default. */
export interface Limits {
  /** Wall time of a command; negative: none. */
  timeout?: number;
  /** Units of computation of a command. */
  fuel?: number;
  /** Memory of a command. */
  memory?: number;
  /** Output kept of a command. */
  stdout?: number;
  stderr?: number;
  /** The file system: files, bytes of all, depth of directories, files open at once. */
  files?: number;
  bytes?: number;
  depth?: number;
  openFiles?: number;
  /** Arguments of a command: bytes of all, and how many. */
  args?: number;
  argCount?: number;
}

/** The files that the package loads. */
export interface AssetUrls {
  /** programs.wasm: the host and the toolbox. */
  programs: string | URL;
  /** tools.json: what the toolbox says of itself. */
  tools: string | URL;
}

/** Where the standard input of a command comes from: all of it, or piece by piece where guests can be suspended. */
export type Input = FileContent | AsyncIterable<FileContent> | (() => Promise<Uint8Array | undefined>);

/** How a command is run. */
export interface ExecOptions {
  stdin?: Input;
  /** Called with each piece as it is written; the result's own is empty then. */
  onStdout?: (piece: Uint8Array) => void;
  onStderr?: (piece: Uint8Array) => void;
  /**
   * Aborted before the start: the call rejects with its reason. Later: the command ends and the result says `canceled`.
   * Where guests cannot be suspended (Node < 24) a command that computes ends at its own end or its timeout.
   */
  signal?: AbortSignal;
  /** Added to the sandbox's environment. */
  env?: Record<string, string>;
  /** The directory to run in. */
  cwd?: string;
  /** Positional parameters of a script. */
  args?: readonly string[];
  /** Lower limits than the sandbox's. */
  timeout?: number;
  fuel?: number;
  memory?: number;
  /** Descriptors 0 to 2 are a terminal. */
  terminal?: boolean;
  /**
   * If this command is ended (by its signal, a limit, a trap), a session's shell goes on as it was before it. Saving it first takes as long
   * as a small command. By default where there is a signal.
   */
  keep?: boolean;
}

/** How a command ended. A command that fails is a result; a call rejects only if it could not be made. */
export interface ExecResult {
  /** 124 timed out, 137 another limit, 134 a trap; else the command's own. */
  exitCode: number;
  stdout: Uint8Array;
  stderr: Uint8Array;
  stdoutTruncated: boolean;
  stderrTruncated: boolean;
  /** The limit that ended it. */
  limit: { kind: LimitKind; max: number; used: number } | null;
  /** The WebAssembly trap that ended it. */
  trap: string | null;
  /** It was ended by its signal. */
  canceled: boolean;
  /** The session's shell, or a job of it, is gone with the command. */
  stateLost: boolean;
  /** The session's shell ended by itself. */
  exited: boolean;
  usage: Usage;
  /** Why what it changed could not be kept, where `persist` is set and that failed. */
  unsaved: string | null;
}

export type LimitKind = "fuel" | "time" | "memory" | "stack" | "arguments";

/** What a command used. */
export interface Usage {
  fuel: number;
  wallMs: number;
  peakMemory: number;
  bytesRead: number;
  bytesWritten: number;
}

/** An entry of a directory. */
export interface DirEntry {
  name: string;
  type: "file" | "directory" | "symlink" | "other";
  /** Permission bits. */
  mode: number;
  size: number;
}

/** A path below `/work` that differs from how the sandbox started. */
export interface Change {
  path: string;
  kind: "created" | "modified" | "deleted";
  directory: boolean;
}

/** Which requests may be made: `fetch.Policy` of the Go package, with the names that its JSON has. */
export interface FetchPolicy {
  /** `example.com`, `*.example.com`, `*`, an address, each with `:port` if need be. */
  allowed_domains?: string[];
  blocked_domains?: string[];
  allowed_urls?: string[];
  allowed_ports?: number[];
  /** True unless set: loopback, private and other local addresses are refused. */
  deny_private_ips?: boolean;
  allowed_schemes?: string[];
  allowed_methods?: string[];
  max_redirects?: number;
  request_timeout_ms?: number;
  max_request_body?: number;
  max_response_body?: number;
  max_concurrent?: number;
  max_requests_per_minute?: number;
  /** Headers that commands do not see, added to the requests to a host. */
  inject?: { host: string; http?: boolean; headers: Record<string, string> }[];
}

/** A request of `fetch`. */
export interface FetchOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
}

/** An answer of `fetch`. */
export interface FetchResponse {
  status: number;
  reason: string;
  /** Of what was answered, after redirects. */
  url: string;
  headers: [name: string, value: string][];
  body: Uint8Array;
}
