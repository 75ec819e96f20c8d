// Serves a folder of static files on localhost: node serve.mjs FOLDER [PORT]. A file that lies there compressed, as NAME.br, is sent
// so to who takes that. The tests use it as a module.
import { createReadStream, existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
  ".json": "application/json", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json",
};

/** Starts the server, and returns it with its URL. Port 0 takes a free one; headers are added to every answer. */
export async function serve(folder, port = 0, headers = {}) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    answer(root, request, response, headers).catch(() => response.writeHead(404).end("not found\n"));
  });
  await new Promise((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
  return { server, url: `http://localhost:${server.address().port}/` };
}

async function answer(root, request, response, headers) {
  const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  const file = join(root, normalize(path), path.endsWith("/") ? "index.html" : "");
  if (!file.startsWith(root + sep)) throw new Error("outside of the folder");
  const fixed = path.includes("/assets/");
  const small = /\bbr\b/.test(request.headers["accept-encoding"] ?? "") && existsSync(`${file}.br`);
  const sent = small ? `${file}.br` : file;
  const { size } = await stat(sent);
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-length": size,
    "cache-control": fixed ? "max-age=31536000, immutable" : "no-cache",
    "x-content-type-options": "nosniff",
    ...headers,
    ...(small && { "content-encoding": "br", vary: "accept-encoding" }),
  });
  createReadStream(sent).pipe(response);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { url } = await serve(process.argv[2] ?? ".", Number(process.argv[3] ?? 8080));
  console.log(url);
}
