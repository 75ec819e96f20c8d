// How a Go program and the JavaScript around it write values to each other.
// wire.go is its other half.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes a message. Each method returns the writer. */
export class Writer {
  #data = new Uint8Array(256);
  #view = new DataView(this.#data.buffer);
  #size = 0;

  // Makes room for n bytes more, and returns where they begin.
  #room(n) {
    const at = this.#size;
    this.#size += n;
    if (this.#size > this.#data.length) {
      const data = new Uint8Array(Math.max(this.#size, 2 * this.#data.length));
      data.set(this.#data.subarray(0, at));
      this.#data = data;
      this.#view = new DataView(data.buffer);
    }
    return at;
  }

  uint(n) {
    const at = this.#room(4);
    this.#view.setUint32(at, n, true);
    return this;
  }

  float(n) {
    const at = this.#room(8);
    this.#view.setFloat64(at, n, true);
    return this;
  }

  bytes(b) {
    this.uint(b.length);
    const at = this.#room(b.length);
    this.#data.set(b, at);
    return this;
  }

  string(s) {
    const at = this.#room(4 + 3 * s.length); // as long as it can get
    const { written } = encoder.encodeInto(s, this.#data.subarray(at + 4));
    this.#view.setUint32(at, written, true);
    this.#size = at + 4 + written;
    return this;
  }

  strings(list) {
    this.uint(list.length);
    for (const s of list) this.string(s);
    return this;
  }

  /** What was written; good until more is. */
  message() {
    return this.#data.subarray(0, this.#size);
  }
}

/** Reads a message, and aliases it. */
export class Reader {
  #data;
  #view;
  #at = 0;

  constructor(data) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  uint() {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  float() {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  bytes() {
    const n = this.uint();
    this.#at += n;
    return this.#data.subarray(this.#at - n, this.#at);
  }

  string() {
    const b = this.bytes();
    return b.length === 0 ? "" : decoder.decode(b);
  }

  strings() {
    return this.list(() => this.string());
  }

  /** A list of what item reads. */
  list(item) {
    return Array.from({ length: this.uint() }, item);
  }
}
