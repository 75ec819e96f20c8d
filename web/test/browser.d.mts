import type { BrowserContext } from "playwright-core";

export const chromium: string | undefined;
export function launch(options?: object): Promise<{ context: BrowserContext; close(): Promise<void> }>;
