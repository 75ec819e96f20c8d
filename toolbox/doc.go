// Command toolbox is the guest: the shell and the commands, built for
// GOOS=wasip1 as a reactor (-buildmode=c-shared).
//
// The host calls the export "run" once per command, or "session" again and
// again for a shell that lives on; each call asks for its arguments and
// environment afresh, since what the program's own start saw is frozen in the
// image (see core/image). The name of the command is TOOLBOX_CMD, or argv[0].
package main
