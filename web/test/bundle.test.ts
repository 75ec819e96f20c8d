import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { unbuilt } from "./built.js";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

// Every module that a module reaches, and the names that are no files.
function reach(name: string, seen = new Set<string>(), foreign = new Set<string>()): Set<string> {
  if (seen.has(name)) return foreign;
  seen.add(name);
  const source = readFileSync(join(dist, name), "utf8");
  for (const [, from] of source.matchAll(/^(?:import|export)(?: .* from)? "([^"]+)"/gm)) {
    if (from!.startsWith(".")) reach(join(dirname(name), from!), seen, foreign);
    else foreign.add(from!);
  }
  return foreign;
}

describe.skipIf(unbuilt !== "")("the built package", () => {
  test.each(["index.js", "worker.js"])("%s reaches nothing of Node, and no other package", (name) => {
    expect([...reach(name)]).toEqual([]);
  });

  test("of Node, only Node's own modules", () => {
    expect([...reach("node.js"), ...reach("worker-node.js")].every((name) => name.startsWith("node:"))).toBe(true);
  });
});
