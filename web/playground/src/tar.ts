/** One file of an archive. */
export interface TarEntry {
  path: string;
  data: Uint8Array;
  mode: number;
}

const BLOCK = 512;
const encoder = new TextEncoder();

/** Makes a tar archive (ustar, with GNU's way for long names). */
export function tar(entries: readonly TarEntry[], mtime: number): Blob {
  const parts = entries.flatMap(({ path, data, mode }) => {
    const name = encoder.encode(path);
    const long = name.length > 100 ? [header(encoder.encode("././@LongLink"), name.length + 1, 0o644, 0, "L"), ...padded(encoder.encode(`${path}\0`))] : [];
    return [...long, header(name.subarray(0, 100), data.length, mode, mtime, "0"), ...padded(data)];
  });
  return new Blob([...parts, new Uint8Array(2 * BLOCK)] as BlobPart[], { type: "application/x-tar" });
}

function header(name: Uint8Array, size: number, mode: number, mtime: number, type: string): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(encoder.encode(text), at);
  const octal = (at: number, width: number, n: number) => put(at, n.toString(8).padStart(width - 1, "0"));
  block.set(name);
  octal(100, 8, mode);
  octal(108, 8, 1000);
  octal(116, 8, 1000);
  octal(124, 12, size);
  octal(136, 12, mtime);
  put(148, "        ");
  put(156, type);
  put(257, "ustar\u000000");
  octal(148, 7, block.reduce((sum, byte) => sum + byte, 0));
  block[154] = 0;
  return block;
}

function padded(data: Uint8Array): Uint8Array[] {
  const rest = (BLOCK - (data.length % BLOCK)) % BLOCK;
  return [data, new Uint8Array(rest)];
}
