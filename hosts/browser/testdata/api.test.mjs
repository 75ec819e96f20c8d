// Tests of host.mjs, run by browser_test.go:
//
//   PROGRAM=host.wasm WASM_EXEC=wasm_exec.js IMAGE=folder node --test api.test.mjs
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { before, test } from "node:test";
import { load, SandboxError } from "../host.mjs";

const { PROGRAM, WASM_EXEC, IMAGE, JSPI } = process.env;
const decoder = new TextDecoder();
const text = (bytes) => decoder.decode(bytes);
const read = (name) => fs.readFileSync(path.join(IMAGE, name));

let host, program, module;

function start(options = {}) {
  return load({
    Go: globalThis.Go, program, suspend: JSPI !== "0", ...options,
    guest: { module, memory: read("memory.bin"), info: text(read("guest.json")), ...options.guest },
  });
}

before(async () => {
  await import(path.resolve(WASM_EXEC));
  program = await WebAssembly.compile(fs.readFileSync(PROGRAM));
  module = await WebAssembly.compile(read("guest.wasm"));
  host = await start();
});

// Runs a test in a sandbox of its own.
async function withSandbox(options, body) {
  const sandbox = await host.sandbox(options);
  try {
    await body(sandbox);
  } finally {
    await sandbox.destroy();
  }
}

const rejects = (promise, code, more = {}) => assert.rejects(promise, { name: "SandboxError", code, ...more });

test("the engine and the commands", () => {
  assert.equal(host.engine, "platform");
  assert.ok(host.tools.includes("echo") && host.tools.includes("grep"));
});

test("exec: output, status, use", () => withSandbox({}, async (sandbox) => {
  const ok = await sandbox.exec("echo", ["hi", "there"]);
  assert.equal(text(ok.stdout), "hi there\n");
  assert.deepEqual([ok.exitCode, ok.stderr.length, ok.limit, ok.trap, ok.canceled], [0, 0, null, null, false]);
  assert.ok(ok.usage.fuel > 0 && ok.usage.peakMemory > 0 && ok.usage.bytesWritten === 9);
  const bad = await sandbox.shell("echo to stderr >&2; exit 3");
  assert.deepEqual([bad.exitCode, text(bad.stderr)], [3, "to stderr\n"]);
}));

test("bytes survive: input, files, output", () => withSandbox({}, async (sandbox) => {
  const all = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
  assert.deepEqual((await sandbox.shell("cat", { stdin: all })).stdout, all);
  await sandbox.writeFile("d/all.bin", all);
  assert.deepEqual(await sandbox.readFile("d/all.bin"), all);
  assert.deepEqual((await sandbox.shell("cat d/all.bin")).stdout, all);
}));

test("environment, directory, arguments", () => withSandbox({ env: { A: "of the sandbox", B: "x" } }, async (sandbox) => {
  const r = await sandbox.shell('echo "$A,$B,$PWD,$0,$1"', { env: { B: "of the call" }, dir: "/tmp", args: ["zero", "one"] });
  assert.equal(text(r.stdout), "of the sandbox,of the call,/tmp,zero,one\n");
}));

test("files: start, write, list, diff", () => withSandbox({ files: { "a.txt": "one\n", "b/c": new Uint8Array([0, 255]) } }, async (sandbox) => {
  assert.equal(text((await sandbox.exec("cat", ["a.txt"])).stdout), "one\n");
  await sandbox.shell("echo two >>a.txt; mkdir e; ln -s a.txt l");
  const list = await sandbox.listDir();
  assert.deepEqual(list.map((e) => [e.name, e.type]), [["a.txt", "file"], ["b", "directory"], ["e", "directory"], ["l", "symlink"]]);
  assert.equal(list[0].size, 8);
  assert.ok((await sandbox.diff()).some((c) => c.path === "a.txt" && c.kind === "created" && !c.directory));
  await rejects(sandbox.readFile("missing"), "ENOENT", { path: "missing" });
  await rejects(sandbox.readFile("../etc/passwd"), "EPERM");
  await rejects(sandbox.listDir("a.txt"), "ENOTDIR");
}));

test("output as it is written", () => withSandbox({}, async (sandbox) => {
  const out = [], err = [];
  const r = await sandbox.shell("echo a; echo b >&2; echo c", { onStdout: (b) => out.push(text(b)), onStderr: (b) => err.push(text(b)) });
  assert.deepEqual([out.join(""), err.join(""), r.stdout.length], ["a\nc\n", "b\n", 0]);
  const broken = await sandbox.shell("yes", { onStdout: () => { throw new Error("enough"); } });
  assert.equal(broken.exitCode, 141);
}));

test("a callback may call the sandbox", () => withSandbox({}, async (sandbox) => {
  let inner;
  const outer = await sandbox.shell("echo first; echo second", { onStdout: () => { inner ??= sandbox.exec("echo", ["inner"]); } });
  assert.equal(outer.exitCode, 0);
  assert.equal(text((await inner).stdout), "inner\n");
}));

test("limits end a command, and the next one runs", () => withSandbox({ limits: { stdout: 1000 } }, async (sandbox) => {
  const forever = "while :; do :; done";
  assert.equal((await sandbox.shell(forever, { fuelLimit: 1e6 })).limit.kind, "fuel");
  const late = await sandbox.shell(forever, { timeout: 50 });
  assert.deepEqual([late.limit.kind, late.limit.max, late.exitCode], ["time", 50, 124]);
  assert.equal((await sandbox.shell("sleep 60", { timeout: 50 })).limit.kind, "time");
  const deep = await sandbox.shell("f() { f; }; f", { timeout: 10_000 });
  assert.notEqual(deep.exitCode, 0);
  const loud = await sandbox.shell("yes");
  assert.deepEqual([loud.stdout.length, loud.stdoutTruncated], [1000, true]);
  await rejects(sandbox.exec("echo", ["x".repeat(3 << 20)]), "limit", { kind: "arguments" });
  assert.equal(text((await sandbox.exec("echo", ["on"])).stdout), "on\n");
}));

test("memory is bounded", () => withSandbox({ memoryLimit: 64 << 20 }, async (sandbox) => {
  const r = await sandbox.shell("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done");
  assert.equal(r.limit?.kind, "memory");
  assert.ok(r.usage.peakMemory <= 64 << 20);
  assert.equal((await sandbox.exec("true")).exitCode, 0);
}));

test("nothing of a run is left to the next", () => withSandbox({}, async (sandbox) => {
  await sandbox.shell("secret=canary; cd /tmp; export secret; alias ls=false; set -e; echo $secret");
  for (let i = 0; i < 10; i++) {
    const r = await sandbox.shell('echo "[$secret]" $PWD $-; type ls | head -1');
    assert.ok(text(r.stdout).startsWith("[] /work "), text(r.stdout));
    assert.ok(!text(r.stdout).includes("canary"));
  }
}));

test("a session keeps its shell", () => withSandbox({}, async (sandbox) => {
  const session = await sandbox.session();
  assert.equal(await session.dir(), "/work");
  await session.exec("x=1; cd /tmp; f() { echo f$1; }");
  assert.equal(text((await session.exec("echo $x; f 2")).stdout), "1\nf2\n");
  assert.equal(await session.dir(), "/tmp");
  const kept = await session.exec("x=2; while :; do :; done", { timeout: 50, keep: true });
  assert.deepEqual([kept.limit.kind, kept.stateLost], ["time", false]);
  assert.equal(text((await session.exec("echo $x; f 2; pwd")).stdout), "1\nf2\n/tmp\n");
  const lost = await session.exec("while :; do :; done", { timeout: 50 });
  assert.deepEqual([lost.limit.kind, lost.stateLost], ["time", true]);
  assert.equal(text((await session.exec("echo [$x]")).stdout), "[]\n");
  assert.equal((await session.exec("exit 4")).exited, true);
  await session.close();
  await session.close();
  await rejects(session.exec("true"), "destroyed");
}));

test("commands at the same time", () => withSandbox({}, async (sandbox) => {
  const runs = Array.from({ length: 12 }, (_, i) => sandbox.shell(`i=0; while [ $i -lt 200 ]; do i=$((i+1)); done; echo ${i} >${i}; cat ${i}`));
  for (const [i, r] of (await Promise.all(runs)).entries()) assert.equal(text(r.stdout), `${i}\n`, text(r.stderr));
}));

test("cancelling", () => withSandbox({}, async (sandbox) => {
  await assert.rejects(sandbox.exec("echo", [], { signal: AbortSignal.abort() }), { name: "AbortError" });
  if (!host.suspends) return;
  for (const script of ["while :; do :; done", "sleep 60"]) {
    const abort = new AbortController();
    const run = sandbox.shell(script, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    assert.equal((await run).canceled, true);
  }
  const session = await sandbox.session();
  await session.exec("cd /tmp; x=1; f() { echo f$1; }");
  for (const script of ["x=2; while :; do :; done", "x=2; sleep 60"]) {
    const abort = new AbortController();
    const run = session.exec(script, { signal: abort.signal, keep: true });
    setTimeout(() => abort.abort(), 20);
    const { canceled, stateLost } = await run;
    assert.deepEqual([canceled, stateLost], [true, false]);
    assert.equal(text((await session.exec("pwd; echo $x; f 2")).stdout), "/tmp\n1\nf2\n");
  }
  const busy = session.exec("sleep 0.2");
  await rejects(session.exec("true"), "busy");
  assert.equal((await busy).exitCode, 0);
}));

test("input as it comes", () => withSandbox({}, async (sandbox) => {
  const lines = ["one\n", "tw", "o\n"];
  const pull = async () => new TextEncoder().encode(lines.shift() ?? "");
  if (!host.suspends) return rejects(sandbox.shell("cat", { stdin: pull }), "unsupported");
  const seen = [];
  const r = await sandbox.shell("while read x; do echo got $x; done", { stdin: pull, onStdout: (b) => seen.push(text(b)) });
  assert.deepEqual([seen, r.exitCode], [["got one\n", "got two\n"], 0]);
  const stream = new ReadableStream({ start(c) { c.enqueue("from a stream"); c.close(); } });
  assert.equal(text((await sandbox.shell("cat", { stdin: stream })).stdout), "from a stream");
  const never = await sandbox.shell("cat", { stdin: () => new Promise(() => {}), timeout: 50 });
  assert.equal(never.limit.kind, "time");
}));

test("sleep takes its time", () => withSandbox({}, async (sandbox) => {
  const begin = performance.now();
  assert.equal((await sandbox.exec("sleep", ["0.05"])).exitCode, 0);
  assert.ok(performance.now() - begin >= 50);
}));

test("what can't be", async () => {
  await rejects(host.sandbox({ timeout: "soon" }), "config", { field: "timeout" });
  await rejects(host.sandbox({ memoryLimit: 10 }), "config", { field: "MemoryLimit" });
  await rejects(host.sandbox({ env: { "A=B": "x" } }), "config", { field: "Env" });
  await assert.rejects(host.sandbox({ files: { a: 7 } }), TypeError);
  const sandbox = await host.sandbox();
  await sandbox.destroy();
  await sandbox.destroy();
  await rejects(sandbox.exec("true"), "destroyed");
  await rejects(start({ engine: "steam" }), "config", { field: "Engine" });
  await rejects(start({ guest: { info: "" } }), "no_toolbox");
  await assert.rejects(start({ guest: { module: new Uint8Array([1, 2, 3]) } }), SandboxError);
});

test("the network is off, or as far open as the policy says", async () => {
  const server = http.createServer((request, response) => {
    response.setHeader("x-seen", request.headers["x-sent"] ?? "");
    response.end(Buffer.from([0, 255, ...Buffer.from(request.method)]));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  try {
    await withSandbox({}, async (sandbox) => rejects(sandbox.fetch(url), "network_disabled"));
    await withSandbox({ fetchPolicy: { allowed_domains: ["example.com"] } }, async (sandbox) => {
      await rejects(sandbox.fetch(url), "denied");
      await rejects(sandbox.fetch("nonsense"), "fetch", { kind: "url" });
    });
    const fetchPolicy = {
      allowed_domains: ["127.0.0.1"], allowed_ports: [server.address().port], allowed_schemes: ["http"],
      allowed_methods: ["GET", "POST"], deny_private_ips: false,
    };
    await withSandbox({ fetchPolicy }, async (sandbox) => {
      const r = await sandbox.fetch(url, { method: "POST", headers: { "x-sent": "y" }, body: "x" });
      assert.deepEqual([r.status, r.body, r.url], [200, new Uint8Array([0, 255, 80, 79, 83, 84]), url]);
      assert.equal(r.headers.find(([name]) => name === "x-seen")[1], "y");
      if (!host.tools.includes("curl")) return;
      const guest = await sandbox.exec("curl", ["-s", url]);
      if (host.suspends) assert.deepEqual(guest.stdout, new Uint8Array([0, 255, 71, 69, 84]), text(guest.stderr));
      else assert.notEqual(guest.exitCode, 0);
    });
    await rejects(host.sandbox({ fetchPolicy: { allow: "all" } }), "config", { field: "FetchPolicy" });
  } finally {
    server.close();
  }
});

test("two programs in one realm", async () => {
  const other = await start();
  const [a, b] = await Promise.all([host.sandbox(), other.sandbox()]);
  await Promise.all([a.writeFile("x", "of a"), b.writeFile("x", "of b")]);
  const [ra, rb] = await Promise.all([a.exec("cat", ["x"]), b.exec("cat", ["x"])]);
  assert.deepEqual([text(ra.stdout), text(rb.stdout)], ["of a", "of b"]);
  await Promise.all([a.destroy(), b.destroy()]);
  await other.close();
});
