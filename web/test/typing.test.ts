import { describe, expect, test } from "vitest";
import type { DirEntry } from "../src/types.js";
import { complete } from "../playground/src/complete.js";
import { incomplete } from "../playground/src/incomplete.js";

describe("completion", () => {
  const entry = (name: string, type: DirEntry["type"] = "file"): DirEntry => ({ name, type, mode: 0o644, size: 0 });
  const tree: Record<string, DirEntry[]> = {
    "/work/": [entry("README.md"), entry("data", "directory"), entry("a b.txt"), entry(".hidden")],
    "/work/data/": [entry("one.csv"), entry("two.csv"), entry("twice")],
    "/tmp/": [entry("x")],
  };
  const sources = {
    commands: ["cat", "grep", "groups"], dir: "/work",
    list: async (dir: string) => tree[dir] ?? Promise.reject(new Error("none")),
  };

  test.each([
    ["ca", "t ", []],
    ["g", "r", ["grep", "groups"]],
    ["echo x | ca", "t ", []],
    ["echo x && ca", "t ", []],
    ["(ca", "t ", []],
    ["nothing", "", []],
    ["cat RE", "ADME.md ", []],
    ["cat da", "ta/", []],
    ["cat data/t", "w", ["twice", "two.csv"]],
    ["cat data/one", ".csv ", []],
    ["cat /tmp/", "x ", []],
    ["cat a", "\\ b.txt ", []],
    ["cat a\\ b", ".txt ", []],
    ["cat .h", "idden ", []],
    ["cat <RE", "ADME.md ", []],
    ["cat none/", "", []],
  ])("%s", async (before, insert, choices) => {
    expect(await complete(before, sources)).toEqual({ insert, choices });
  });
});

describe("a script", () => {
  test.each([
    "echo 'a", 'echo "a', 'echo "a\\"', "echo a \\", "a |", "a &&", "a ||", "if true", "if true; then a", "for i in 1 2; do", "while :; do a; do b; done",
    "f() {", "(a", "cat <<E", "cat <<'E'\nx", "case x in a) b;;", "{ a; }; {",
  ])("goes on: %s", (script) => expect(incomplete(script)).toBe(true));

  test.each([
    "", "echo a", "echo 'if'", "echo if do {", "a | b", "a &", "if true; then a; fi", "for i in 1 2; do echo $i; done", "f() { a; }", "(a)", "cat <<E\nx\nE",
    "cat <<<x", "case x in a) b;; esac", "echo \\'", "# don't", "echo a # it's", "while :; do :; done # x", "done", "echo $((1+2))", "x=$(echo a)",
  ])("is whole: %s", (script) => expect(incomplete(script)).toBe(false));
});
