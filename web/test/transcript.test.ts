import { expect, test } from "vitest";
import { parse, unquote } from "./transcript.mjs";

const text = (bytes: number[]): string => new TextDecoder().decode(Uint8Array.from(bytes));

test("a transcript is parsed as tooltest does", () => {
  const { files, cases } = parse("x", `# prose
# stderr varies
$ echo a
> b
out
1| [3]
1" "no newline\\x00é"
2| wrong
[2]

$ true
-- d/ --
-- a -> b --
-- f.txt --
content
$ not a case
`);
  expect(cases.map((it) => [it.line, it.script, text(it.stdout), text(it.stderr), it.status, it.anyDiag])).toEqual([
    [3, "echo a\nb", "out\n[3]\nno newline\0é", "wrong\n", 2, true],
    [11, "true", "", "", 0, false],
  ]);
  expect(files).toEqual([["d/", ""], ["a -> b", ""], ["f.txt", "content\n$ not a case\n"]]);
});

test("a quoted Go string is its bytes", () => {
  expect(unquote('"\\xff\\u00e9\\t\\"\\\\"')).toEqual([255, 0xc3, 0xa9, 9, 34, 92]);
});
