// Transcripts in JavaScript: toolbox/tooltest says what they are. Nothing here knows where it runs.

const encoder = new TextEncoder();

/** When the files of a transcript were modified: 2024-02-03 04:05:06 UTC. */
const MTIME = 1706933106;

/** Parses a transcript: its files, as [name, data], and its cases. */
export function parse(name, data) {
  const { comment, files } = archive(data);
  const lines = comment.replace(/\n+$/, "").split("\n");
  const cases = [];
  for (let i = 0; i < lines.length; ) {
    if (lines[i].startsWith("$ ")) i = parseCase(lines, i, cases);
    else i++;
  }
  return { name, files, cases };
}

function parseCase(lines, at, cases) {
  const it = { line: at + 1, script: lines[at].slice(2), anyDiag: false, stdout: [], stderr: [], status: 0 };
  for (let up = at - 1; up >= 0 && lines[up].startsWith("#"); up--) it.anyDiag ||= lines[up].startsWith("# stderr varies");
  let i = at + 1;
  for (; i < lines.length && lines[i].startsWith("> "); i++) it.script += `\n${lines[i].slice(2)}`;
  for (; i < lines.length && lines[i] !== "" && !/^(\$ |#)/.test(lines[i]); i++) parseOutput(it, lines[i]);
  cases.push(it);
  return i;
}

function parseOutput(it, line) {
  const marked = /^([12])([|"]) /.exec(line);
  const status = /^\[([+-]?\d+)\]$/.exec(line);
  if (status) {
    it.status = Number(status[1]);
    return;
  }
  const to = marked?.[1] === "2" ? it.stderr : it.stdout;
  if (marked?.[2] === '"') to.push(...unquote(line.slice(3)));
  else append(to, encoder.encode(`${marked ? line.slice(3) : line}\n`));
}

const ESCAPES = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92, '"': 34, "'": 39 };

/** The bytes of a quoted Go string. */
export function unquote(quoted) {
  const out = [];
  const pattern = /\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\U([0-9a-f]{8})|\\([0-7]{3})|\\(.)|([^\\]+)/gis;
  for (const [, byte, short, long, octal, letter, text] of quoted.slice(1, -1).matchAll(pattern)) {
    if (byte) out.push(parseInt(byte, 16));
    else if (short ?? long) append(out, encoder.encode(String.fromCodePoint(parseInt(short ?? long, 16))));
    else if (octal) out.push(parseInt(octal, 8));
    else if (letter) out.push(ESCAPES[letter]);
    else append(out, encoder.encode(text));
  }
  return out;
}

function append(to, data) {
  for (const byte of data) to.push(byte);
}

// A txtar archive: a comment, then files below lines "-- NAME --".
function archive(data) {
  const parts = data.split(/^-- (.+) --$\n?/m);
  const files = [];
  for (let i = 1; i < parts.length; i += 2) {
    const text = parts[i + 1] ?? "";
    files.push([parts[i].trim(), text === "" || text.endsWith("\n") ? text : `${text}\n`]);
  }
  return { comment: parts[0], files };
}

/** Runs the cases of a transcript in a sandbox of the class, made with more options. Returns how many passed, and what failed. */
export async function run(Sandbox, { name, files, cases }, options = {}) {
  const sandbox = new Sandbox({ ...options, env: { TZ: "UTC", LC_ALL: "C.UTF-8", ...options.env } });
  const failures = [];
  try {
    await lay(sandbox, files);
    for (const it of cases) {
      const difference = compare(it, await sandbox.shell(it.script));
      if (difference) failures.push(`${name}:${it.line}: $ ${it.script}\n${difference}`);
    }
  } catch (err) {
    return { passed: 0, failures: cases.map((it) => `${name}:${it.line}: ${err.message}`) };
  } finally {
    await sandbox.destroy();
  }
  return { passed: cases.length - failures.length, failures };
}

async function lay(sandbox, files) {
  const made = [];
  for (const [name, data] of files) {
    const [path, target] = name.split(" -> ");
    if (target === undefined) made.push(path);
    if (target !== undefined) await must(sandbox, "bash", "-c", 'mkdir -p -- "$(dirname -- "$2")" && ln -s -- "$1" "$2"', "ln", target, path);
    else if (path.endsWith("/")) await must(sandbox, "mkdir", "-p", "--", path);
    else await sandbox.writeFile(path, data);
  }
  if (made.length > 0) await must(sandbox, "touch", "-d", `@${MTIME}`, "--", ...made);
}

async function must(sandbox, command, ...args) {
  const { exitCode, stderr } = await sandbox.exec(command, args);
  if (exitCode !== 0) throw new Error(`laying files: ${new TextDecoder().decode(stderr)}`);
}

function compare(want, got) {
  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (same(want.stdout, got.stdout) && (want.anyDiag || same(want.stderr, got.stderr)) && want.status === got.exitCode) return "";
  return `--- want\n${show(want.stdout, want.stderr, want.status)}--- got\n${show(got.stdout, got.stderr, got.exitCode)}`;
}

function show(stdout, stderr, status) {
  const text = (bytes, mark) => new TextDecoder().decode(Uint8Array.from(bytes)).replace(/^(?=.)/gm, mark);
  return `${text(stdout, "")}${text(stderr, "2| ")}[${status}]\n`;
}
