// The thread of a sandbox in Node: a worker_thread.
import { parentPort } from "node:worker_threads";
import "./engine/go/wasm_exec.js";
import { Server } from "./server.js";
import type { Request } from "./protocol.js";

const server = new Server((reply) => parentPort!.postMessage(reply));
parentPort!.on("message", (request: Request) => server.receive(request));
