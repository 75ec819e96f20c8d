import type { Code, Programs } from "./protocol.js";
import type { AssetUrls } from "./types.js";
import { unpack } from "./unpack.js";

/** The files of the package. What was loaded once is not loaded again; what failed is. */
export class Assets {
  #defaults: AssetUrls;
  #open: (from: string | URL) => Promise<Response>;
  #loaded = new Map<string, Promise<unknown>>();

  /** open gets a file from where the platform has it. */
  constructor(defaults: AssetUrls, open: (from: string | URL) => Promise<Response>) {
    this.#defaults = defaults;
    this.#open = open;
  }

  /** The programs; `raw` is as in unpack. */
  async programs(urls: Partial<AssetUrls>, raw: boolean): Promise<Programs> {
    const from = urls.programs ?? this.#defaults.programs;
    const code = this.#once<Code>(`${raw} ${from}`, from, (file) => unpack(file.body!, raw));
    const [{ program, module, memory }, info] = await Promise.all([code, this.#info(urls)]);
    return { program, guest: { module, memory, info } };
  }

  /** The names of the commands, sorted. */
  async tools(urls: Partial<AssetUrls>): Promise<string[]> {
    const { commands = [] } = (await this.#info(urls)) as { commands?: string[] };
    return [...commands].sort();
  }

  #info({ tools = this.#defaults.tools }: Partial<AssetUrls>): Promise<unknown> {
    return this.#once(String(tools), tools, (file) => file.json());
  }

  #once<T>(key: string, from: string | URL, read: (file: Response) => Promise<T>): Promise<T> {
    let it = this.#loaded.get(key) as Promise<T> | undefined;
    if (!it) {
      it = this.#open(from).then(read);
      this.#loaded.set(key, it);
      it.catch(() => this.#loaded.delete(key));
    }
    return it;
  }
}
