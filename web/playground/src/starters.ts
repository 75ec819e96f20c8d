/** What a new sandbox holds. */
export const FILES: Record<string, string> = {
  "README.md": `# Welcome

This is a file system inside your browser. Every command of the terminal
runs in WebAssembly, sees only this, and ends at its limits.

* Tab completes commands and paths; the arrow keys recall what you typed.
* Ctrl-C ends what runs, Ctrl-L clears, Ctrl-D ends input.
* Click a file to edit it. What you change is kept in this browser.
`,
  "data/planets.csv": `name,radius_km,moons,day_hours
Mercury,2440,0,4222.6
Venus,6052,0,2802.0
Earth,6371,1,24.0
Mars,3390,2,24.7
Jupiter,69911,95,9.9
Saturn,58232,146,10.7
Uranus,25362,28,17.2
Neptune,24622,16,16.1
`,
  "data/access.log": `10.0.0.7 GET /index.html 200
10.0.0.9 GET /login 302
10.0.0.7 POST /login 401
10.0.0.3 GET /missing 404
10.0.0.7 POST /login 401
10.0.0.9 GET /index.html 200
10.0.0.3 GET /favicon.ico 404
`,
  "src/greet.sh": `#!/bin/bash
# TODO: greet more than one
name=\${1:-world}
echo "hello, $name"
`,
};

/** Commands of the start page, to click. */
export const TRIES: readonly string[] = [
  "cat README.md",
  "ls -lR --color",
  "sort -t, -k3 -rn data/planets.csv | head -3",
  "cut -d' ' -f1 data/access.log | sort | uniq -c | sort -rn",
  "grep -rn --color TODO .",
  "bash src/greet.sh you | tee hello.txt",
  "time seq 1000000 | tail -1",
  "while :; do :; done   # then Ctrl-C",
];
