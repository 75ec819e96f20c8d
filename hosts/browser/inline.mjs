// Requests for guests that cannot be suspended: JavaScript without JSPI waits for an answer only where a thread may be
// blocked. In Node another thread makes the request; in a browser's worker a synchronous XMLHttpRequest does, which
// follows redirects by itself.

/** Makes the way to wait, where there is one, known to the Go program (core/fetch/inline_js.go). */
export function offerInlineFetch() {
  const way = process() ? inNode() : typeof XMLHttpRequest === "function" && typeof document === "undefined" ? byXHR : undefined;
  if (way) globalThis.agentsandboxFetch ??= way;
}

function process() {
  const it = globalThis.process;
  return typeof it?.versions?.node === "string" && typeof it.getBuiltinModule === "function" ? it : undefined;
}

// The thread that makes the requests, as text: it is nobody's module.
const THREAD = `
const { workerData: { port, flag } } = require("node:worker_threads");
async function answer({ url, method, headers, body, limit, timeout }) {
  const signal = AbortSignal.timeout(timeout);
  try {
    const r = await fetch(url, { method, headers, body, signal, redirect: "manual", credentials: "omit" });
    const parts = [];
    let size = 0;
    for await (const part of r.body ?? []) {
      parts.push(part);
      if ((size += part.length) > limit) break;
    }
    const whole = new Uint8Array(Buffer.concat(parts).subarray(0, limit));
    return { status: r.status, statusText: r.statusText, url: r.url, headers: [...r.headers], body: whole, cut: size > limit };
  } catch (err) {
    return { error: String(err.cause?.message ?? err.message), timedOut: signal.aborted };
  }
}
port.on("message", async (request) => {
  port.postMessage(await answer(request));
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
`;

const LONGEST = 0x7fffffff; // milliseconds of a timer

function inNode() {
  const { MessageChannel, Worker, receiveMessageOnPort } = process().getBuiltinModule("node:worker_threads");
  const flag = new Int32Array(new SharedArrayBuffer(4));
  let port;
  const start = () => {
    const { port1, port2 } = new MessageChannel();
    new Worker(THREAD, { eval: true, workerData: { port: port2, flag }, transferList: [port2] }).unref();
    port1.unref();
    return port1;
  };
  return (request) => {
    port ??= start();
    Atomics.store(flag, 0, 0);
    port.postMessage({ ...request, timeout: Math.min(request.timeout ?? LONGEST, LONGEST) });
    Atomics.wait(flag, 0, 0, LONGEST);
    return receiveMessageOnPort(port)?.message ?? { error: "the thread that makes requests does not answer" };
  };
}

// THREAT[NP-16] To the page's own origin it would take the user's cookies along, which nothing can prevent.
function byXHR({ url, method, headers, body, limit, timeout }) {
  if (new URL(url).origin === location.origin) return { error: "this browser would send the page's cookies along (it has no JSPI)" };
  const xhr = new XMLHttpRequest();
  try {
    xhr.open(method, url, false);
    xhr.responseType = "arraybuffer";
    xhr.timeout = Math.min(timeout ?? 0, LONGEST);
    for (const [name, value] of headers) xhr.setRequestHeader(name, value);
    xhr.send(body ?? null);
  } catch (err) {
    return { error: err.message, timedOut: err.name === "TimeoutError" };
  }
  const bytes = new Uint8Array(xhr.response ?? new ArrayBuffer(0));
  const lines = xhr.getAllResponseHeaders().trim().split("\r\n").filter(Boolean);
  return {
    status: xhr.status, statusText: xhr.statusText, url: xhr.responseURL, body: bytes.subarray(0, limit), cut: bytes.length > limit,
    headers: lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  };
}
byXHR.follows = true;
