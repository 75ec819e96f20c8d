import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sandbox } from "../src/node.js";
import { load, text, unbuilt } from "./built.js";

if (unbuilt) console.warn(`skipped: ${unbuilt}`);

describe.skipIf(unbuilt !== "")("a sandbox in Node", () => {
  let api: Awaited<ReturnType<typeof load>>;
  let sandbox: Sandbox;

  beforeAll(async () => {
    api = await load();
    sandbox = new api.Sandbox({ files: { "a.txt": "one\ntwo\n", "d/b.bin": new Uint8Array([0, 255, 10]) }, env: { WHO: "me" } });
  });
  afterAll(() => sandbox.destroy());

  test.each([
    ["prints", "echo hi", "hi\n", "", 0],
    ["runs tools", "sort -r a.txt | head -1", "two\n", "", 0],
    ["has the environment", "echo $WHO; pwd", "me\n/work\n", "", 0],
    ["fails", "exit 3", "", "", 3],
    ["says why", "cat none", "", "cat: none: No such file or directory\n", 1],
    ["speaks Unicode", "echo 'é → 漢' | wc -m", "6\n", "", 0],
  ])("%s", async (_, script, stdout, stderr, exitCode) => {
    const result = await sandbox.shell(script);
    expect([text(result.stdout), text(result.stderr), result.exitCode]).toEqual([stdout, stderr, exitCode]);
  });

  test("gives commands their arguments as they are", async () => {
    const { stdout } = await sandbox.exec("printf", ["%s|", "a b", "$x", "*"]);
    expect(text(stdout)).toBe("a b|$x|*|");
  });

  test("is binary safe", async () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect([...(await sandbox.exec("cat", [], { stdin: all })).stdout]).toEqual([...all]);
    expect([...(await sandbox.readFile("d/b.bin"))]).toEqual([0, 255, 10]);
  });

  test("streams", async () => {
    const pieces: string[] = [];
    const options = { onStdout: (p: Uint8Array) => pieces.push(text(p)), onStderr: (p: Uint8Array) => pieces.push(text(p)) };
    const result = await sandbox.shell("echo out; echo err >&2", options);
    expect([pieces.sort().join(""), result.stdout.length]).toEqual(["err\nout\n", 0]);
  });

  test("says what was used", async () => {
    const { usage } = await sandbox.shell("seq 1000 | wc -l");
    expect(usage.fuel).toBeGreaterThan(0);
    expect(usage.peakMemory).toBeGreaterThan(0);
  });

  test("works on files and lists what changed", async () => {
    const own = new api.Sandbox({ files: { "keep": "1", "change": "2", "drop": "3" } });
    await own.writeFile("new/deep.txt", "4");
    await own.shell("echo 5 >change; rm drop");
    const changes = (await own.diff()).map(({ path, kind }) => `${kind} ${path}`);
    expect(changes).toEqual(["modified change", "deleted drop", "created new", "created new/deep.txt"]);
    expect((await own.listDir()).map(({ name, type }) => `${type} ${name}`)).toEqual(["file change", "file keep", "directory new"]);
    await own.destroy();
  });

  test("has sessions that live on", async () => {
    const session = await sandbox.session();
    await session.exec("x=7; cd /tmp; f() { echo f$1; }");
    expect(text((await session.exec("echo $x; f 1")).stdout)).toBe("7\nf1\n");
    expect(await session.dir()).toBe("/tmp");
    await session.close();
  });

  // THREAT[RL-04] An endless loop ends at its limit, and the sandbox lives on.
  test.each([["fuel", { fuel: 5_000_000 }, 137], ["time", { timeout: 300 }, 124]] as const)("ends at the limit of %s", async (kind, limit, status) => {
    const result = await sandbox.shell("while :; do :; done", limit);
    expect([result.limit?.kind, result.exitCode]).toEqual([kind, status]);
    expect((await sandbox.shell("true")).exitCode).toBe(0);
  });

  test("rejects with what is wrong", async () => {
    await expect(sandbox.readFile("none")).rejects.toMatchObject({ code: "ENOENT", detail: { path: "none" } });
    await expect(sandbox.execJs("1")).rejects.toMatchObject({ code: "unsupported" });
    await expect(sandbox.shell("true", { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    await expect(new api.Sandbox({ persist: "x" }).ready()).rejects.toMatchObject({ code: "unsupported" });
  });

  // THREAT[NP-16] There is no network unless a policy gives one.
  test("has no network", async () => {
    await expect(sandbox.fetch("http://localhost/")).rejects.toMatchObject({ code: "network_disabled" });
  });

  test("says what it could not load", async () => {
    const own = new api.Sandbox({ assets: { programs: "/none/programs.wasm" } });
    await expect(own.shell("true")).rejects.toThrow("programs.wasm");
    await own.destroy();
  });

  test("is gone once destroyed", async () => {
    const own = new api.Sandbox();
    await own.shell("true");
    await own.destroy();
    await own.destroy();
    await expect(own.shell("true")).rejects.toMatchObject({ code: "destroyed" });
    const killed = new api.Sandbox();
    await killed.ready();
    const running = killed.shell("while :; do :; done");
    killed.kill();
    await expect(running).rejects.toMatchObject({ code: "destroyed" });
  });

  test("knows its tools", async () => {
    expect(await api.Sandbox.availableTools()).toEqual(expect.arrayContaining(["bash", "cat", "grep"]));
  });
});
