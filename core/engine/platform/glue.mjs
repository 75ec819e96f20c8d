// The glue between a Go program (GOOS=js) and guests that run on the
// WebAssembly engine that the program itself runs on. See platform.go for the rules.
//
//   const go = new Go();
//   const glue = attach(go);
//   const { instance } = await WebAssembly.instantiate(bytes, go.importObject);
//   glue.bind(instance);
//   go.run(instance);

import { bits, copy, Guest, NOTHING, startOf } from "./guest.mjs";

const OK = 0, FAILED = 1, TRAPPED = 2, NO_EXPORT = 3, PENDING = 4;
// How a host function is called; 0 is by the bridge.
const BLOCKS = 1, FUEL = 2;

// How many slices of fuel, about a millisecond each, a guest runs before
// others have their turn.
const SLICES = 16;

// What is thrown through a guest's frames; Go knows why. Not an Error, whose
// stack trace would cost more than all the rest.
const UNWIND = { toString: () => "guest unwound" };

const jspi = typeof WebAssembly.Suspending === "function" && typeof WebAssembly.promising === "function";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Gives a Go program that has not started yet its guests.
 *
 * @param go an instance of the class Go of wasm_exec.js
 * @param options
 *   given: modules that are compiled already, by name: { module, memory?, bridge?, info? }.
 *     module is a WebAssembly.Module, memory the bytes of what its memory starts with,
 *     bridge the module of its bridge (see bridge.go), which is made if it is missing;
 *     each may be a promise. info is text, or becomes JSON. Instead of module there may be code:
 *     bytes, for an engine of the Go program's own; memory has to be bytes then.
 *   suspend: false to do without JSPI where it is there
 *   turn: a function that returns a promise of the next turn of the event loop
 */
export function attach(go, { given = {}, suspend = true, turn = nextTurn } = {}) {
  const glue = new Glue(go, given, jspi && suspend, turn);
  go.importObject.agentsandbox = glue.imports();
  return glue;
}

class Glue {
  #go;
  #exports; // of the Go program
  #host = NOTHING; // its memory
  #modules = new Map();
  #instances = [];
  #texts = new Map(); // by ticket
  #given;
  #suspend;
  #turn;

  constructor(go, given, suspend, turn) {
    this.#go = go;
    this.#given = given;
    this.#suspend = suspend;
    this.#turn = turn;
  }

  /** Tells the glue the program's instance, before it is run. */
  bind(instance) {
    this.#exports = instance.exports;
  }

  /** Whether guests can be suspended. */
  get suspends() {
    return this.#suspend;
  }

  /** How much memory the program and its guests hold. */
  get bytes() {
    const guests = this.#instances.reduce((sum, guest) => sum + (guest?.bytes().length ?? 0), 0);
    return guests + (this.#exports?.mem.buffer.byteLength ?? 0);
  }

  imports() {
    return {
      suspends: () => (this.#suspend ? 1 : 0),
      sleep: block,
      text: (ticket, at, room) => this.#text(ticket, at >>> 0, room >>> 0),

      compile: (ticket, id, at, size, start, startSize) => {
        const code = this.#copy(at, size), memory = this.#copy(start, startSize);
        this.#do(ticket, async () => this.#keep(id, await WebAssembly.compile(code), memory));
      },
      given: (ticket, id, at, size) => {
        const name = this.#string(at, size);
        this.#do(ticket, async () => {
          const it = Object.hasOwn(this.#given, name) ? this.#given[name] : undefined;
          if (!it) throw new Error(`no module ${name} was given`);
          return this.#keep(id, await it.module, await it.memory, await it.bridge);
        });
      },
      part: (name, size, part, partSize, to, room) => {
        const data = this.#part(this.#string(name, size), this.#string(part, partSize));
        this.#bytes().set(data.subarray(0, room >>> 0), to >>> 0);
        return data.length;
      },
      link: (ticket, id, at, count, bridge, size, constant) => {
        const indices = new Int32Array(this.#copy(at, count * 4).buffer), code = this.#copy(bridge, size);
        this.#do(ticket, () => this.#link(this.#modules.get(id), indices, code, constant >>> 0));
      },
      pages: (id) => this.#modules.get(id)?.pages ?? -1,
      forget: (id) => { this.#modules.delete(id); },

      instantiate: (ticket, id, handle, maxPages) => {
        this.#do(ticket, () => this.#instantiate(this.#modules.get(id), handle, maxPages));
      },
      invoke: (ticket, handle, at, size, letters, count, params) => {
        const guest = this.#instances[handle], name = this.#string(at, size);
        const values = count === 0 ? [] : this.#params(this.#string(letters, count), params >>> 0);
        queueMicrotask(() => this.#invoke(ticket, guest, name, values));
      },
      results: (handle) => this.#instances[handle].results.length,
      result: (handle, i) => bits(this.#instances[handle].results[i]),
      wake: (handle, how, result) => { this.#instances[handle]?.wake(how, result); },
      reset: (handle) => (this.#reset(this.#instances[handle]) ? 1 : 0),
      scrub: (handle) => { this.#instances[handle]?.scrub(); },
      drop: (handle) => { this.#instances[handle] = undefined; },

      read: (handle, off, at, size) => {
        const from = this.#instances[handle]?.bytes() ?? NOTHING;
        return copy(this.#bytes(), at >>> 0, from, off >>> 0, size >>> 0);
      },
      write: (handle, off, at, size) => {
        const to = this.#instances[handle]?.bytes() ?? NOTHING;
        return copy(to, off >>> 0, this.#bytes(), at >>> 0, size >>> 0);
      },
      size: (handle) => this.#instances[handle]?.pages() ?? 0,
      global_get: (handle, at, size, value) => {
        const found = this.#instances[handle]?.global(this.#string(at, size));
        if (found === undefined) return 0;
        new DataView(this.#exports.mem.buffer).setBigUint64(value >>> 0, bits(found), true);
        return 1;
      },
      global_set: (handle, at, size, value) => (this.#instances[handle]?.setGlobal(this.#string(at, size), value) ? 1 : 0),
    };
  }

  // Begins a job for the ticket's owner, outside of all Go frames, and tells
  // the owner how it ended.
  #do(ticket, job) {
    queueMicrotask(async () => {
      let how = OK, said = "";
      try {
        said = (await job()) ?? "";
      } catch (err) {
        how = FAILED;
        said = message(err);
      }
      this.#done(ticket, how, said);
    });
  }

  #done(ticket, how, said) {
    if (said !== "") this.#texts.set(ticket, encoder.encode(said));
    else this.#texts.delete(ticket);
    if (this.#go.exited) return;
    this.#exports.agentsandbox_done(ticket, how);
    this.#resume();
  }

  // Lets Go run until it waits.
  #resume() {
    if (!this.#go.exited) this.#exports.resume();
  }

  #part(name, part) {
    const it = Object.hasOwn(this.#given, name) ? this.#given[name][part] : undefined;
    if (it === undefined || it instanceof Uint8Array) return it ?? NOTHING;
    return encoder.encode(typeof it === "string" ? it : JSON.stringify(it));
  }

  // What is compiled: the code, and what its memory starts with. Returns the
  // names of the functions that it imports.
  #keep(id, module, memory, bridge) {
    const start = memory?.length ? startOf(memory) : { pages: -1, image: NOTHING };
    const imports = WebAssembly.Module.imports(module);
    const other = imports.find((i) => i.kind !== "function");
    if (other) throw new Error(`it imports the ${other.kind} ${other.module}.${other.name}, which is not provided`);
    this.#modules.set(id, { module, bridge, imports, ...start });
    return JSON.stringify(imports.map((i) => [i.module, i.name]));
  }

  async #link(m, indices, bridge, constant) {
    m.constant = constant;
    m.imports.forEach((im, k) => {
      im.index = indices[2 * k];
      im.mode = indices[2 * k + 1];
    });
    m.index = Object.fromEntries(m.imports.map((im, k) => [k, im.index]));
    m.bridge ??= await WebAssembly.compile(bridge);
  }

  async #instantiate(m, handle, maxPages) {
    const guest = new Guest(handle, m, this.#suspend);
    const bridge = await WebAssembly.instantiate(m.bridge, {
      go: this.#exports, glue: { handle, unwind, opaque: () => 0n }, index: m.index,
    });
    const imports = Object.create(null);
    m.imports.forEach((im, k) => {
      imports[im.module] ??= Object.create(null);
      imports[im.module][im.name] = this.#suspending(guest, im) ?? bridge.exports[k];
    });
    guest.start(await WebAssembly.instantiate(m.module, imports), maxPages);
    this.#instances[handle] = guest;
  }

  // The import for a function in which the guest may be suspended; undefined for
  // any other.
  #suspending(guest, { index, mode }) {
    if (!this.#suspend) return undefined;
    if (mode === FUEL) return new WebAssembly.Suspending(() => this.#refill(guest, index));
    if (mode === BLOCKS) return new WebAssembly.Suspending((...params) => this.#begin(guest, index, params));
    return undefined;
  }

  // Has a slice of fuel granted, and lets others have their turn now and then.
  #refill(guest, index) {
    if (this.#exports.agentsandbox_begin(guest.handle, index, 0, 0, 0, 0, 0, 0, 0, 0, 0) !== OK) throw UNWIND;
    return ++guest.slices % SLICES === 0 ? this.#turn() : undefined;
  }

  // Calls a host function that may wait; the guest is suspended if it does.
  #begin(guest, index, [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]) {
    const how = this.#exports.agentsandbox_begin(guest.handle, index, a, b, c, d, e, f, g, h, i);
    if (how === PENDING) return this.#wait(guest);
    if (how !== OK) throw UNWIND;
    return this.#exports.agentsandbox_narrow(guest.handle);
  }

  // A promise of what a host function that waits will return. Go has to have
  // a turn to see to its timers.
  #wait(guest) {
    queueMicrotask(() => this.#resume());
    return new Promise((resolve, reject) => {
      guest.wake = (how, result) => (how === OK ? resolve(result) : reject(UNWIND));
    });
  }

  // Calls an export of a guest. Nothing of Go's is below.
  async #invoke(ticket, guest, name, params) {
    let how = OK, said = "";
    try {
      guest.restore();
      const fn = guest.entry(name);
      if (fn) {
        const value = fn(...params);
        guest.keep(this.#suspend ? await value : value);
      } else {
        how = NO_EXPORT;
      }
    } catch (err) {
      how = err === UNWIND ? FAILED : TRAPPED;
      if (how === TRAPPED) said = message(err);
    }
    this.#done(ticket, how, said);
  }

  // Marks an instance as used. What it holds is taken back to the start when the
  // thread has nothing better to do, or at the next call.
  #reset(guest) {
    if (!guest.reset()) return false;
    this.#turn().then(() => guest.restore(), () => {});
    return true;
  }

  // Go's memory; its buffer is another one when it has grown.
  #bytes() {
    if (this.#host.length === 0) this.#host = new Uint8Array(this.#exports.mem.buffer);
    return this.#host;
  }

  #copy(at, size) {
    return this.#bytes().slice(at >>> 0, (at >>> 0) + (size >>> 0));
  }

  #string(at, size) {
    return decoder.decode(this.#bytes().subarray(at >>> 0, (at >>> 0) + (size >>> 0)));
  }

  #text(ticket, at, room) {
    const text = this.#texts.get(ticket);
    if (!text) return 0;
    this.#bytes().set(text.subarray(0, room), at);
    return text.length;
  }

  #params(letters, at) {
    const view = new DataView(this.#exports.mem.buffer);
    return [...letters].map((c, i) => (c === "I" ? view.getBigInt64(at + 8 * i, true) : view.getInt32(at + 8 * i, true)));
  }
}

function unwind() {
  throw UNWIND;
}

function message(err) {
  return String(err?.message ?? err);
}

// Blocks the thread, where there is a way, else burns the time.
function block(milliseconds) {
  const until = performance.now() + milliseconds;
  try {
    const cell = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    Atomics.wait(new Int32Array(cell.buffer), 0, 0, milliseconds);
  } catch {
    // The thread may not wait.
  }
  while (performance.now() < until);
}

// The next turn of the event loop, as soon as may be: browsers make those wait
// who often ask for a timeout of nothing.
function nextTurn() {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  if (typeof MessageChannel !== "function") return new Promise((resolve) => setTimeout(resolve, 0));
  channel ??= new MessageChannel();
  return new Promise((resolve) => {
    channel.port1.addEventListener("message", resolve, { once: true });
    channel.port1.start();
    channel.port2.postMessage(0);
  });
}

let channel; // made at the first use, for all programs
