import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unpack } from "../src/unpack.js";

describe("the file of the programs", () => {
  const folder = mkdtempSync(join(tmpdir(), "agentsandbox-pack-"));
  const empty = Buffer.from("\0asm\x01\0\0\0", "latin1");
  const memory = Buffer.from(Array.from({ length: 300 }, (_, i) => i));
  let packed: Buffer;

  beforeAll(() => {
    const file = (name: string, data: Buffer) => (writeFileSync(join(folder, name), data), join(folder, name));
    const parts = [file("host", empty), file("guest", empty), file("memory", memory)];
    execFileSync(process.execPath, [fileURLToPath(new URL("../pack.mjs", import.meta.url)), join(folder, "out"), ...parts]);
    packed = readFileSync(join(folder, "out"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const inPieces = (data: Buffer, size: number) => new ReadableStream<Uint8Array>({
    start(to) {
      for (let at = 0; at < data.length; at += size) to.enqueue(new Uint8Array(data.subarray(at, at + size)));
      to.close();
    },
  });

  test("is a module itself", async () => {
    expect(WebAssembly.Module.exports(await WebAssembly.compile(new Uint8Array(packed)))).toEqual([]);
  });

  test.each([1, 7, 1000])("comes apart in pieces of %d bytes", async (size) => {
    const code = await unpack(inPieces(packed, size));
    expect([code.program, code.module].every((it) => it instanceof WebAssembly.Module)).toBe(true);
    expect(Buffer.from(code.memory).equals(memory)).toBe(true);
  });

  test("leaves the guest as it is, if asked to", async () => {
    const { module } = await unpack(inPieces(packed, 64), true);
    expect(Buffer.from(module as ArrayBuffer).equals(empty)).toBe(true);
  });

  test.each([4, 12, 21, 40, 310])("says that it is cut short after %d bytes", async (size) => {
    await expect(unpack(inPieces(packed.subarray(0, size), 64))).rejects.toThrow("cut short");
  });
});
