// Go's own glue, which is copied beside this at build time; it sets globalThis.Go.
export {};
