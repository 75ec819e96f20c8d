//go:build !wasip1

package main

import (
	"fmt"
	"os"
)

// main lists the commands for the build, which makes an image of the guest.
func main() {
	for _, c := range table {
		fmt.Fprintln(os.Stdout, c.Name)
	}
}
