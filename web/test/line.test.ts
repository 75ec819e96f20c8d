import { describe, expect, test } from "vitest";
import { Line, columns, keys } from "../playground/src/line.js";

const typed = (...parts: string[]): Line => {
  const line = new Line();
  for (const key of parts.flatMap(keys)) line.key(key);
  return line;
};

describe("a line", () => {
  test.each([
    ["inserts", ["ac", "\x1b[D", "b"], "abc", 2],
    ["erases to the left", ["abc", "\x7f"], "ab", 2],
    ["erases below the cursor", ["abc", "\x01", "\x1b[3~"], "bc", 0],
    ["erases nothing at the start", ["a", "\x01", "\x7f"], "a", 0],
    ["erases a word", ["one two", "\x17"], "one ", 4],
    ["erases to the start, and puts it back", ["one", "\x15", "\x19\x19"], "oneone", 6],
    ["erases to the end", ["one two", "\x01", "\x1bf", "\x0b"], "one", 3],
    ["goes by words", ["one two", "\x1bb", "x"], "one xtwo", 5],
    ["stays within itself", ["a", "\x1b[C\x1b[C", "b", "\x01\x1b[D", "c"], "cab", 1],
    ["counts characters", ["é漢😀", "\x7f"], "é漢", 2],
    ["ignores other keys", ["a", "\x1b[15~", "\x1bx"], "a", 1],
  ])("%s", (_, parts, text, cursor) => {
    const line = typed(...parts);
    expect([line.text, line.cursor]).toEqual([text, cursor]);
  });

  test("recalls, and comes back to what was typed", () => {
    const line = new Line();
    for (const text of ["one", "two", "two", "  "]) line.remember(text);
    expect(line.history).toEqual(["one", "two"]);
    line.insert("draft");
    const seen = ["\x1b[A", "\x1b[A", "\x1b[A", "\x1b[B", "\x1b[B"].map((key) => (line.key(key), line.text));
    expect(seen).toEqual(["two", "one", "one", "two", "draft"]);
  });

  test("says what to do", () => {
    const line = typed("ls");
    expect(line.key("\t")).toEqual({ do: "complete" });
    expect(line.key("\r")).toEqual({ do: "submit", text: "ls" });
    expect([line.text, line.key("\x04")]).toEqual(["", { do: "end" }]);
  });
});

test("keys are told apart in a paste", () => {
  expect(keys("ab\rc\x1b[1;5Dd\x03\x1bOA\x1b")).toEqual(["ab", "\r", "c", "\x1b[1;5D", "d", "\x03", "\x1bOA", "\x1b"]);
});

test("columns count wide characters twice", () => {
  expect(["abc", "é", "漢字", "😀"].map(columns)).toEqual([3, 1, 4, 2]);
});
