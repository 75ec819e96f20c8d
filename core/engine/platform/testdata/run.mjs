// Runs a Go program built for GOOS=js under Node, with the glue attached:
//
//   node run.mjs WASM_EXEC.JS PROGRAM.wasm [ARGUMENT...]
//
// With JSPI=0 in the environment it does without JSPI; TOOLBOX is the folder of
// a guest image to be given to the program.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { createRequire } from "node:module";
import { attach } from "../glue.mjs";

const [exec, program, ...args] = process.argv.slice(2);
Object.assign(globalThis, { fs, path, require: createRequire(import.meta.url) });
await import(path.resolve(exec));

const go = new Go();
go.argv = [program, ...args];
go.env = { TMPDIR: os.tmpdir(), ...process.env };
go.exit = process.exit;
const given = {};
if (process.env.TOOLBOX) {
  const read = (name) => fs.readFileSync(path.join(process.env.TOOLBOX, name));
  given.toolbox = { module: WebAssembly.compile(read("guest.wasm")), memory: read("memory.bin"), info: read("guest.json").toString() };
}
const glue = attach(go, { given, suspend: process.env.JSPI !== "0" });
const { instance } = await WebAssembly.instantiate(fs.readFileSync(program), go.importObject);
glue.bind(instance);
process.on("exit", (code) => {
  if (code === 0 && !go.exited) { // all asleep: have Go print where
    go._pendingEvent = { id: 0 };
    go._resume();
  }
});
await go.run(instance);
