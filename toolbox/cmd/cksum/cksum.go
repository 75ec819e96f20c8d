/*
Package cksum writes checksums of files, or verifies them.

	cksum [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-a, --algorithm=TYPE  sysv, bsd, crc (the default), md5, sha1, sha224,
	                      sha256, sha384, sha512, blake2b
	-l, --length=BITS     the length of a sum of blake2b
	-c, --check           read checksums from the FILEs and verify them
	    --tag             write lines in BSD style (the default of digests)
	    --untagged        write lines without the name of the algorithm
	-z, --zero            end lines with NUL, and do not escape names

With -c:

	    --ignore-missing  pass over files that are not there
	    --quiet           do not write OK for each file
	    --status          write nothing; the exit status says it
	    --strict          fail on lines that are not well formed
	-w, --warn            report lines that are not well formed

sum writes checksums of 16 bits, and counts blocks:

	sum [-r | -s] [FILE]...

	-r          of 1024 bytes, as BSD did (the default)
	-s, --sysv  of 512 bytes, as System V did
*/
package cksum

import (
	"bufio"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"
	"slices"
	"strconv"

	"agentsandbox/toolbox/digest"
	"agentsandbox/toolbox/digest/blake2b"
	"agentsandbox/toolbox/tool"
)

// names lists the algorithms as --algorithm takes them; the first three are
// no digests.
var names = []string{"bsd", "sysv", "crc", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b"}

func digests() []digest.Algorithm {
	return []digest.Algorithm{
		{Tag: "MD5", Size: md5.Size, New: md5.New},
		{Tag: "SHA1", Size: sha1.Size, New: sha1.New},
		{Tag: "SHA224", Size: sha256.Size224, New: sha256.New224},
		{Tag: "SHA256", Size: sha256.Size, New: sha256.New},
		{Tag: "SHA384", Size: sha512.Size384, New: sha512.New384},
		{Tag: "SHA512", Size: sha512.Size, New: sha512.New},
		sized(blake2b.Size),
	}
}

// sized is BLAKE2b with sums of size bytes.
func sized(size int) digest.Algorithm {
	tag := "BLAKE2b"
	if size != blake2b.Size {
		tag += "-" + strconv.Itoa(8*size)
	}
	return digest.Algorithm{Tag: tag, Size: size, New: func() hash.Hash { return blake2b.New(size) }, Sized: sized}
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	if x.Name == "sum" {
		return runSum(ctx, x)
	}
	o := digest.Options{Tagged: true}
	algorithm, check := -1, false
	f := tool.NewFlags(x)
	f.Func('a', "algorithm", func(s string) (err error) {
		var choices []tool.Choice
		for _, name := range names {
			choices = append(choices, tool.Choice{name})
		}
		algorithm, err = f.Pick("--algorithm", s, choices)
		return err
	})
	length := 0
	f.Func('l', "length", func(v string) error {
		n, err := tool.ParseSize(v, "")
		if err != nil || n%8 != 0 || n > 8*blake2b.Size {
			x.Errorf("invalid length: %s", tool.Quote(v))
			return x.Fail(1, "length is not a multiple of 8")
		}
		length = int(n / 8)
		return nil
	})
	f.BoolVar(&check, true, 'c', "check")
	f.BoolVar(&o.Tagged, true, 0, "tag")
	f.BoolVar(&o.Tagged, false, 0, "untagged")
	f.BoolVar(&o.Zero, true, 'z', "zero")
	o.Verifying(f)
	files, err := f.Parse()
	if err != nil {
		return err
	}
	if algorithm > 2 {
		o.Algorithm = digests()[algorithm-3]
	}
	if length > 0 {
		if o.Sized == nil {
			return x.Fail(1, "--length is only supported with --algorithm=blake2b")
		}
		o.Algorithm = sized(length)
	}
	switch {
	case check && algorithm >= 0 && algorithm <= 2:
		return x.Fail(1, "--check is not supported with --algorithm={bsd,sysv,crc}")
	case check && o.Zero:
		return f.Errorf("the --zero option is not supported when verifying checksums")
	case check:
		if algorithm < 0 {
			o.ByTag = byTag
		}
		return o.Check(ctx, x, files)
	}
	if err := o.Misplaced(f); err != nil {
		return err
	}
	if algorithm > 2 {
		return o.Print(ctx, x, files)
	}
	if algorithm < 0 {
		algorithm = slices.Index(names, "crc")
	}
	return plain(ctx, x, names[algorithm], files, o.Zero)
}

// runSum runs the command sum.
func runSum(ctx context.Context, x *tool.Exec) error {
	algorithm := "bsd"
	f := tool.NewFlags(x)
	f.Switch('r', "", func() { algorithm = "bsd" })
	f.Switch('s', "sysv", func() { algorithm = "sysv" })
	files, err := f.Parse()
	if err != nil {
		return err
	}
	return plain(ctx, x, algorithm, files, false)
}

func byTag(tag string) (digest.Algorithm, bool) {
	for _, a := range digests() {
		if a.Tag == tag {
			return a, true
		}
	}
	return digest.Algorithm{}, false
}

// plain writes the checksums that are no digests, with the size of each file.
func plain(ctx context.Context, x *tool.Exec, algorithm string, files []string, zero bool) error {
	end := byte('\n')
	if zero {
		end = 0
	}
	w := x.Writer()
	unnamed := len(files) == 0
	err := x.EachInput(w, files, func(name string, f *tool.File) error {
		s := sum{algorithm: algorithm, table: table()}
		if err := tool.Blocks(ctx, f, s.block); err != nil {
			return err
		}
		s.print(w)
		if !unnamed {
			w.WriteString(" " + name)
		}
		return w.WriteByte(end)
	})
	if flushErr := w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

// sum is a checksum under way.
type sum struct {
	algorithm string
	table     *[256]uint32
	value     uint32
	size      uint64
}

func (s *sum) block(block []byte) error {
	s.size += uint64(len(block))
	v := s.value
	switch s.algorithm {
	case "crc":
		for _, c := range block {
			v = v<<8 ^ s.table[byte(v>>24)^c]
		}
	case "sysv":
		for _, c := range block {
			v += uint32(c)
		}
	case "bsd":
		for _, c := range block {
			v = (v>>1 | v<<15) & 0xffff
			v = (v + uint32(c)) & 0xffff
		}
	}
	s.value = v
	return nil
}

func (s *sum) print(w *bufio.Writer) {
	switch s.algorithm {
	case "crc":
		v := s.value
		for n := s.size; n > 0; n >>= 8 {
			v = v<<8 ^ s.table[byte(v>>24)^byte(n)]
		}
		fmt.Fprintf(w, "%d %d", ^v, s.size)
	case "sysv":
		v := s.value&0xffff + s.value>>16
		v = v&0xffff + v>>16
		fmt.Fprintf(w, "%d %d", v, (s.size+511)/512)
	case "bsd":
		fmt.Fprintf(w, "%05d %5d", s.value, (s.size+1023)/1024)
	}
}

// table is the table of POSIX's CRC, which takes the highest bit first.
func table() *[256]uint32 {
	const polynomial = 0x04c11db7
	var t [256]uint32
	for i := range t {
		v := uint32(i) << 24
		for range 8 {
			carry := v >> 31
			v <<= 1
			if carry != 0 {
				v ^= polynomial
			}
		}
		t[i] = v
	}
	return &t
}
