// What is measured. A goal is in milliseconds; "native" is as fast as the program for this machine. What is long takes so long
// there that the start of the program does not matter.
export const TASKS = [
  { name: "`echo hi`, a fresh instance each", command: ["echo", "hi"], goal: 1 },
  { name: "`echo hi` in a session", script: "echo hi", session: true, goal: 0.1 },
  { name: "`sh -c 'for i in 1 2 3; do echo $i; done'`", script: "for i in 1 2 3; do echo $i; done" },
  { name: "shell loop, 10,000 turns", long: true, script: "i=0; while [ $i -lt 10000 ]; do i=$((i+1)); done" },
  { name: "awk loop, 1e6 turns", long: true, script: "awk 'BEGIN { for (i = 0; i < 1000000; i++) s += i; print s }'", goal: "native" },
  { name: "`grep -c` of a regular expression, 5 MB", long: true, script: "grep -c 'user1[0-9] .*ERROR' text.txt", goal: "native" },
  { name: "`sort`, 5 MB", long: true, script: "sort text.txt | tail -1" },
];

const LINE = ["/", "/index.html", "/api/v1/items", "/static/app.js", "/login", "/search?q=go"];

/** Text that looks like a server's log: the same that make bench uses. */
export function logText(size = 5 << 20) {
  const two = (n) => String(n).padStart(2, "0");
  let state = 1;
  const next = (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % n;
  };
  const out = [];
  for (let line = 0, length = 0; length < size; line++) {
    const level = next(17) === 0 ? "ERROR" : "INFO";
    const from = `10.0.${next(4)}.${next(24)} - user${next(20)}`;
    const at = `[${two(Math.floor(line / 3600) % 24)}:${two(Math.floor(line / 60) % 60)}:${two(line % 60)}]`;
    const text = `${from} ${at} ${level} ${LINE[next(6)]} ${200 + next(4) * 100} ${next(9999)} TODO${next(100)}\n`;
    out.push(text);
    length += text.length;
  }
  return out.join("");
}

/** The median time of calls, in milliseconds: after a few to warm up, as many as fit into half a second, at least three. */
export async function median(call, warm = 20) {
  const begun = performance.now();
  for (let i = 0; i < warm && performance.now() - begun < 300; i++) await call();
  const times = [];
  const from = performance.now();
  while (times.length < 3 || (performance.now() - from < 500 && times.length < 5000)) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}
