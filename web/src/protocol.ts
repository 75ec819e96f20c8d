// What the two threads say to each other. The page's side is client.ts, the worker's server.ts.
import type { Image } from "./engine/hosts/browser/host.mjs";
import type { ErrorRecord } from "./errors.js";
import type { Change, DirEntry, ExecResult, FetchOptions, FetchPolicy, FetchResponse, FileContent } from "./types.js";

/** What the file of the programs holds: the host, and the guest with its memory. */
export interface Code {
  program: WebAssembly.Module;
  module: Image["module"];
  memory: ArrayBuffer;
}

/** The programs: the host, and the toolbox. */
export interface Programs {
  program: WebAssembly.Module;
  guest: Image;
}

/** What a worker is started with, before any call. */
export interface Start extends Programs {
  engine: string;
  persist: string;
  files: Record<string, FileContent>;
  sandbox: {
    env: Record<string, string>;
    timeout?: number;
    fuelLimit?: number;
    memoryLimit?: number;
    limits: Record<string, number>;
    fetchPolicy?: FetchPolicy;
  };
}

/** What is known of a sandbox once it runs. */
export interface Started {
  engine: string;
  suspends: boolean;
  tools: string[];
}

/** The options of a command that are plain data. */
export interface CommandOptions {
  stdin?: FileContent;
  env?: Record<string, string>;
  dir?: string;
  args?: readonly string[];
  timeout?: number;
  fuelLimit?: number;
  memoryLimit?: number;
  terminal?: boolean;
  keep?: boolean;
}

/** A command with what of it goes back and forth while it runs. */
export interface Command {
  options: CommandOptions;
  /** Standard input is asked for piece by piece. */
  pulls: boolean;
  stdout: boolean;
  stderr: boolean;
}

/** The calls: arguments and answer by name. */
export interface Verbs {
  start: { args: [Start]; answer: Started };
  exec: { args: [name: string, args: readonly string[], command: Command]; answer: ExecResult };
  session: { args: []; answer: number };
  sessionExec: { args: [session: number, script: string, command: Command]; answer: ExecResult };
  sessionDir: { args: [session: number]; answer: string };
  sessionClose: { args: [session: number]; answer: void };
  readFile: { args: [path: string]; answer: Uint8Array };
  writeFile: { args: [path: string, data: FileContent]; answer: void };
  listDir: { args: [path: string]; answer: DirEntry[] };
  diff: { args: []; answer: Change[] };
  fetch: { args: [url: string, request: Omit<FetchOptions, "signal">]; answer: FetchResponse };
  destroy: { args: []; answer: void };
}

export type Verb = keyof Verbs;

/** What the page says. */
export type Request =
  | { [V in Verb]: { type: "call"; id: number; verb: V; args: Verbs[V]["args"] } }[Verb]
  | { type: "cancel"; id: number }
  | { type: "input"; id: number; data: Uint8Array | undefined };

/** What the worker says. */
export type Reply =
  | { type: "answer"; id: number; value: unknown }
  | { type: "error"; id: number; error: ErrorRecord }
  | { type: "output"; id: number; stream: "stdout" | "stderr"; data: Uint8Array }
  | { type: "want"; id: number };

/** The other thread, as the page sees it. */
export interface Endpoint {
  post(message: Request): void;
  /** Sets who is told of replies, and of the end of the thread. */
  listen(onReply: (reply: Reply) => void, onEnd: (why: Error) => void): void;
  /** Says whether the process must go on living for this thread. */
  hold(needed: boolean): void;
  terminate(): void;
}
