import type { Change, ExecResult, Limits } from "agentsandbox";
import { at, make, size } from "./dom.js";

const MARKS: Record<Change["kind"], string> = { created: "+", modified: "~", deleted: "−" };

/** Shows what differs from the start. */
export function showChanges(changes: readonly Change[], onFile: (path: string) => void): void {
  at("count").textContent = String(changes.length);
  const rows = changes.map(({ path, kind, directory }) => {
    const button = make("button", "", make("span", "mark", MARKS[kind]), make("span", "label", directory ? `${path}/` : path));
    button.dataset["kind"] = kind;
    button.title = `${kind}: ${path}`;
    if (kind !== "deleted" && !directory) button.onclick = () => onFile(path);
    return make("li", "", button);
  });
  at("diff").replaceChildren(...(rows.length > 0 ? rows : [make("li", "empty", "nothing yet")]));
}

/** Shows what a command used, beside its limits. */
export function showUsage({ exitCode, usage, limit }: ExecResult, limits: Required<Pick<Limits, "timeout" | "memory">>): void {
  at("exit").textContent = limit ? `${exitCode} (limit: ${limit.kind})` : String(exitCode);
  at("exit").toggleAttribute("data-bad", exitCode !== 0);
  at("ms").textContent = `${usage.wallMs < 10 ? usage.wallMs.toFixed(1) : Math.round(usage.wallMs)} ms of ${limits.timeout / 1000} s`;
  at("memory").textContent = `${size(usage.peakMemory)} of ${size(limits.memory)}`;
  at("fuel").textContent = usage.fuel.toLocaleString("en");
  at("written").textContent = size(usage.bytesWritten);
  at<HTMLMeterElement>("ms-bar").value = usage.wallMs / limits.timeout;
  at<HTMLMeterElement>("memory-bar").value = usage.peakMemory / limits.memory;
}
