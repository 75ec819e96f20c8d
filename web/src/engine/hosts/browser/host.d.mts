// The types of the host's own module, which is copied beside this at build time.
import type { Change, DirEntry, ExecResult, FetchResponse } from "../../../types.js";

/** A program with the memory that it starts with. */
export interface Image {
  /** Its bytes, for an engine of the program's own. */
  module: WebAssembly.Module | ArrayBuffer;
  memory: ArrayBuffer;
  info: unknown;
}

export interface HostOptions {
  Go: unknown;
  program: WebAssembly.Module;
  guest: Image;
  engine?: string;
}

export type HostResult = Omit<ExecResult, "unsaved">;

export interface HostSession {
  exec(script: string, options: object): Promise<HostResult>;
  dir(): Promise<string>;
  close(): Promise<void>;
}

export interface HostSandbox {
  exec(name: string, args: readonly string[], options: object): Promise<HostResult>;
  session(): Promise<HostSession>;
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, data: Uint8Array | ArrayBuffer | string): Promise<void>;
  listDir(path: string): Promise<DirEntry[]>;
  diff(): Promise<Change[]>;
  fetch(url: string, options: object): Promise<FetchResponse>;
  destroy(): Promise<void>;
}

export interface Host {
  readonly engine: string;
  readonly suspends: boolean;
  readonly tools: string[];
  sandbox(options: object): Promise<HostSandbox>;
  close(): Promise<void>;
}

export function load(options: HostOptions): Promise<Host>;
