import type { Reporter, TestModule } from "vitest/node";

/** Says in one plain line how the run ended, below what vitest has to say. */
export default class Closing implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      if (module.state() === "failed" && [...module.children.allTests()].length === 0) count.failed++; // it does not load
    }
    console.log(`web: ${count.passed} passed, ${count.failed + count.pending} failed, ${count.skipped} skipped`);
  }
}
