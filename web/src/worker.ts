// The thread of a sandbox in a browser, Deno or Bun: a module Worker.
import "./engine/go/wasm_exec.js";
import { Server } from "./server.js";
import type { Request } from "./protocol.js";

const server = new Server((reply) => postMessage(reply));
addEventListener("message", ({ data }: MessageEvent<Request>) => server.receive(data));
