// Command worker is the HTTP API of the sandbox as a program for a Cloudflare
// Worker: built for GOOS=js, started by worker.mjs. README.md says how it is run.
package main
