// Keeps the files of the page, so that it opens without a network. The build fills in both constants.
const VERSION = "VERSION";
const FILES = ["FILES"];
const NAME = `playground-${VERSION}`;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("playground-") && name !== NAME);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

// A file's name changes with its content, so that the copy is as good as the file. The page itself is
// asked for anew, and its copy is for when there is no answer.
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept("./")));
  else event.respondWith(kept(request).then((it) => it ?? fetch(request)));
});

async function kept(request) {
  return (await caches.open(NAME)).match(request, { ignoreVary: true });
}
