import { describe, expect, test } from "vitest";
import { Sanitizer, visible } from "../playground/src/sanitize.js";

const E = "\x1b";
const clean = (text: string): string => new Sanitizer().write(new TextEncoder().encode(text));

// THREAT[SH-13]
describe("output", () => {
  test.each([
    ["text", "a é 漢 😀\r\n\tb\b", "a é 漢 😀\r\n\tb\b"],
    ["colours", `${E}[1;38;5;200mx${E}[0m`, `${E}[1;38;5;200mx${E}[0m`],
    ["moves and erases", `${E}[2J${E}[3;4H${E}[K`, `${E}[2J${E}[3;4H${E}[K`],
    ["hides the cursor", `${E}[?25l${E}[?1049h`, `${E}[?25l${E}[?1049h`],
    ["sets no title", `${E}]0;owned\x07x`, "x"],
    ["reaches no clipboard", `${E}]52;c;b3duZWQ=${E}\\x`, "x"],
    ["makes no link", `${E}]8;;https://example.com${E}\\link${E}]8;;${E}\\`, "link"],
    ["asks nothing", `${E}[6n${E}[c${E}[>c${E}[=c${E}[5n${E}[?6nx`, "x"],
    ["sends no string", `${E}P$q"p${E}\\${E}_a${E}\\${E}^b${E}\\${E}Xc${E}\\x`, "x"],
    ["moves no window", `${E}[8;1;1t${E}[21tx`, "x"],
    ["takes no mouse", `${E}[?1000h${E}[?1006h${E}[?2004hx`, "x"],
    ["has no C1", "\u009d0;owned\u009c\u009b6nx", "0;owned6nx"],
    ["ends a string at CAN", `${E}]0;a\x18x`, "x"],
    ["ends a sequence that is none", `${E}[12\nx`, "\nx"],
    ["drops what is too long", `${E}[${"1;".repeat(100)}mx`, "x"],
    ["an escape within a string", `${E}]0;a${E}[31mb\x07x`, "x"],
    ["controls", "a\x00\x01\x7fb", "ab"],
    ["no character sets", `${E}(0x${E})Ay`, "xy"],
  ])("%s", (_, given, want) => {
    expect(clean(given)).toBe(want);
  });

  test("is the same in pieces", () => {
    const all = new TextEncoder().encode(`漢${E}]0;owned${E}\\a${E}[31mb`);
    const safe = new Sanitizer();
    expect([...all].map((byte) => safe.write(Uint8Array.of(byte))).join("")).toBe(`漢a${E}[31mb`);
  });

  test("shows controls in names", () => {
    expect(visible(`a${E}[31m\nb`)).toBe("a\ufffd[31m\ufffdb");
  });
});
