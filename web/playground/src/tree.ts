import type { DirEntry, Sandbox } from "agentsandbox";
import { make, size } from "./dom.js";
import type { TarEntry } from "./tar.js";

/** The file system of /work as a tree; folders open and close, files are opened by who is told. */
export class Tree {
  #list: HTMLElement;
  #open = new Set<string>(["data", "src"]);
  #onFile: (path: string) => void;

  /** The path that is shown as selected. */
  selected = "";

  constructor(list: HTMLElement, onFile: (path: string) => void) {
    this.#list = list;
    this.#onFile = onFile;
  }

  /** Shows the tree as it is now. */
  async refresh(sandbox: Sandbox): Promise<void> {
    const items = await this.#items(sandbox, "", 0);
    this.#list.replaceChildren(...(items.length > 0 ? items : [make("li", "empty", "nothing yet")]));
  }

  async #items(sandbox: Sandbox, dir: string, depth: number): Promise<HTMLElement[]> {
    const entries = await sandbox.listDir(dir).catch(() => []);
    entries.sort((a, b) => Number(b.type === "directory") - Number(a.type === "directory") || (a.name < b.name ? -1 : 1));
    const rows = entries.map(async (entry) => {
      const path = dir === "" ? entry.name : `${dir}/${entry.name}`;
      const row = this.#row(sandbox, entry, path, depth);
      return this.#open.has(path) && entry.type === "directory" ? [row, ...(await this.#items(sandbox, path, depth + 1))] : [row];
    });
    return (await Promise.all(rows)).flat();
  }

  #row(sandbox: Sandbox, { name, type, size: bytes }: DirEntry, path: string, depth: number): HTMLElement {
    const isDir = type === "directory";
    const button = make("button", "", make("span", "icon", isDir ? (this.#open.has(path) ? "▾" : "▸") : type === "symlink" ? "↗" : "·"), make("span", "label", name));
    if (!isDir) button.append(make("span", "size", size(bytes)));
    button.dataset["type"] = type;
    button.dataset["path"] = path;
    button.title = path;
    button.style.paddingLeft = `${0.45 + depth * 0.9}rem`;
    button.setAttribute("role", "treeitem");
    button.setAttribute("aria-selected", String(path === this.selected));
    button.onclick = () => (isDir ? this.#toggle(sandbox, path) : this.#onFile(path));
    return make("li", "", button);
  }

  #toggle(sandbox: Sandbox, path: string): void {
    if (!this.#open.delete(path)) this.#open.add(path);
    void this.refresh(sandbox);
  }
}

/** Every file below a directory, for an archive. */
export async function collect(sandbox: Sandbox, dir = ""): Promise<TarEntry[]> {
  const out: TarEntry[] = [];
  for (const { name, type, mode } of await sandbox.listDir(dir)) {
    const path = dir === "" ? name : `${dir}/${name}`;
    if (type === "directory") out.push(...(await collect(sandbox, path)));
    else if (type === "file") out.push({ path, mode, data: await sandbox.readFile(path) });
  }
  return out;
}
