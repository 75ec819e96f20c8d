/** What a key did to the line. */
export type Action =
  | { do: "draw" | "clear" | "interrupt" | "end" | "complete" | "none" }
  | { do: "submit"; text: string };

const HISTORY = 500;

/** A line being typed, with its history: the state, and no drawing. Positions count code points. */
export class Line {
  #chars: string[] = [];
  #cursor = 0;
  #history: string[] = [];
  #at = 0;
  #draft = "";
  #killed = "";

  get text(): string {
    return this.#chars.join("");
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** The text before the cursor. */
  get before(): string {
    return this.#chars.slice(0, this.#cursor).join("");
  }

  get history(): readonly string[] {
    return this.#history;
  }

  /** Takes one key, as a terminal sends it, or text. */
  key(data: string): Action {
    const bound = this.#keys[data];
    if (bound) return bound();
    if (data < " " || data === "\x7f" || data.startsWith("\x1b")) return { do: "none" };
    this.insert(data);
    return { do: "draw" };
  }

  insert(text: string): void {
    const chars = [...text];
    this.#chars.splice(this.#cursor, 0, ...chars);
    this.#cursor += chars.length;
  }

  reset(): void {
    this.#chars = [];
    this.#cursor = 0;
    this.#at = this.#history.length;
  }

  /** Adds to the history, but not the same twice in a row. */
  remember(text: string): void {
    if (text.trim() !== "" && this.#history.at(-1) !== text) this.#history.push(text);
    this.#history = this.#history.slice(-HISTORY);
    this.#at = this.#history.length;
  }

  #keys: Record<string, () => Action> = {
    "\r": () => this.#submit(),
    "\n": () => this.#submit(),
    "\t": () => ({ do: "complete" }),
    "\x03": () => ({ do: "interrupt" }),
    "\x04": () => (this.#chars.length === 0 ? { do: "end" } : this.#remove(this.#cursor, this.#cursor + 1)),
    "\x0c": () => ({ do: "clear" }),
    "\x7f": () => this.#remove(this.#cursor - 1, this.#cursor),
    "\b": () => this.#remove(this.#cursor - 1, this.#cursor),
    "\x1b[3~": () => this.#remove(this.#cursor, this.#cursor + 1),
    "\x15": () => this.#kill(0, this.#cursor),
    "\x0b": () => this.#kill(this.#cursor, this.#chars.length),
    "\x17": () => this.#kill(this.#wordLeft(), this.#cursor),
    "\x1b\x7f": () => this.#kill(this.#wordLeft(), this.#cursor),
    "\x1bd": () => this.#kill(this.#cursor, this.#wordRight()),
    "\x19": () => (this.insert(this.#killed), { do: "draw" }),
    "\x01": () => this.#move(0),
    "\x05": () => this.#move(this.#chars.length),
    "\x1b[H": () => this.#move(0),
    "\x1b[F": () => this.#move(this.#chars.length),
    "\x1bOH": () => this.#move(0),
    "\x1bOF": () => this.#move(this.#chars.length),
    "\x02": () => this.#move(this.#cursor - 1),
    "\x06": () => this.#move(this.#cursor + 1),
    "\x1b[D": () => this.#move(this.#cursor - 1),
    "\x1b[C": () => this.#move(this.#cursor + 1),
    "\x1bb": () => this.#move(this.#wordLeft()),
    "\x1bf": () => this.#move(this.#wordRight()),
    "\x1b[1;5D": () => this.#move(this.#wordLeft()),
    "\x1b[1;5C": () => this.#move(this.#wordRight()),
    "\x1b[A": () => this.#recall(this.#at - 1),
    "\x1b[B": () => this.#recall(this.#at + 1),
    "\x10": () => this.#recall(this.#at - 1),
    "\x0e": () => this.#recall(this.#at + 1),
  };

  #submit(): Action {
    const text = this.text;
    this.reset();
    return { do: "submit", text };
  }

  #move(to: number): Action {
    this.#cursor = Math.min(Math.max(to, 0), this.#chars.length);
    return { do: "draw" };
  }

  #remove(from: number, to: number): Action {
    if (from < 0) return { do: "none" };
    this.#chars.splice(from, to - from);
    this.#cursor = from;
    return { do: "draw" };
  }

  #kill(from: number, to: number): Action {
    this.#killed = this.#chars.slice(from, to).join("");
    return this.#remove(from, to);
  }

  #recall(at: number): Action {
    if (at < 0 || at > this.#history.length) return { do: "none" };
    if (this.#at === this.#history.length) this.#draft = this.text;
    this.#at = at;
    this.#chars = [...(this.#history[at] ?? this.#draft)];
    return this.#move(this.#chars.length);
  }

  #wordLeft(): number {
    let at = this.#cursor;
    while (at > 0 && this.#chars[at - 1] === " ") at--;
    while (at > 0 && this.#chars[at - 1] !== " ") at--;
    return at;
  }

  #wordRight(): number {
    let at = this.#cursor;
    while (at < this.#chars.length && this.#chars[at] === " ") at++;
    while (at < this.#chars.length && this.#chars[at] !== " ") at++;
    return at;
  }
}

/** Splits what a terminal sends at once, such as a paste, into keys and text. */
export function keys(data: string): string[] {
  return data.match(/\x1b\[[0-9;]*[~A-Za-z]|\x1bO[A-Za-z]|\x1b[^[]?|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g) ?? [];
}

/** How many columns text takes; close enough for a prompt and what is typed after it. */
export function columns(text: string): number {
  let n = 0;
  for (const c of text) n += wide(c.codePointAt(0)!) ? 2 : 1;
  return n;
}

function wide(c: number): boolean {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
    (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) || (c >= 0x1f300 && c <= 0x1faff);
}
