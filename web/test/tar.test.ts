import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { tar } from "../playground/src/tar.js";

test("an archive is what tar reads", async () => {
  const long = `${"d/".repeat(60)}long.txt`;
  const entries = [
    { path: "a.txt", data: new TextEncoder().encode("hello\n"), mode: 0o755 },
    { path: "é/漢.bin", data: new Uint8Array(1000), mode: 0o600 },
    { path: long, data: new Uint8Array(), mode: 0o644 },
  ];
  const archive = Buffer.from(await tar(entries, 1706933106).arrayBuffer());
  const list = execFileSync("tar", ["tvf", "-", "--quoting-style=literal", "--utc", "--numeric-owner"], { input: archive, encoding: "utf8" });
  expect(list.trim().split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
    "-rwxr-xr-x 1000/1000 6 2024-02-03 04:05 a.txt",
    "-rw------- 1000/1000 1000 2024-02-03 04:05 é/漢.bin",
    `-rw-r--r-- 1000/1000 0 2024-02-03 04:05 ${long}`,
  ]);
  expect(execFileSync("tar", ["xOf", "-", "a.txt"], { input: archive, encoding: "utf8" })).toBe("hello\n");
});
