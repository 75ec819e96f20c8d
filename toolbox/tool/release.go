package tool

import "strings"

// releases are the programs that the commands stand beside, as the first line of
// their --version has it; NAME is the command's. Those not named here are coreutils'.
var releases = [...]struct{ commands, line string }{
	{"awk gawk", "GNU Awk 5.2.1, API 3.2"},
	{"bc", "bc 1.07.1"},
	{"bunzip2 bzcat bzip2", "bzip2, a block-sorting file compressor.  Version 1.0.8, 13-Jul-2019."},
	{"cmp diff diff3", "NAME (GNU diffutils) 3.8"},
	{"column getopt hd hexdump ionice more rev setsid uuidgen whereis", "NAME from util-linux 2.38.1"},
	{"curl", "curl 7.88.1"},
	{"dc", "dc (GNU bc 1.07.1) 1.4.1"},
	{"egrep fgrep grep", "grep (GNU grep) 3.8"},
	{"envsubst", "envsubst (GNU gettext-runtime) 0.21"},
	{"file", "file-5.44"},
	{"find xargs", "NAME (GNU findutils) 4.9.0"},
	{"free ps uptime watch", "NAME from procps-ng 4.0.2"},
	{"getconf iconv", "NAME (Debian GLIBC 2.36) 2.36"},
	{"gzip", "gzip 1.12"},
	{"gunzip zcat", "NAME (gzip) 1.12"},
	{"hostname", "hostname 3.23"},
	{"jq", "jq-1.6"},
	{"less", "less 590"},
	{"patch", "GNU patch 2.7.6"},
	{"rg", "ripgrep 13.0.0"},
	{"sed", "sed (GNU sed) 4.9"},
	{"strings", "GNU strings (GNU Binutils for Debian) 2.40"},
	{"tar", "tar (GNU tar) 1.34"},
	{"tree", "tree v2.1.0"},
	{"unxz xz xzcat", "xz (XZ Utils) 5.4.1"},
	{"unzip", "UnZip 6.00 of 20 April 2009, by Info-ZIP."},
	{"wget", "GNU Wget 1.21.3"},
	{"zip", "This is Zip 3.0 (July 5th 2008), by Info-ZIP."},
}

// release is what --version prints: the version whose behaviour a command has, since
// that is what scripts look for, and then whose command it is.
func release(name string) string {
	line := "NAME (GNU coreutils) 9.1"
	for _, r := range releases {
		for command := range strings.FieldsSeq(r.commands) {
			if command == name {
				line = r.line
			}
		}
	}
	return strings.Replace(line, "NAME", name, 1) + "\nThis is agent-sandbox's " + name + ", made to behave as that version does.\n"
}
