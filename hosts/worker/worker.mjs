// The Worker: requests that need no sandbox get a Go program of their own, those
// for a sandbox go to its Durable Object, which keeps one.
import { Overloaded, Program, drain } from "./program.mjs";
import { Storage } from "./storage.mjs";
import openAPI from "./openapi.json";

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
    return id ? forward(request, env, id) : serveOnce(request, env);
  },
};

// Sends a request to its sandbox's object. Where the storage fails, the platform
// takes back what the request changed, and restarts the object.
async function forward(request, env, id) {
  try {
    return await env.SANDBOX.get(env.SANDBOX.idFromName(id)).fetch(named(request, id));
  } catch (err) {
    return failure(500, `what the request changed is not kept: ${err.message}`);
  }
}

// Serves a request by a program that is gone after it.
async function serveOnce(request, env) {
  try {
    return await (await Program.start(env)).serve(request);
  } catch (err) {
    return refusal(request, err);
  }
}

// Answers what needs no token, as package api does, without a program.
function answerOpen(method, pathname, { ORIGINS }) {
  if (method === "OPTIONS" && !ORIGINS) return new Response(null, { status: 204 });
  if (method !== "GET" || pathname !== "/v1/openapi.json") return undefined;
  return new Response(openAPI, { headers: { "content-type": "application/json" } });
}

/** Keeps one sandbox. */
export class SandboxObject {
  #ctx;
  #env;
  #program; // a promise of it
  #expires = 0; // when the alarm is set for
  #used = 0;
  #serving = 0;

  constructor(ctx, env) {
    this.#ctx = ctx;
    this.#env = env;
  }

  async fetch(request) {
    const storage = new Storage(this.#ctx.storage, request.headers.get(NAME));
    if (storage.made() === null && new URL(request.url).pathname !== CREATE) {
      await drain(request);
      return failure(404, "no sandbox has this id");
    }
    this.#serving++;
    try {
      this.#program ??= this.#start(storage);
      const response = await (await this.#program).serve(request);
      if (storage.made() === null) (await this.#program)?.stop();
      else await this.#keep();
      return response;
    } catch (err) {
      return refusal(request, err);
    } finally {
      this.#serving--;
    }
  }

  // Starts the program from what is saved; so does the next request, if that
  // fails or the program ends.
  async #start(storage) {
    const again = () => { this.#program = undefined; };
    try {
      return await Program.start(this.#env, storage, again);
    } catch (err) {
      again();
      throw err;
    }
  }

  // How long a sandbox may be idle, in milliseconds; 0 is for ever.
  #idle() {
    return Number(this.#env.IDLE_MINUTES || DAY) * 60_000;
  }

  // Notes that the sandbox was used. The alarm is moved only now and then: it may
  // come a tenth later than it should.
  async #keep() {
    const idle = this.#idle();
    this.#used = Date.now();
    if (idle === 0 || this.#expires >= this.#used + idle) return;
    this.#expires = this.#used + 1.1 * idle;
    await this.#ctx.storage.setAlarm(this.#expires);
  }

  // The sandbox was idle for so long that it is destroyed.
  async alarm() {
    this.#expires = 0;
    const idle = this.#idle();
    if (this.#serving > 0 || this.#used + idle > Date.now()) return this.#keep();
    (await this.#program?.catch(() => undefined))?.stop();
    await this.#ctx.storage.deleteAll();
  }
}

const DAY = 24 * 60; // minutes

const CREATE = "/v1/sandboxes";

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
  if (pathname === CREATE && method === "POST") {
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

async function refusal(request, err) {
  await drain(request);
  return err instanceof Overloaded ? failure(503, err.message, { "retry-after": "5" }) : failure(500, err.message);
}

function failure(status, error, headers = {}) {
  return Response.json({ error }, { status, headers });
}
