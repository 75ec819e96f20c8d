import { FitAddon } from "@xterm/addon-fit";
import { Terminal, type ITheme } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { complete, type Sources } from "./complete.js";
import { incomplete } from "./incomplete.js";
import { Line, columns, keys } from "./line.js";
import { Sanitizer, visible } from "./sanitize.js";

/** What runs what is typed. */
export interface Shell {
  /** Runs a script, and gives its output as it comes. Resolves when it has ended. */
  run(script: string, io: Streams): Promise<void>;
  /** Ends what runs. */
  interrupt(): void;
  /** The working directory. */
  dir(): Promise<string>;
  /** What completes. */
  sources(): Promise<Sources>;
}

export interface Streams {
  output(piece: Uint8Array): void;
  /** The next line that is typed; undefined at the end of the input. */
  input(): Promise<Uint8Array | undefined>;
}

const THEMES: Record<"dark" | "light", ITheme> = {
  dark: {
    background: "#0d1117", foreground: "#e6edf3", cursor: "#2dd4bf", selectionBackground: "#2dd4bf55",
    black: "#484f58", red: "#ff7b72", green: "#7ee787", yellow: "#e3b341", blue: "#79c0ff", magenta: "#d2a8ff", cyan: "#56d4dd", white: "#e6edf3",
  },
  light: {
    background: "#f4f6f8", foreground: "#1b232d", cursor: "#0f766e", selectionBackground: "#0f766e44",
    black: "#1b232d", red: "#c93c37", green: "#1a7f37", yellow: "#8a6100", blue: "#0550ae", magenta: "#6639ba", cyan: "#0f766e", white: "#5d6b7a",
    brightBlack: "#5d6b7a", brightRed: "#a40e26", brightGreen: "#116329", brightYellow: "#633c01", brightBlue: "#0969da", brightMagenta: "#8250df", brightCyan: "#1b7c83", brightWhite: "#1b232d",
  },
};

const DIM = "\x1b[2m", PLAIN = "\x1b[0m", TEAL = "\x1b[1;36m", GREEN = "\x1b[1;32m";

/** The terminal: it draws the line that is typed, and gives the shell what was entered. */
export class Console {
  #term: Terminal;
  #fit = new FitAddon();
  #line = new Line();
  #typed = new Line(); // what a running command is given
  #shell: Shell | undefined;
  #prompt = "";
  #row = 0; // of the cursor, below the prompt's first
  #script: string[] = []; // lines of a script that goes on
  #running = false;
  #queue: Promise<void> = Promise.resolve();
  #lines: (Uint8Array | undefined)[] = [];
  #reader: ((line: Uint8Array | undefined) => void) | undefined;

  constructor(element: HTMLElement, theme: "dark" | "light", history: readonly string[]) {
    this.#term = new Terminal({
      theme: THEMES[theme], convertEol: true, cursorBlink: true, fontSize: innerWidth < 720 ? 12 : 14, lineHeight: 1.2, scrollback: 5000,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
      linkHandler: { activate: () => undefined },
    });
    this.#term.loadAddon(this.#fit);
    this.#term.open(element);
    for (const text of history) this.#line.remember(text);
    new ResizeObserver(() => this.#fit.fit()).observe(element);
    this.#term.onData((data) => this.#type(data));
  }

  set theme(theme: "dark" | "light") {
    this.#term.options.theme = THEMES[theme];
  }

  get history(): readonly string[] {
    return this.#line.history;
  }

  focus(): void {
    this.#term.focus();
  }

  /** Shows a remark of the page's own. */
  note(text: string): void {
    this.#term.write(`${DIM}${visible(text)}${PLAIN}\r\n`);
  }

  /** Gives the terminal its shell, and shows the prompt. */
  async attach(shell: Shell): Promise<void> {
    this.#shell = shell;
    await this.#ask();
  }

  /** Presses a key, as a terminal sends it. */
  press(key: string): void {
    this.#type(key);
    this.focus();
  }

  /** Types a command and enters it. */
  enter(command: string): void {
    if (this.#running) return;
    this.#line.reset();
    this.#type(`${command}\r`);
    this.focus();
  }

  // Keys are taken one after the other, also those that wait for an answer; but what interrupts does not wait.
  #type(data: string): void {
    for (const key of keys(data)) {
      if (key === "\x03" && this.#running) this.#interrupt();
      else if (this.#running) this.#feed(key);
      else this.#queue = this.#queue.then(() => (this.#running ? this.#feed(key) : this.#key(key))).catch((err: unknown) => this.note(String(err)));
    }
  }

  async #key(key: string): Promise<void> {
    if (!this.#shell) return;
    const action = this.#line.key(key);
    switch (action.do) {
      case "draw":
        return this.#draw();
      case "submit":
        return this.#submit(action.text);
      case "complete":
        return this.#complete(this.#shell);
      case "clear":
        this.#term.clear();
        this.#term.write("\x1b[H\x1b[2J");
        this.#row = 0;
        return this.#draw();
      case "interrupt":
        this.#term.write("^C\r\n");
        this.#line.reset();
        this.#script = [];
        return this.#ask();
    }
  }

  async #submit(text: string): Promise<void> {
    this.#term.write("\r\n");
    this.#script.push(text);
    const script = this.#script.join("\n");
    if (incomplete(script)) {
      this.#show(`${DIM}> ${PLAIN}`);
      return;
    }
    this.#script = [];
    this.#line.remember(script);
    if (script.trim() === "clear") this.#term.write("\x1b[H\x1b[2J\x1b[3J");
    else if (script.trim() !== "") await this.#start(script);
    await this.#ask();
  }

  // Not awaited by the keys: they feed what runs.
  #start(script: string): Promise<void> {
    this.#running = true;
    this.#lines = [];
    const safe = new Sanitizer();
    const streams: Streams = {
      output: (piece) => this.#term.write(safe.write(piece)),
      input: () => this.#read(),
    };
    return this.#shell!.run(script, streams).finally(() => {
      this.#running = false;
      this.#reader = undefined;
      const alternate = this.#term.buffer.active.type === "alternate"; // to leave it otherwise would move the cursor
      this.#term.write(`${alternate ? "\x1b[?1049l" : ""}${PLAIN}\x1b[?25h`);
      this.#type(this.#unread());
    });
  }

  // What was typed ahead and not read by the command is for the prompt.
  #unread(): string {
    const lines = this.#lines.map((line) => (line ? new TextDecoder().decode(line).replace("\n", "\r") : ""));
    const text = lines.join("") + this.#typed.text;
    this.#lines = [];
    this.#typed.reset();
    return text;
  }

  async #ask(): Promise<void> {
    const dir = await this.#shell!.dir().catch(() => "?");
    await new Promise<void>((done) => this.#term.write("", done)); // until the cursor's column is known
    if (this.#term.buffer.active.cursorX > 0) this.#term.write(`${DIM}⏎${PLAIN}\r\n`);
    this.#show(`${TEAL}${visible(dir)}${PLAIN} ${GREEN}$${PLAIN} `);
  }

  #show(prompt: string): void {
    this.#prompt = prompt;
    this.#row = 0;
    this.#draw();
  }

  // Draws the prompt and the line anew, over what was drawn of them before.
  #draw(): void {
    const width = this.#term.cols;
    const start = columns(this.#prompt.replace(/\x1b\[[0-9;]*m/g, ""));
    const text = this.#line.text.replaceAll("\n", "↵");
    const end = start + columns(text);
    const cursor = start + columns(this.#line.before);
    let out = `${this.#row > 0 ? `\x1b[${this.#row}A` : ""}\r\x1b[J${this.#prompt}${text}`;
    if (end % width === 0) out += "\r\n"; // the terminal wraps only with the next character
    const up = Math.floor(end / width) - Math.floor(cursor / width);
    out += `${up > 0 ? `\x1b[${up}A` : ""}\r${cursor % width > 0 ? `\x1b[${cursor % width}C` : ""}`;
    this.#row = Math.floor(cursor / width);
    this.#term.write(out);
  }

  async #complete(shell: Shell): Promise<void> {
    const { insert, choices } = await complete(this.#line.before, await shell.sources());
    this.#line.insert(insert);
    if (insert === "" && choices.length > 1) {
      this.#term.write(`\r\n${this.#columns(choices)}`);
      this.#row = 0;
    }
    this.#draw();
  }

  #columns(names: string[]): string {
    const shown = names.slice(0, 200).map(visible);
    const width = Math.max(...shown.map(columns)) + 2;
    const across = Math.max(1, Math.floor(this.#term.cols / width));
    const pad = (name: string) => name + " ".repeat(width - columns(name));
    return shown.map((name, i) => pad(name) + ((i + 1) % across === 0 ? "\r\n" : "")).join("") + (shown.length % across === 0 ? "" : "\r\n");
  }

  #interrupt(): void {
    this.#term.write("^C\r\n");
    this.#unread(); // it was for the command
    this.#shell!.interrupt();
    this.#give(undefined);
  }

  // A line at a time, with the editing of a terminal in its cooked mode.
  #feed(key: string): void {
    const before = columns(this.#typed.text);
    const action = this.#typed.key(key);
    if (action.do === "draw") {
      const erase = before > 0 ? `\x1b[${before}D\x1b[K` : "";
      this.#term.write(erase + this.#typed.text.replaceAll("\n", ""));
    } else if (action.do === "submit") {
      this.#term.write("\r\n");
      this.#give(new TextEncoder().encode(`${action.text}\n`));
    } else if (action.do === "end") this.#give(undefined);
  }

  #give(line: Uint8Array | undefined): void {
    if (this.#reader) this.#reader(line);
    else this.#lines.push(line);
    this.#reader = undefined;
  }

  #read(): Promise<Uint8Array | undefined> {
    if (this.#lines.length > 0) return Promise.resolve(this.#lines.shift());
    return new Promise((resolve) => { this.#reader = resolve; });
  }
}
