// Starts workerd with the Worker, on loopback.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { createRequire } from "node:module";

const binary = createRequire(import.meta.url)("workerd").default;

/**
 * Starts one. bundle is the folder of the modules, objects the one of the
 * objects' storage. The result has url and stop().
 */
export async function workerd({ bundle, objects, token = "", origins = "" }) {
  const args = ["serve", "--experimental", join(bundle, "config.capnp"), "--control-fd=3", "--verbose",
    "--socket-addr=http=127.0.0.1:0", `--directory-path=objects=${objects}`];
  const child = spawn(binary, args, {
    env: { ...process.env, AGENT_SANDBOX_TOKEN: token, AGENT_SANDBOX_ORIGINS: origins },
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const exited = once(child, "exit");
  const port = await Promise.race([listening(child.stdio[3]), exited.then(() => { throw new Error("workerd did not start"); })]);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

async function listening(stream) {
  for await (const line of createInterface({ input: stream })) {
    const { event, socket, port } = JSON.parse(line);
    if (event === "listen" && socket === "http") return port;
  }
  throw new Error("workerd said nothing");
}
