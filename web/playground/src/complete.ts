import type { DirEntry } from "agentsandbox";

/** What can be completed with. */
export interface Sources {
  commands: readonly string[];
  /** The working directory, an absolute path. */
  dir: string;
  list(dir: string): Promise<DirEntry[]>;
}

/** What completes the text before the cursor: what to add to it, and the choices if there are several. */
export interface Completion {
  insert: string;
  choices: string[];
}

/** Completes the last word of a line: a command where one begins, else a path. */
export async function complete(before: string, sources: Sources): Promise<Completion> {
  const word = /(?:[^\s\\|&;()<>]|\\.)*$/.exec(before)?.[0] ?? "";
  const head = before.slice(0, before.length - word.length).trimEnd();
  const isCommand = (head === "" || /[|&;(]$/.test(head)) && !word.includes("/");
  const names = isCommand ? sources.commands.map((name) => `${name} `) : await paths(word, sources);
  const typed = isCommand ? word : unquote(word).slice(word.lastIndexOf("/") + 1);
  return choose(typed, names);
}

async function paths(word: string, { dir, list }: Sources): Promise<string[]> {
  const plain = unquote(word);
  const cut = plain.lastIndexOf("/");
  const above = plain.slice(0, cut + 1);
  const from = above.startsWith("/") ? above : `${dir}/${above}`;
  const entries = await list(from).catch(() => []);
  const hidden = plain.slice(cut + 1).startsWith(".");
  return entries.filter(({ name }) => hidden || !name.startsWith(".")).map(({ name, type }) => name + (type === "directory" ? "/" : " "));
}

function choose(typed: string, names: string[]): Completion {
  const fit = [...new Set(names)].filter((name) => name.startsWith(typed)).sort();
  if (fit.length === 0) return { insert: "", choices: [] };
  const shared = fit.reduce(common);
  return { insert: quote(shared.slice(typed.length)), choices: fit.length > 1 ? fit.map((name) => name.trimEnd()) : [] };
}

function common(a: string, b: string): string {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return a.slice(0, n);
}

const unquote = (word: string): string => word.replace(/\\(.)/g, "$1");

// A blank at the end ends the word; within a name it is quoted.
function quote(text: string): string {
  const end = text.endsWith(" ") ? " " : "";
  return text.slice(0, text.length - end.length).replace(/[\s\\'"$`|&;()<>*?#!~[\]{}]/g, "\\$&") + end;
}
