// The sandbox as an object with promises. README.md is its documentation.

import { offerInlineFetch } from "./inline.mjs";
import { attach } from "../../core/engine/platform/glue.mjs";
import { Reader, Writer } from "./wire/wire.mjs";

const encoder = new TextEncoder();

/** What a call is rejected with. `code` says what is wrong, for programs. */
export class SandboxError extends Error {
  constructor(code, message, detail = {}) {
    super(message);
    this.name = "SandboxError";
    this.code = code;
    Object.assign(this, detail);
  }
}

/**
 * Starts a program with a toolbox in it.
 *
 * @param options
 *   Go: the class of wasm_exec.js
 *   program: the program, and guest.module: the toolbox: each a WebAssembly.Module, a
 *     Response, bytes, or a promise of one
 *   guest.memory: bytes (memory.bin); guest.info: text or object (guest.json)
 *   guest.bridge: a WebAssembly.Module, where nothing can be compiled at run time
 *   leaf: the image of the small commands, in the same form, if wanted
 *   idle: how many instances wait for the next command
 *   engine, suspend, turn: see README.md
 */
export async function load({ Go, program, guest, leaf, engine = "", idle = 0, suspend, turn }) {
  const code = compiled(program);
  const part = engine === "wazero" ? codeOf : imageOf;
  const images = [part(guest), leaf && part(leaf)]; // all of them download at once
  const [toolbox, small] = await Promise.all(images);
  const go = new Go();
  const host = new Host(attach(go, { given: { toolbox, ...(small && { leaf: small }) }, suspend, turn }));
  if (!host.suspends) offerInlineFetch();
  await host.run(go, await code);
  return host.start(engine, idle);
}

/** A running program: the toolbox, and the sandboxes made with it. */
class Host {
  #glue;
  #exports;
  #calls = new Map(); // what has not been answered
  #last = 0;
  #ended;

  /** Which engine runs the guests. */
  engine = "";
  /** The names of the commands, sorted. */
  tools = [];

  constructor(glue) {
    this.#glue = glue;
  }

  /** Whether a guest can be suspended: for live stdin, and to be cancelled while it computes. */
  get suspends() {
    return this.#glue.suspends;
  }

  async run(go, module) {
    go.importObject.agentsandbox_browser = {
      answer: (call, ok, at, size) => this.#answer(call, ok, this.#copy(at, size)),
      emit: (call, fd, at, size) => this.#emit(call, fd, this.#copy(at, size)),
      pull: (call) => queueMicrotask(() => this.#pull(call)), // not below Go
    };
    go.exit = (status) => this.#end(new Error(`exit status ${status}`));
    const instance = await WebAssembly.instantiate(module, go.importObject);
    this.#exports = instance.exports;
    this.#glue.bind(instance);
    go.run(instance).catch((err) => this.#end(err));
  }

  async start(engine, idle) {
    const r = await this.call("start", (w) => w.string(engine === "wazero" ? "interpreter" : engine).uint(idle));
    this.engine = r.string();
    this.tools = r.strings();
    return this;
  }

  #end(err) {
    this.#ended = new SandboxError("internal", `the sandbox program has ended: ${err.message}`);
    for (const { reject } of this.#calls.values()) reject(this.#ended);
    this.#calls.clear();
  }

  #copy(at, size) {
    return new Uint8Array(this.#exports.mem.buffer, at >>> 0, size >>> 0).slice();
  }

  /** Calls a verb with the arguments that write writes; promises a reader of the result. */
  call(verb, write = () => {}, streams = {}, started = () => {}) {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      const call = ++this.#last;
      const message = new Writer().string(verb).uint(call);
      write(message);
      this.#calls.set(call, { resolve, reject, ...streams });
      started(call);
      queueMicrotask(() => this.#send(message.message())); // an embedder may call from below Go, in onStdout
    });
  }

  #send(message) {
    if (this.#ended) return;
    const at = this.#exports.sandbox_room(message.length) >>> 0;
    new Uint8Array(this.#exports.mem.buffer, at, message.length).set(message);
    this.#exports.sandbox_request();
    this.#exports.resume();
  }

  #answer(call, ok, message) {
    const waiting = this.#calls.get(call);
    this.#calls.delete(call);
    const r = new Reader(message);
    if (ok) waiting?.resolve(r);
    else waiting?.reject(failure(r));
  }

  #emit(call, fd, data) {
    try {
      this.#calls.get(call)[fd === 1 ? "onStdout" : "onStderr"](data);
      return 1;
    } catch {
      return 0;
    }
  }

  async #pull(call) {
    let data;
    try {
      data = await this.#calls.get(call)?.pull();
    } catch {
      // Input that fails has ended.
    }
    this.call("input", (w) => w.uint(call).bytes(data ? bytes(data) : new Uint8Array(0))).catch(() => {});
  }

  /** A call that a signal can cancel. */
  async cancellable(signal, verb, write, streams) {
    signal?.throwIfAborted();
    let call;
    const cancel = () => { this.call("cancel", (w) => w.uint(call)).catch(() => {}); };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await this.call(verb, write, streams, (number) => { call = number; });
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Runs a command; promises its result. */
  async exec(verb, id, name, args, options) {
    const { signal, onStdout, onStderr } = options;
    const { stdin, pull } = inputOf(options.stdin);
    return resultOf(await this.cancellable(signal, verb, (w) => {
      w.uint(id);
      command(w, name, args, options, stdin, pull !== undefined);
    }, { onStdout, onStderr, pull }));
  }

  /** Makes a sandbox. */
  async sandbox(options = {}) {
    const r = await this.call("create", (w) => config(w, options));
    return new Sandbox(this, r.uint());
  }

  /** Frees the toolbox. The sandboxes must have been destroyed. */
  async close() {
    await this.call("stop");
  }
}

/** A file system, an environment and limits, and commands that run in it. */
class Sandbox {
  #host;
  #id;

  constructor(host, id) {
    this.#host = host;
    this.#id = id;
  }

  /** Runs a command of the toolbox, or a file of the sandbox, in a fresh instance. */
  exec(name, args = [], options = {}) {
    return this.#host.exec("exec", this.#id, name, args, options);
  }

  /** Runs a script, as bash -c does. */
  shell(script, options = {}) {
    return this.exec("bash", ["-c", script, ...(options.args ?? [])], options);
  }

  /** Starts a shell that lives on. */
  async session() {
    const r = await this.#host.call("session", (w) => w.uint(this.#id));
    return new Session(this.#host, r.uint());
  }

  async readFile(path) {
    const r = await this.#host.call("readFile", (w) => w.uint(this.#id).string(path));
    return r.bytes();
  }

  async writeFile(path, data) {
    await this.#host.call("writeFile", (w) => w.uint(this.#id).string(path).bytes(bytes(data)));
  }

  async listDir(path = "") {
    const r = await this.#host.call("listDir", (w) => w.uint(this.#id).string(path));
    return r.list(() => ({ name: r.string(), type: r.string(), mode: r.uint(), size: r.float() }));
  }

  async diff() {
    const r = await this.#host.call("diff", (w) => w.uint(this.#id));
    return r.list(() => ({ path: r.string(), kind: r.string(), directory: r.uint() === 1 }));
  }

  /** Makes an HTTP request under the sandbox's policy, as its commands may. */
  async fetch(url, { method = "GET", headers = {}, body, signal } = {}) {
    const r = await this.#host.cancellable(signal, "fetch", (w) => {
      w.uint(this.#id).string(method).string(String(url)).strings(pairs(headers)).bytes(bytes(body ?? ""));
    });
    return { status: r.uint(), reason: r.string(), url: r.string(), headers: couples(r.strings()), body: r.bytes() };
  }

  /** Waits for what is running and frees what the sandbox holds. */
  async destroy() {
    await this.#host.call("destroy", (w) => w.uint(this.#id));
  }
}

/** A shell whose directory, variables and functions persist between scripts. */
class Session {
  #host;
  #id;

  constructor(host, id) {
    this.#host = host;
    this.#id = id;
  }

  exec(script, options = {}) {
    return this.#host.exec("sessionExec", this.#id, "", [script, ...(options.args ?? [])], options);
  }

  /** The shell's working directory. */
  async dir() {
    return (await this.#host.call("sessionDir", (w) => w.uint(this.#id))).string();
  }

  async close() {
    await this.#host.call("sessionClose", (w) => w.uint(this.#id));
  }
}

const LIMITS = ["stdout", "stderr", "openFiles", "files", "bytes", "depth", "args", "argCount"];

// Writes the options of a sandbox.
function config(w, options) {
  const { files = {}, limits = {} } = options;
  w.strings(pairs(options.env));
  for (const name of ["timeout", "memoryLimit", "fuelLimit"]) w.float(amount(name, options[name]));
  for (const name of LIMITS) w.float(amount(`limits.${name}`, limits[name]));
  w.string(options.fetchPolicy ? JSON.stringify(options.fetchPolicy) : "");
  const list = Object.entries(files);
  w.uint(list.length);
  for (const [path, data] of list) w.string(path).bytes(bytes(data));
}

// Writes a command.
function command(w, name, args, options, stdin, pulled) {
  w.string(String(name)).strings(args.map(String)).string(options.dir ?? "").strings(pairs(options.env));
  for (const limit of ["timeout", "fuelLimit", "memoryLimit"]) w.float(amount(limit, options[limit]));
  w.uint((pulled ? 1 : 0) | (options.onStdout ? 2 : 0) | (options.onStderr ? 4 : 0) | (options.terminal ? 8 : 0) | (options.keep ? 16 : 0));
  w.bytes(stdin);
}

function amount(name, value = 0) {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new SandboxError("config", `${name}: ${String(value)} is no number`, { field: name });
  }
  return value;
}

function pairs(env = {}) {
  return Object.entries(env).flatMap(([key, value]) => [key, String(value)]);
}

function couples(list) {
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i], list[2 * i + 1]]);
}

// Input: what can be had at once as bytes, any other as a function that
// promises the next of it.
function inputOf(stdin) {
  const none = new Uint8Array(0);
  if (stdin === undefined || stdin === null) return { stdin: none };
  if (typeof stdin === "function") return { stdin: none, pull: stdin };
  const iterator = typeof stdin === "object" && stdin[Symbol.asyncIterator]?.();
  if (!iterator) return { stdin: bytes(stdin) };
  return { stdin: none, pull: async () => (await iterator.next()).value };
}

function bytes(data) {
  if (typeof data === "string") return encoder.encode(data);
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new TypeError("neither text nor bytes");
}

function resultOf(r) {
  const exitCode = r.uint(), stdout = r.bytes(), stderr = r.bytes(), truths = r.uint();
  const limit = limitOf(r), trap = r.string();
  return {
    exitCode, stdout, stderr,
    stdoutTruncated: (truths & 1) !== 0, stderrTruncated: (truths & 2) !== 0,
    canceled: (truths & 4) !== 0, stateLost: (truths & 8) !== 0, exited: (truths & 16) !== 0,
    limit, trap: trap === "" ? null : trap,
    usage: { fuel: r.float(), wallMs: r.float(), peakMemory: r.float(), bytesRead: r.float(), bytesWritten: r.float() },
  };
}

function limitOf(r) {
  const limit = { kind: r.string(), max: r.float(), used: r.float() };
  return limit.kind === "" ? null : limit;
}

function failure(r) {
  const code = r.string(), text = r.string(), detail = Object.fromEntries(couples(r.strings()));
  return new SandboxError(code, text, code === "limit" ? { ...detail, max: r.float(), used: r.float() } : detail);
}

// An image as the glue wants it. What is wrong with a part is told when it is used.
async function imageOf({ module, memory, bridge, info }) {
  const image = { module: compiled(module), memory: contents(memory), bridge };
  for (const early of [image.module, image.memory]) early.catch(() => {});
  image.info = await info;
  return image;
}

// An image for an engine that has to see the code.
async function codeOf({ module, memory, info }) {
  return { code: await contents(module), memory: await contents(memory), info: await info };
}

async function compiled(source) {
  const it = await source;
  if (it instanceof WebAssembly.Module) return it;
  if (typeof Response === "undefined" || !(it instanceof Response)) return WebAssembly.compile(it);
  if (!it.ok) throw new SandboxError("internal", `${it.url}: ${it.status} ${it.statusText}`);
  const streams = WebAssembly.compileStreaming && it.headers.get("content-type") === "application/wasm";
  return streams ? WebAssembly.compileStreaming(it) : WebAssembly.compile(await it.arrayBuffer());
}

async function contents(source) {
  const it = await source;
  return typeof Response !== "undefined" && it instanceof Response ? new Uint8Array(await it.arrayBuffer()) : bytes(it);
}
