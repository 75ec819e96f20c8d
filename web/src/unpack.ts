import { SandboxError } from "./errors.js";
import type { Code } from "./protocol.js";

/**
 * Reads the file that pack.mjs makes, of the host, the guest and the guest's memory. Each program is compiled while it comes; with
 * `raw` the guest is not compiled.
 */
export async function unpack(file: ReadableStream<Uint8Array>, raw = false): Promise<Code> {
  const parts = new Parts(file);
  const program = await parts.next(compile);
  const module = await parts.next(raw ? buffer : compile);
  const memory = await parts.next(buffer);
  return { program: await program.value, module: await module.value, memory: await memory.value };
}

async function compile(part: Response): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming ? WebAssembly.compileStreaming(part) : WebAssembly.compile(await part.arrayBuffer());
}

const buffer = (part: Response): Promise<ArrayBuffer> => part.arrayBuffer();

const MAGIC = 8;

/** The parts of a file, one behind the other. */
class Parts {
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest = new Uint8Array(0);
  #started: Promise<unknown>;

  constructor(file: ReadableStream<Uint8Array>) {
    this.#reader = file.getReader();
    this.#started = this.#skip(MAGIC);
  }

  /** Hands the next part to use. It has been read to its end when this resolves; what use makes of it may not be ready yet. */
  async next<T>(use: (part: Response) => Promise<T>): Promise<{ value: Promise<T> }> {
    await this.#started;
    await this.#skip(1); // the kind of the section
    const left = (await this.#number()) - 1;
    await this.#skip(1); // its name, which is empty
    let value!: Promise<T>;
    await new Promise<void>((read, failed) => {
      const body = this.#stream(left, read);
      value = use(new Response(body, { headers: { "content-type": "application/wasm" } }));
      value.catch(failed);
    });
    return { value };
  }

  #stream(left: number, end: () => void): ReadableStream<Uint8Array> {
    return new ReadableStream({
      pull: async (to) => {
        const piece = await this.#some(left);
        left -= piece.length;
        to.enqueue(piece);
        if (left > 0) return;
        to.close();
        end();
      },
    });
  }

  // One byte at least, and most at most.
  async #some(most: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#reader.read();
      if (done) throw new SandboxError("internal", "the file of the programs is cut short");
      this.#rest = value as Uint8Array<ArrayBuffer>;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  async #skip(size: number): Promise<void> {
    for (let left = size; left > 0; ) left -= (await this.#some(left)).length;
  }

  // LEB128.
  async #number(): Promise<number> {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = (await this.#some(1))[0]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}
