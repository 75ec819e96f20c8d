//go:build !wasip1

package main

import (
	"fmt"
	"os"

	"agentsandbox/toolbox/cmd"
)

// main lists the commands for the build, which makes an image of the guest.
func main() {
	for _, c := range cmd.Table {
		fmt.Fprintln(os.Stdout, c.Name)
	}
}
