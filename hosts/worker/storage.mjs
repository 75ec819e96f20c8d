// What a Durable Object keeps of its sandbox: the request that made it, its files,
// and the state of its shell.

// A value of SQLite's may have 2 MB in a Durable Object.
const PIECE = 1 << 20;

const TABLES = `
  CREATE TABLE IF NOT EXISTS sandbox (made TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS file (name BLOB PRIMARY KEY, mode INTEGER NOT NULL, mtime TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS shell (n INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS piece (name BLOB, n INTEGER, data BLOB NOT NULL, PRIMARY KEY (name, n));`;

export class Storage {
  #storage;
  #sql;

  constructor(storage, id) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.id = id;
  }

  /** The body of the request that made the sandbox, or null. */
  made() {
    const [table] = this.#sql.exec("SELECT name FROM sqlite_master WHERE name = 'sandbox'");
    const [row] = table ? this.#sql.exec("SELECT made FROM sandbox") : [];
    return row?.made ?? null;
  }

  make(body) {
    this.#storage.transactionSync(() => {
      this.#sql.exec(TABLES);
      this.#sql.exec("INSERT INTO sandbox VALUES (?)", body);
    });
  }

  /** Makes all changes or none. */
  commit(changes) {
    this.#storage.transactionSync(() => {
      for (const change of changes) this.#change(change);
    });
  }

  #change({ name, deleted, mode, mtime, data }) {
    this.#sql.exec("DELETE FROM piece WHERE name = ?", name);
    this.#sql.exec("DELETE FROM file WHERE name = ?", name);
    if (deleted) return;
    this.#sql.exec("INSERT INTO file VALUES (?, ?, ?)", name, mode, mtime);
    pieces(data, (n, piece) => this.#sql.exec("INSERT INTO piece VALUES (?, ?, ?)", name, n, piece));
  }

  /** Keeps the state of the shell; none if it is empty. */
  keepShell(data) {
    this.#storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM shell");
      pieces(data, (n, piece) => this.#sql.exec("INSERT INTO shell VALUES (?, ?)", n, piece));
    });
  }

  /** The state of the shell, empty if there is none. */
  shell() {
    return joined(this.#sql.exec("SELECT data FROM shell ORDER BY n"));
  }

  /** All files but their data, in byte order of the names. */
  list() {
    const rows = this.#sql.exec("SELECT name, mode, mtime FROM file ORDER BY name").toArray();
    return rows.map(({ name, mode, mtime }) => ({ name: new Uint8Array(name), mode, mtime }));
  }

  /** The data of a file. */
  read(name) {
    return joined(this.#sql.exec("SELECT data FROM piece WHERE name = ? ORDER BY n", name));
  }

  /** Forgets all. */
  clear() {
    this.#storage.deleteAll();
  }
}

function pieces(data, put) {
  for (let at = 0; at < data.length; at += PIECE) put(at / PIECE, data.slice(at, at + PIECE));
}

function joined(rows) {
  const list = rows.toArray();
  const all = new Uint8Array(list.reduce((sum, { data }) => sum + data.byteLength, 0));
  let at = 0;
  for (const { data } of list) {
    all.set(new Uint8Array(data), at);
    at += data.byteLength;
  }
  return all;
}
