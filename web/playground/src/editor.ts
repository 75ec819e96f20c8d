import type { Sandbox } from "agentsandbox";
import { at, save } from "./dom.js";
import { visible } from "./sanitize.js";

// Above this a textarea is no pleasure.
const LARGEST = 1 << 20;

/** The pane that shows a file and writes it. */
export class Editor {
  #pane = at("editor");
  #text = at<HTMLTextAreaElement>("text");
  #binary = at("binary");
  #saved = "";
  #path = "";
  #data = new Uint8Array();
  #sandbox: () => Sandbox;
  #onSaved: () => void;

  /** onSaved is told when a file was written, onClosed when the pane was closed. */
  constructor(sandbox: () => Sandbox, onSaved: () => void, onClosed: () => void) {
    this.#sandbox = sandbox;
    this.#onSaved = onSaved;
    at("save").onclick = () => void this.save();
    at("fetch").onclick = () => save(this.#path.split("/").at(-1)!, new Blob([this.#data as BlobPart]));
    at("close").onclick = () => {
      if (this.close()) onClosed();
    };
    this.#text.oninput = () => this.#mark();
    this.#text.onkeydown = (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void this.save();
    };
  }

  /** The file that is shown; "" if none is. */
  get path(): string {
    return this.#path;
  }

  /** Shows a file, unless what is shown is edited and should stay. */
  async open(path: string): Promise<void> {
    if (path !== this.#path && !this.close()) return;
    await this.#read(path);
    this.#pane.hidden = false;
  }

  /** Shows what a command wrote to the file, unless it is being edited. */
  async refresh(): Promise<void> {
    if (this.#path !== "" && !this.#edited) await this.#read(this.#path).catch(() => this.close());
  }

  async #read(path: string): Promise<void> {
    this.#data = (await this.#sandbox().readFile(path)) as Uint8Array<ArrayBuffer>;
    const text = decoded(this.#data);
    this.#path = path;
    at("name").textContent = visible(path);
    this.#text.hidden = text === undefined;
    this.#binary.hidden = text !== undefined;
    this.#binary.textContent = `${this.#data.length} bytes that are not text, or too many to edit here. Download it, or look at it in the terminal.`;
    if (text !== this.#saved || this.#text.value !== text) this.#text.value = text ?? "";
    this.#saved = this.#text.value; // as the textarea normalises it
    this.#mark();
  }

  async save(): Promise<void> {
    if (this.#path === "" || this.#text.hidden) return;
    const text = this.#text.value;
    await this.#sandbox().writeFile(this.#path, text);
    this.#data = new TextEncoder().encode(text);
    this.#saved = text;
    this.#mark();
    this.#onSaved();
  }

  /** Hides the pane. False if the person wants to go on editing. */
  close(): boolean {
    if (this.#edited && !confirm(`Leave ${visible(this.#path)} without saving?`)) return false;
    this.#path = "";
    this.#saved = this.#text.value = "";
    this.#pane.hidden = true;
    this.#mark();
    return true;
  }

  get #edited(): boolean {
    return this.#path !== "" && this.#text.value !== this.#saved;
  }

  #mark(): void {
    at("dirty").hidden = !this.#edited;
    at<HTMLButtonElement>("save").disabled = !this.#edited;
  }
}

// The text of a file that an editor may write back: valid UTF-8 without NUL, and line ends that a textarea keeps.
function decoded(data: Uint8Array): string | undefined {
  if (data.length > LARGEST || data.includes(0) || data.includes(13)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return undefined;
  }
}
