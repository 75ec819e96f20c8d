// Runs a Go program built for GOOS=js under Node, with the glue attached:
//
//   node run.mjs WASM_EXEC.JS PROGRAM.wasm [ARGUMENT...]
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
const glue = attach(go, { suspend: process.env.JSPI !== "0" });
const { instance } = await WebAssembly.instantiate(fs.readFileSync(program), go.importObject);
glue.bind(instance);
process.on("exit", (code) => {
  if (code === 0 && !go.exited) { // all asleep: have Go print where
    go._pendingEvent = { id: 0 };
    go._resume();
  }
});
await go.run(instance);
