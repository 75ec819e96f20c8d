import { afterEach, describe, expect, test } from "vitest";
import type { HostSandbox } from "../src/engine/hosts/browser/host.mjs";
import type { Sandbox } from "../src/node.js";
import type { Kept } from "../src/store.js";
import { load, text, unbuilt } from "./built.js";

/** A store in memory that can refuse. */
class Memory {
  kept = new Map<string, Kept>();
  writes: [put: string[], remove: string[]][] = [];
  refuses = false;

  all = async (): Promise<Kept[]> => [...this.kept.values()];

  async write(put: Kept[], remove: string[]): Promise<void> {
    if (this.refuses) throw new Error("full");
    this.writes.push([put.map(({ path }) => path), remove]);
    for (const path of remove) this.kept.delete(path);
    for (const it of put) this.kept.set(it.path, it);
  }

  close(): void {}
}

describe.skipIf(unbuilt !== "")("keeping files", () => {
  const made: Sandbox[] = [];
  afterEach(() => Promise.all(made.splice(0).map((it) => it.destroy())));

  async function start(store: Memory) {
    const { Sandbox } = await load();
    const { Keeper } = (await import(new URL("../dist/keep.js", import.meta.url).href)) as typeof import("../src/keep.js");
    const sandbox = new Sandbox();
    made.push(sandbox);
    const keeper = new Keeper(store);
    return { sandbox, host: sandbox as unknown as HostSandbox, keeper };
  }

  test("comes back as it was", async () => {
    const store = new Memory();
    const first = await start(store);
    expect(await first.keeper.restore(first.host)).toBe(false);
    await first.sandbox.shell("mkdir -p a/b empty; printf '\\0\\377' >a/b/bin; echo x >'-odd name'; ln -s b a/link; ln -s nowhere dangling; chmod 750 a/b/bin; chmod 700 empty");
    await first.keeper.save(first.host);
    const second = await start(store);
    expect(await second.keeper.restore(second.host)).toBe(true);
    const look = "find . -printf '%P %y %m %l\\n' | sort; od -An -tx1 a/link/bin";
    expect(text((await second.sandbox.shell(look)).stdout)).toBe(text((await first.sandbox.shell(look)).stdout));
    expect(store.kept.size).toBe(8);
  });

  test("writes what has changed, and no more", async () => {
    const store = new Memory();
    const { sandbox, host, keeper } = await start(store);
    await sandbox.shell("echo 1 >a; echo 1 >b");
    await keeper.save(host);
    await keeper.save(host);
    await sandbox.shell("echo 2 >a; rm b; chmod +x a");
    await keeper.save(host);
    expect(store.writes).toEqual([[[".", "a", "b"], []], [["a"], ["b"]]]);
  });

  // THREAT[RL-11] A store that fails leaves what it held, and is written the next time.
  test("survives a store that refuses", async () => {
    const store = new Memory();
    const { sandbox, host, keeper } = await start(store);
    await sandbox.writeFile("a", "1");
    await keeper.save(host);
    store.refuses = true;
    await sandbox.writeFile("a", "2");
    await expect(keeper.save(host)).rejects.toThrow("full");
    expect(text(store.kept.get("a")!.data!)).toBe("1");
    store.refuses = false;
    await keeper.save(host);
    expect(text(store.kept.get("a")!.data!)).toBe("2");
  });
});
