// Guests as the glue holds them: their memories, globals and exports.

export const NOTHING = new Uint8Array(0);

/** An instance of a module. */
export class Guest {
  slices = 0;
  results = [];
  wake;
  #module;
  #suspend;
  #exports;
  #memory;
  #view = NOTHING;
  #entries = new Map();
  #globals = []; // the mutable ones, with their values at the start
  #dirty = false;

  constructor(handle, module, suspend) {
    this.handle = handle;
    this.#module = module;
    this.#suspend = suspend;
  }

  start(instance, maxPages) {
    this.#exports = instance.exports;
    this.#memory = this.#exports.memory instanceof WebAssembly.Memory ? this.#exports.memory
      : Object.values(this.#exports).find((e) => e instanceof WebAssembly.Memory);
    this.bytes().set(this.#module.image);
    this.setGlobal("__memory_max", BigInt(maxPages));
    for (const [name, g] of Object.entries(this.#exports)) {
      if (g instanceof WebAssembly.Global && /^__g\d+$/.test(name)) this.#globals.push([g, g.value]);
    }
  }

  // An export as it has to be called.
  entry(name) {
    let fn = this.#entries.get(name);
    if (fn === undefined) {
      fn = this.#exports[name];
      if (typeof fn !== "function") return undefined;
      if (this.#suspend) fn = WebAssembly.promising(fn);
      this.#entries.set(name, fn);
    }
    return fn;
  }

  keep(value) {
    this.results = value === undefined ? [] : Array.isArray(value) ? value : [value];
  }

  // All of the memory. A view of a memory that has grown since is empty.
  bytes() {
    if (this.#view.length === 0 && this.#memory) this.#view = new Uint8Array(this.#memory.buffer);
    return this.#view;
  }

  pages() {
    return this.#memory ? this.#memory.buffer.byteLength / 65536 : 0;
  }

  // The value of an exported global; undefined if there is none, or none that
  // JavaScript can have. What is called so may be the guest's own: neither of
  // these throws.
  global(name) {
    const g = this.#exports[name];
    try {
      return g instanceof WebAssembly.Global ? g.value : undefined;
    } catch {
      return undefined;
    }
  }

  setGlobal(name, value) {
    const old = this.global(name);
    if (old === undefined) return false;
    try {
      this.#exports[name].value = typeof old === "bigint" ? BigInt.asIntN(64, value) : Number(BigInt.asIntN(32, value));
      return true;
    } catch {
      return false; // it is constant
    }
  }

  reset() {
    if (this.pages() !== Math.max(0, this.#module.pages)) return false;
    this.setGlobal("__memory_refused", 0n);
    this.#dirty = true;
    return true;
  }

  // Takes memory and globals back to the start, if they are not there; all but what is constant.
  restore() {
    if (!this.#dirty) return;
    this.#dirty = false;
    const bytes = this.bytes(), { image, constant } = this.#module;
    bytes.set(image.subarray(constant), Math.min(constant, image.length));
    bytes.fill(0, image.length);
    for (const [g, value] of this.#globals) g.value = value;
  }

  // Takes back what is constant.
  scrub() {
    const { image, constant } = this.#module;
    this.bytes().set(image.subarray(0, constant));
  }
}

/** Bits of a value that a guest returned, or that a global holds. */
export function bits(value) {
  if (typeof value === "bigint") return BigInt.asUintN(64, value);
  return typeof value === "number" ? BigInt(value >>> 0) : 0n;
}

/** Copies within bounds; 0 if they are exceeded. It never throws. */
export function copy(to, at, from, off, size) {
  if (at + size > to.length || off + size > from.length) return 0;
  if (size <= 32) {
    for (let i = 0; i < size; i++) to[at + i] = from[off + i];
  } else {
    to.set(from.subarray(off, off + size), at);
  }
  return 1;
}

/**
 * What a memory starts with: the number of its pages, then offset, length and
 * bytes of each segment. The image is shared: it must not be changed.
 */
export function startOf(data) {
  if (!starts.has(data)) starts.set(data, read(data));
  return starts.get(data);
}

const starts = new WeakMap(); // by their bytes, for all programs that were given them

function read(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const pages = view.getUint32(0, true);
  const segments = [];
  let size = 0;
  for (let at = 4; at < data.length; ) {
    const off = view.getUint32(at, true), n = view.getUint32(at + 4, true);
    segments.push([off, data.subarray(at + 8, at + 8 + n)]);
    size = Math.max(size, off + n);
    at += 8 + n;
  }
  const image = new Uint8Array(size);
  for (const [off, bytes] of segments) image.set(bytes, off);
  return { pages, image };
}
