import type { BrowserContext } from "playwright-core";

export function launch(options?: object): Promise<{ context: BrowserContext; close(): Promise<void> }>;
