// The Worker in real workerd. BUNDLE is the folder that the command bundle made,
// OBJECTS an empty one.
import assert from "node:assert/strict";
import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { workerd } from "./workerd.mjs";

const { BUNDLE: bundle, OBJECTS } = process.env;
const token = "t0ken,with a comma";
const EVENTS = { accept: "application/json, text/event-stream" };
const LOOP = "while :; do :; done";

let server;

async function start(folder, options = {}) {
  const objects = join(OBJECTS, folder);
  mkdirSync(objects, { recursive: true });
  return workerd({ bundle, objects, token, ...options });
}

function send(method, path, body, headers = {}) {
  return fetch(server.url + path, { method, body, headers: { authorization: `Bearer ${token}`, ...headers } });
}

async function call(method, path, body, headers) {
  const response = await send(method, path, body, headers);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function json(method, path, body, want = 200) {
  const { status, text } = await call(method, path, body === undefined ? undefined : JSON.stringify(body));
  assert.equal(status, want, text);
  return JSON.parse(text);
}

const run = (path, body) => json("POST", `${path}/exec`, body);

async function create(body = {}) {
  return `/v1/sandboxes/${(await json("POST", "/v1/sandboxes", body, 201)).id}`;
}

describe("the API", () => {
  before(async () => { server = await start("api", { origins: "https://ok.example" }); });
  after(() => server.stop());

  test("one command", async () => {
    const r = await run("/v1", {
      command: ["sh", "-c", "cat f - >&2; echo $A; pwd; exit 3"], files: { f: "file " }, stdin: "in", env: { A: "a" },
    });
    assert.deepEqual([r.exit_code, r.stdout, r.stderr], [3, "a\n/work\n", "file in"]);
    assert.ok(r.usage.fuel > 0);
    const bytes = await run("/v1", { script: "printf '\\xff'; cat", stdin_base64: "/gA=" });
    assert.deepEqual([bytes.stdout, bytes.stdout_base64], ["", "//4A"]);
    assert.equal((await run("/v1", { script: "ls" })).stdout, "", "files of another request");
  });

  test("a sandbox", async () => {
    const box = await create({ env: { A: "a" }, files: { "d/f": "one\n" } });
    assert.match(box, /\/[0-9a-f]{32}$/);
    assert.equal((await run(box, { script: "cd d; x=5; echo $A" })).stdout, "a\n");
    assert.equal((await run(box, { script: "pwd; echo $x" })).stdout, "/work/d\n5\n");
    assert.equal((await run(box, { command: ["sh", "-c", "pwd; echo [$x]"] })).stdout, "/work\n[]\n");
    const bytes = new Uint8Array([98, 0, 255, 10]);
    assert.equal((await call("PUT", `${box}/files/n/g.bin`, bytes)).status, 204);
    const got = await send("GET", `${box}/files/n/g.bin`);
    assert.deepEqual(new Uint8Array(await got.arrayBuffer()), bytes);
    assert.deepEqual((await json("GET", `${box}/files/`)).entries.map((e) => e.name + ":" + e.type), ["d:dir", "n:dir"]);
    assert.equal((await call("DELETE", `${box}/files/d`)).status, 204);
    assert.deepEqual((await json("GET", `${box}/diff`)).changes.map((c) => c.path), ["n", "n/g.bin"]);
    assert.equal((await call("DELETE", box)).status, 204);
    for (const [method, path, body] of [
      ["POST", "/exec", "{}"], ["GET", "/diff"], ["GET", "/files/x"], ["PUT", "/files/x", "x"], ["DELETE", "/files/x"], ["DELETE", ""],
    ]) {
      const { status, text } = await call(method, box + path, body);
      assert.equal(status, 404, method + path);
      assert.match(text, /"error"/);
    }
  });

  test("a stream", async () => {
    const body = JSON.stringify({ script: "echo out; sleep 0.1; echo err >&2; sleep 0.1; printf '\\xff'; exit 2" });
    const { status, text, headers } = await call("POST", "/v1/exec", body, EVENTS);
    assert.equal(status, 200);
    assert.equal(headers.get("content-type"), "text/event-stream");
    assert.deepEqual([...text.matchAll(/^event: (.*)$/gm)].map((m) => m[1]), ["stdout", "stderr", "stdout", "result"]);
    for (const want of ['{"text":"out\\n"}', '{"text":"err\\n"}', '{"base64":"/w=="}', '"exit_code":2']) assert.ok(text.includes(want), want);
  });

  test("a stream comes as it is made, and who leaves it ends the command", async () => {
    const box = await create();
    const response = await send("POST", `${box}/exec`, JSON.stringify({ script: `echo first; ${LOOP}` }), EVENTS);
    const reader = response.body.getReader();
    assert.match(new TextDecoder().decode((await reader.read()).value), /first/);
    const from = performance.now();
    await reader.cancel();
    let status;
    do {
      ({ status } = await call("POST", `${box}/exec`, '{"script":"echo again"}'));
    } while (status === 409);
    assert.equal(status, 200);
    // Else the timeout of 30 s or the fuel would have ended it.
    assert.ok(performance.now() - from < 15_000, `${performance.now() - from} ms`);
  });

  // THREAT[SE-07]: bad requests get the right status and one clear message.
  test("bad requests", async () => {
    const box = await create();
    for (const [method, path, body, status, says, headers] of [
      ["POST", "/v1/exec", '{"script":"echo"}', 401, "bearer token", { authorization: "" }],
      ["GET", `${box}/diff`, undefined, 401, "bearer token", { authorization: "Bearer t0ken" }],
      ["POST", "/v1/exec", "{", 400, "not what it should be"],
      ["POST", "/v1/exec", '{"scrpt":"a"}', 400, 'unknown field \\"scrpt\\"'],
      ["POST", "/v1/exec", "{}", 400, "a command or a script is needed"],
      ["POST", "/v1/exec", "[".repeat(900), 400, "not what it should be"],
      ["PUT", `${box}/files/f`, "x".repeat((16 << 20) + 1), 413, "larger"],
      ["POST", "/v1/sandboxes", '{"env":{"A=B":"c"}}', 400, "bad variable name"],
      ["POST", `/v1/sandboxes/${"0123456789abcdef".repeat(2)}/exec`, '{"script":"a"}', 404, "no sandbox has this id"],
      ["OPTIONS", `${box}/exec`, undefined, 204, "", { authorization: "" }],
      ["POST", "/v1/sandboxes/x/exec", '{"script":"a"}', 404, "no sandbox has this id"],
      ["GET", `${box}/files/missing`, undefined, 404, "No such file"],
      ["PATCH", `${box}/diff`, undefined, 405, ""],
      ["GET", "/v2/exec", undefined, 404, ""],
    ]) {
      const r = await call(method, path, body, headers);
      assert.equal(r.status, status, `${method} ${path}: ${r.text}`);
      assert.ok(r.text.includes(says), `${method} ${path}: ${r.text}`);
    }
  });

  test("pages of other origins", async () => {
    for (const [origin, want] of [["https://ok.example", "https://ok.example"], ["https://evil.example", null]]) {
      const { headers } = await call("OPTIONS", "/v1/exec", undefined, { origin });
      assert.equal(headers.get("access-control-allow-origin"), want);
    }
    const { status, text } = await call("GET", "/v1/openapi.json", undefined, { authorization: "" });
    assert.equal(status, 200);
    JSON.parse(text);
  });

  test("an endless loop and a memory bomb end, and the isolate goes on", async () => {
    const box = await create();
    for (const [body, kind] of [
      [{ script: LOOP, timeout_ms: 300 }, "time"],
      [{ script: LOOP, fuel: 100000 }, "fuel"],
      [{ script: "x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done" }, "memory"],
    ]) {
      for (const path of [box, "/v1"]) {
        const r = await run(path, body);
        assert.equal(r.limit?.kind, kind, JSON.stringify(r).slice(0, 300));
        assert.equal((await run(path, { script: "echo serving" })).stdout, "serving\n");
      }
    }
  });

  // THREAT[SE-03]: sandboxes see nothing of one another.
  test("twenty sandboxes at once", async () => {
    const boxes = await Promise.all(Array.from({ length: 20 }, () => create()));
    assert.equal(new Set(boxes).size, 20);
    await Promise.all(boxes.map((box, i) => run(box, { script: `echo canary${i} > f; alias a=b${i}; export V=v${i}; sleep 0.01` })));
    const seen = await Promise.all(boxes.map((box) => run(box, { script: "cat *; echo $V; alias; ls" })));
    seen.forEach((r, i) => assert.equal(r.stdout, `canary${i}\nv${i}\nalias a='b${i}'\nf\n`));
  });
});

// THREAT[RL-11]: what was answered is there after a restart.
test("a restart", async () => {
  server = await start("restart");
  const box = await create({ env: { A: "a" }, files: { "d/old": "1", gone: "2" } });
  await run(box, { script: "ln -s d/old link; mkdir -m 700 empty; head -c 3000000 /dev/zero > big; rm gone; touch -d 2001-02-03 d/old; chmod 755 d/old" });
  await run(box, { script: "printf x > $'n\\xff'; rm big; head -c 2500000 /dev/zero | tr '\\0' z > big" });
  await call("PUT", `${box}/files/put`, "put");
  const look = { script: "find . -printf '%p %y %m %s %l %TY-%Tm-%Td\\n' | grep -v '^\\. ' | sort; md5sum big; echo $A" };
  const was = await run(box, look), diff = await json("GET", `${box}/diff`);
  const other = await create();
  await call("DELETE", other);
  await server.stop();

  server = await start("restart");
  const is = await run(box, look);
  assert.match(is.stdout, /2001-02-03/);
  assert.equal(is.stdout, was.stdout);
  assert.deepEqual(await json("GET", `${box}/diff`), diff);
  assert.equal((await call("GET", `${other}/diff`)).status, 404);
  await run(box, { script: "rm -r d link" });
  await server.stop();

  server = await start("restart");
  assert.equal((await run(box, { script: "ls -d d link empty put" })).stdout, "empty\nput\n");
  await server.stop();
});

test("no token", async () => {
  server = await start("open", { token: "" });
  for (const headers of [{}, { authorization: "Bearer " }]) {
    const { status, text } = await call("POST", "/v1/exec", '{"script":"id"}', headers);
    assert.equal(status, 503);
    assert.match(text, /no token/);
  }
  await server.stop();
});

test("times", async () => {
  server = await start("times");
  const box = await create();
  const measure = async (path) => {
    const times = [];
    for (let i = 0; i < 30; i++) {
      const from = performance.now();
      await run(path, { script: "echo hi" });
      times.push(performance.now() - from);
    }
    return times.sort((a, b) => a - b)[15].toFixed(1);
  };
  console.log(`times: exec in a session ${await measure(box)} ms, on its own ${await measure("/v1")} ms (p50)`);
  await server.stop();
});
