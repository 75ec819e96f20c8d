// Compresses the files of a folder, each beside itself, as a server would send them; prints what a browser downloads of them, and
// fails if that is too much:
//
//   node compress.mjs FOLDER CACHE BUDGET
//
// CACHE keeps what was compressed, by content: the best compression takes a minute.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const [folder, cache, budget] = process.argv.slice(2);

// What no browser asks for by itself.
const ASIDE = new Set([".br", ".map"]);

async function compressed(data) {
  const kept = join(cache, `${createHash("sha256").update(data).digest("hex")}.br`);
  if (existsSync(kept)) return readFileSync(kept);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
  };
  const out = await promisify(brotliCompress)(data, { params });
  writeFileSync(`${kept}.tmp`, out);
  renameSync(`${kept}.tmp`, kept);
  return out;
}

async function file(name) {
  const path = join(folder, name);
  const data = readFileSync(path);
  const small = await compressed(data);
  if (small.length < data.length) writeFileSync(`${path}.br`, small);
  else rmSync(`${path}.br`, { force: true });
  return { name, plain: data.length, small: Math.min(small.length, data.length) };
}

mkdirSync(cache, { recursive: true });
const names = readdirSync(folder, { recursive: true }).filter((name) => !ASIDE.has(extname(name)) && statSync(join(folder, name)).isFile());
const files = (await Promise.all(names.map(file))).sort((a, b) => b.small - a.small);
const sum = files.reduce((all, it) => ({ ...all, plain: all.plain + it.plain, small: all.small + it.small }), { name: "all", plain: 0, small: 0 });
const row = (name, plain, small) => console.log(name.padEnd(32), String(plain).padStart(12), String(small).padStart(12));
row("file", "bytes", "brotli");
for (const { name, plain, small } of [...files, sum]) row(name, plain.toLocaleString("en"), small.toLocaleString("en"));
if (sum.small > Number(budget)) {
  console.error(`A browser downloads ${sum.small.toLocaleString("en")} bytes; the budget is ${Number(budget).toLocaleString("en")}.`);
  process.exit(1);
}
