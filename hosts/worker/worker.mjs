// The Worker: requests that need no sandbox get a Go program of their own, those
// for a sandbox go to its Durable Object, which keeps one.
import "./wasm_exec.js";
import { attach } from "./glue.mjs";
import { Storage } from "./storage.mjs";
import program from "./program.wasm";
import module from "./guest.wasm";
import bridge from "./bridge.wasm";
import memory from "./memory.bin";
import info from "./guest.json";
import openAPI from "./openapi.json";

const given = { toolbox: { module, bridge, memory: new Uint8Array(memory), info } };

// Clocks of a Worker move only between turns.
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

// Starts a Go program: serve serves its requests, and exited is a promise that is
// rejected when it ends, which it does not by itself.
async function start(env, storage) {
  const { TOKEN, ORIGINS, NET_POLICY } = env;
  const go = new globalThis.Go();
  const binding = {};
  let ready, fail;
  const started = new Promise((resolve, reject) => { ready = resolve; fail = (text) => reject(new Error(text)); });
  go.importObject.workers = { ready };
  const glue = attach(go, { given, turn });
  const instance = await WebAssembly.instantiate(program, go.importObject);
  glue.bind(instance);
  // The program takes it before it first waits, so no other can see it.
  globalThis.context = {
    binding, storage, token: TOKEN, origins: ORIGINS ?? "", netPolicy: NET_POLICY ?? "", secret: (name) => env[name], fail, pipe,
  };
  const exited = go.run(instance).then(() => { throw new Error("the program has ended"); });
  delete globalThis.context;
  await Promise.race([started, exited]);
  exited.catch(() => {});
  const serve = async (request) => {
    try {
      return await Promise.race([binding.handleRequest(request), exited]);
    } catch (err) {
      return failure(500, err.message);
    } finally {
      await drain(request);
    }
  };
  return { serve, exited };
}

// Reads what is left of a body that was refused: a client may hear of it only
// after it has sent all.
async function drain({ body }) {
  if (body && !body.locked) await body.pipeTo(new WritableStream()).catch(() => {});
}

// A stream that the program writes to. That its client has left is known only
// where something is sent to it.
function pipe(canceled) {
  let to;
  const stream = new ReadableStream({
    start(controller) { to = controller; },
    cancel() {
      if (to) canceled(); // the program listens until it ends the stream
      to = undefined;
    },
  });
  return {
    stream,
    write(bytes) { to?.enqueue(bytes); return to !== undefined; },
    end() { to?.close(); to = undefined; },
    abort() { to?.error(new Error("the command failed")); to = undefined; },
  };
}

export default {
  async fetch(request, env) {
    if (!env.TOKEN) return failure(503, "no token: the API does not serve without one");
    const { method, url } = request, { pathname } = new URL(url);
    const open = answerOpen(method, pathname, env);
    if (open) return open;
    if (method !== "OPTIONS" && !await authorized(request, env)) {
      await drain(request);
      return failure(401, "a bearer token is needed: Authorization: Bearer TOKEN", { "www-authenticate": "Bearer" });
    }
    const id = sandboxOf(method, pathname);
    if (id) return env.SANDBOX.get(env.SANDBOX.idFromName(id)).fetch(named(request, id));
    const { serve } = await start(env);
    return serve(request);
  },
};

// Answers what needs no token, as package api does, without a program.
function answerOpen(method, pathname, { ORIGINS }) {
  if (method === "OPTIONS" && !ORIGINS) return new Response(null, { status: 204 });
  if (method !== "GET" || pathname !== "/v1/openapi.json") return undefined;
  return new Response(openAPI, { headers: { "content-type": "application/json" } });
}

export class SandboxObject {
  #ctx;
  #env;
  #serve;

  constructor(ctx, env) {
    this.#ctx = ctx;
    this.#env = env;
  }

  async fetch(request) {
    this.#serve ??= this.#start(request.headers.get(NAME));
    try {
      return await (await this.#serve)(request);
    } catch (err) {
      return failure(500, err.message);
    }
  }

  // Starts the program from what is saved; so does the next request, if that
  // fails or the program ends.
  async #start(id) {
    const again = () => { this.#serve = undefined; };
    try {
      const { serve, exited } = await start(this.#env, new Storage(this.#ctx.storage, id));
      exited.catch(again);
      return serve;
    } catch (err) {
      again();
      throw err;
    }
  }
}

// The header by which an object is told its sandbox's id. Only the Worker can
// send to an object, and it sets the header always.
const NAME = "agentsandbox-id";

function named(request, id) {
  const copy = new Request(request);
  copy.headers.set(NAME, id);
  return copy;
}

// The id of the sandbox that a request is for; a new one, of 128 random bits, if
// it is to be made; undefined if it is for none.
function sandboxOf(method, pathname) {
  if (pathname === "/v1/sandboxes" && method === "POST") {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  }
  if (method === "OPTIONS") return undefined;
  return /^\/v1\/sandboxes\/([0-9a-f]{32})(?:\/|$)/.exec(pathname)?.[1];
}

// Whether a request bears the token. The program asks again: this only keeps
// those that do not from starting one.
async function authorized(request, { TOKEN }) {
  const sums = [request.headers.get("authorization") ?? "", `Bearer ${TOKEN}`]
    .map((text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return crypto.subtle.timingSafeEqual(...await Promise.all(sums));
}

function failure(status, error, headers = {}) {
  return Response.json({ error }, { status, headers });
}
