// Packs programs into one file: a WebAssembly module of custom sections, which servers compress as they compress any other. One
// stream is a twentieth smaller than its parts are: host and guest are Go programs with the same runtime. src/unpack.ts reads it.
//
//   node pack.mjs OUT FILE ...
import { readFileSync, writeFileSync } from "node:fs";

const [out, ...files] = process.argv.slice(2);

function leb(n) {
  const bytes = [];
  for (; n >= 0x80; n >>>= 7) bytes.push((n & 0x7f) | 0x80);
  return Buffer.from([...bytes, n]);
}

// A custom section without a name.
function section(file) {
  const data = readFileSync(file);
  return [Buffer.from([0]), leb(data.length + 1), Buffer.from([0]), data];
}

writeFileSync(out, Buffer.concat([Buffer.from("\0asm\x01\0\0\0", "latin1"), ...files.flatMap(section)]));
