# The Worker in plain workerd:
#   AGENT_SANDBOX_TOKEN=… workerd serve --experimental config.capnp --directory-path=objects=/var/lib/agent-sandbox

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "objects", disk = (path = "objects", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "program.mjs", esModule = embed "program.mjs"),
    (name = "storage.mjs", esModule = embed "storage.mjs"),
    (name = "glue.mjs", esModule = embed "glue.mjs"),
    (name = "guest.mjs", esModule = embed "guest.mjs"),
    (name = "wasm_exec.js", esModule = embed "wasm_exec.js"),
    (name = "program.wasm", wasm = embed "program.wasm"),
    (name = "guest.wasm", wasm = embed "guest.wasm"),
    (name = "bridge.wasm", wasm = embed "bridge.wasm"),
    (name = "memory.bin", data = embed "memory.bin"),
    (name = "guest.json", text = embed "guest.json"),
    (name = "openapi.json", text = embed "openapi.json"),
  ],
  compatibilityDate = "2026-01-01",
  bindings = [
    (name = "TOKEN", fromEnvironment = "AGENT_SANDBOX_TOKEN"),
    (name = "ORIGINS", fromEnvironment = "AGENT_SANDBOX_ORIGINS"),
    (name = "IDLE_MINUTES", fromEnvironment = "AGENT_SANDBOX_IDLE_MINUTES"),
    (name = "MEMORY_MB", fromEnvironment = "AGENT_SANDBOX_MEMORY_MB"),
    (name = "NET_POLICY", fromEnvironment = "AGENT_SANDBOX_NET_POLICY"),
    (name = "SECRET", fromEnvironment = "AGENT_SANDBOX_SECRET"),
    (name = "SANDBOX", durableObjectNamespace = "SandboxObject"),
  ],
  durableObjectNamespaces = [(className = "SandboxObject", uniqueKey = "agent-sandbox", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
);
