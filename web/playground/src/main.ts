import { Sandbox, type Session } from "agentsandbox";
import type { Sources } from "./complete.js";
import { at, make, save } from "./dom.js";
import { Editor } from "./editor.js";
import { showChanges, showUsage } from "./panes.js";
import { visible } from "./sanitize.js";
import { FILES, TRIES } from "./starters.js";
import { tar } from "./tar.js";
import { Console, type Shell, type Streams } from "./terminal.js";
import { Tree, collect } from "./tree.js";

const LIMITS = { timeout: 60_000, memory: 256 << 20 };
const STORE = "playground";
const BUILTINS = ["alias", "bg", "cd", "declare", "eval", "exec", "exit", "export", "help", "history", "let", "local", "read", "return", "set", "shift", "source", "time", "trap", "type", "ulimit", "unset", "wait"];

// What a phone's keyboard lacks.
const KEYS: Record<string, string> = { Tab: "\t", "^C": "\x03", "^D": "\x04", "↑": "\x1b[A", "↓": "\x1b[B", "←": "\x1b[D", "→": "\x1b[C" };

/** The page: one sandbox with one session, and the panes around it. */
class Page implements Shell {
  #sandbox!: Sandbox;
  #session!: Session;
  #tools: readonly string[] = [];
  #suspends = true;
  #running: AbortController | undefined;
  #theme = preferredTheme();
  #console = new Console(at("terminal"), this.#theme, stored("history", []));
  #tree = new Tree(at("tree"), (path) => void this.#show(path));
  #editor = new Editor(() => this.#sandbox, () => void this.#refresh(), () => this.#select(""));

  async start(): Promise<void> {
    this.#applyTheme();
    this.#bind();
    try {
      await this.#open();
      await this.#console.attach(this);
      this.#console.focus();
    } catch (err) {
      state("failed", message(err));
      this.#console.note(message(err));
    }
  }

  async #open(): Promise<void> {
    state("starting", "starting …");
    this.#sandbox = new Sandbox({ files: FILES, limits: LIMITS, persist: STORE, env: { TERM: "xterm-256color", CLICOLOR: "1" } });
    const { tools, suspends } = await this.#sandbox.ready();
    this.#session = await this.#sandbox.session();
    this.#tools = tools;
    this.#suspends = suspends;
    this.#ready();
    await this.#refresh();
  }

  #ready(): void {
    state("ready", `ready · ${this.#tools.length} tools`);
  }

  // Shell

  async run(script: string, { output, input }: Streams): Promise<void> {
    const session = this.#session;
    this.#running = new AbortController();
    state("starting", "running");
    try {
      const result = await session.exec(script, {
        onStdout: output, onStderr: output, terminal: true, signal: this.#running.signal, ...(this.#suspends && { stdin: input }),
      });
      showUsage(result, LIMITS);
      if (result.limit) this.#console.note(`ended at its limit of ${result.limit.kind}`);
      if (result.stdoutTruncated || result.stderrTruncated) this.#console.note("the output was cut at its limit");
      if (result.trap) this.#console.note(`ended by a trap: ${result.trap}`);
      if (result.exited) this.#console.note("the shell has ended; this is a new one, on the same files");
      else if (result.stateLost) this.#console.note("not all of the shell could be kept: its background jobs and redirections are gone");
      if (result.unsaved !== null) this.#console.note(`not kept: ${result.unsaved}`);
    } catch (err) {
      if (session === this.#session) this.#console.note(message(err));
    } finally {
      this.#running = undefined;
      this.#ready();
    }
    localStorage.setItem("history", JSON.stringify(this.#console.history));
    await this.#reopened.catch((err: unknown) => this.#console.note(message(err)));
    this.#try(() => this.#refresh()); // the prompt does not wait for the panes
  }

  interrupt(): void {
    if (this.#suspends) this.#running?.abort();
    else this.#reopened = this.#restart("this browser cannot interrupt a command: the sandbox was started again, with the files as they were before it");
  }

  #reopened: Promise<void> = Promise.resolve();

  async #restart(why: string): Promise<void> {
    const old = this.#sandbox;
    this.#session = undefined as unknown as Session; // its calls are no longer of interest
    old.kill();
    await this.#open();
    this.#console.note(why);
  }

  dir(): Promise<string> {
    return this.#session.dir();
  }

  async sources(): Promise<Sources> {
    return { commands: [...this.#tools, ...BUILTINS], dir: await this.dir(), list: (dir) => this.#sandbox.listDir(dir) };
  }

  // Panes

  async #refresh(): Promise<void> {
    await Promise.all([this.#tree.refresh(this.#sandbox), this.#editor.refresh()]);
    showChanges(await this.#sandbox.diff(), (path) => void this.#show(path));
  }

  async #show(path: string): Promise<void> {
    try {
      await this.#editor.open(path);
      this.#select(this.#editor.path);
      view("terminal");
    } catch (err) {
      this.#console.note(message(err));
    }
  }

  #select(path: string): void {
    this.#tree.selected = path;
    void this.#tree.refresh(this.#sandbox);
  }

  async #create(): Promise<void> {
    const path = prompt("Path of the new file, below /work")?.trim();
    if (!path) return;
    const exists = await this.#sandbox.readFile(path).then(() => true, () => false);
    if (!exists) await this.#sandbox.writeFile(path, "");
    await this.#refresh();
    await this.#show(path);
  }

  async #upload(files: Iterable<File>): Promise<void> {
    for (const file of files) await this.#sandbox.writeFile(file.name, await file.arrayBuffer());
    await this.#refresh();
  }

  async #reset(): Promise<void> {
    if (!confirm("Remove every file in /work and start again?")) return;
    this.#editor.close();
    await this.#sandbox.destroy();
    indexedDB.deleteDatabase(`agentsandbox:${STORE}`);
    location.reload();
  }

  // Controls

  #bind(): void {
    const picker = at<HTMLInputElement>("picker");
    at("upload").onclick = () => picker.click();
    picker.onchange = () => this.#try(() => this.#upload(picker.files ?? []));
    at("create").onclick = () => this.#try(() => this.#create());
    at("reset").onclick = () => this.#try(() => this.#reset());
    at("download").onclick = () => this.#try(async () => save("work.tar", tar(await collect(this.#sandbox), Math.floor(Date.now() / 1000))));
    at("theme").onclick = () => {
      this.#theme = this.#theme === "dark" ? "light" : "dark";
      localStorage.setItem("theme", JSON.stringify(this.#theme));
      this.#applyTheme();
    };
    at("tries").append(...TRIES.map((command) => button(command, () => this.#console.enter(command))));
    at("keys").append(...Object.entries(KEYS).map(([name, key]) => button(name, () => this.#console.press(key))));
    at("hide").onclick = () => {
      at("start").hidden = true;
      localStorage.setItem("hide", "true");
    };
    at("start").hidden = stored("hide", false);
    for (const tab of document.querySelectorAll<HTMLElement>("nav [data-show]")) tab.onclick = () => view(tab.dataset["show"]!);
    view("terminal");
    this.#bindDrop();
  }

  #bindDrop(): void {
    const overlay = at("drop");
    const over = (shown: boolean) => (event: DragEvent) => {
      event.preventDefault();
      overlay.hidden = !shown;
    };
    addEventListener("dragover", over(true));
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) overlay.hidden = true; });
    addEventListener("drop", (event) => {
      over(false)(event);
      this.#try(() => this.#upload(event.dataTransfer?.files ?? []));
    });
  }

  #try(action: () => Promise<void>): void {
    action().catch((err: unknown) => this.#console.note(message(err)));
  }

  #applyTheme(): void {
    document.documentElement.dataset["theme"] = this.#theme;
    this.#console.theme = this.#theme;
  }
}

function button(text: string, onclick: () => void): HTMLElement {
  const element = make("button", "", text);
  element.onclick = onclick;
  return element;
}

function view(name: string): void {
  document.body.dataset["view"] = name;
  for (const tab of document.querySelectorAll<HTMLElement>("nav [data-show]")) tab.setAttribute("aria-current", String(tab.dataset["show"] === name));
}

function state(is: "starting" | "ready" | "failed", text: string): void {
  at("state").dataset["is"] = is;
  at("state").textContent = text;
}

function stored<T>(key: string, otherwise: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as T | null) ?? otherwise;
  } catch {
    return otherwise; // it is not ours
  }
}

function preferredTheme(): "dark" | "light" {
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  return stored<string>("theme", system) === "light" ? "light" : "dark";
}

const message = (err: unknown): string => visible(err instanceof Error ? err.message : String(err));

void new Page().start();
if ("serviceWorker" in navigator && import.meta.env.PROD) void navigator.serviceWorker.register("./sw.js").catch(() => undefined);
