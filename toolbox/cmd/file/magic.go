package file

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"agentsandbox/toolbox/strftime"
)

// kind is what data is, in words and as MIME type and encoding.
type kind struct{ text, mime, charset string }

// show writes a kind in the form that was asked for.
func (k kind) show(mimeType, encoding bool) string {
	switch {
	case mimeType && encoding:
		return k.mime + "; charset=" + k.charset
	case mimeType:
		return k.mime
	case encoding:
		return k.charset
	}
	return k.text
}

func binaryKind(text, mime string) kind { return kind{text, mime, "binary"} }

// ofData finds out what data is.
func ofData(b []byte) kind {
	if len(b) == 0 {
		return binaryKind("empty", "inode/x-empty")
	}
	for _, s := range signatures {
		if len(b) >= s.at+len(s.magic) && string(b[s.at:s.at+len(s.magic)]) == s.magic {
			return s.kind(b)
		}
	}
	if k, ok := ofText(b); ok {
		return k
	}
	return binaryKind("data", "application/octet-stream")
}

// signature is what a format has at a certain place.
type signature struct {
	at    int
	magic string
	kind  func(b []byte) kind
}

func fixed(text, mime string) func([]byte) kind {
	return func([]byte) kind { return binaryKind(text, mime) }
}

var signatures = []signature{
	{0, "\x1f\x8b", gzipKind},
	{0, "BZh", bzip2Kind},
	{0, "\xfd7zXZ\x00", fixed("XZ compressed data, checksum CRC64", "application/x-xz")},
	{0, "\x28\xb5\x2f\xfd", fixed("Zstandard compressed data (v0.8+), Dictionary ID: None", "application/zstd")},
	{0, "\x04\x22\x4d\x18", fixed("LZ4 compressed data (v1.4+)", "application/x-lz4")},
	{0, "7z\xbc\xaf\x27\x1c", fixed("7-zip archive data, version 0.4", "application/x-7z-compressed")},
	{0, "Rar!\x1a\x07", fixed("RAR archive data", "application/x-rar")},
	{0, "PK\x03\x04", zipKind},
	{0, "PK\x05\x06", fixed("Zip archive data (empty)", "application/zip")},
	{257, "ustar  \x00", fixed("POSIX tar archive (GNU)", "application/x-tar")},
	{257, "ustar\x00", fixed("POSIX tar archive", "application/x-tar")},
	{0, "\x89PNG\r\n\x1a\n", pngKind},
	{0, "GIF8", gifKind},
	{0, "\xff\xd8\xff", jpegKind},
	{0, "BM", bitmapKind},
	{8, "WEBP", fixed("RIFF (little-endian) data, Web/P image", "image/webp")},
	{8, "WAVE", fixed("RIFF (little-endian) data, WAVE audio", "audio/x-wav")},
	{0, "ID3", fixed("Audio file with ID3 version 2", "audio/mpeg")},
	{0, "OggS", fixed("Ogg data", "application/ogg")},
	{4, "ftyp", fixed("ISO Media, MP4", "video/mp4")},
	{0, "%PDF-", pdfKind},
	{0, "\x7fELF", elfKind},
	{0, "\x00asm", wasmKind},
	{0, "MZ", fixed("MS-DOS executable", "application/x-dosexec")},
	{0, "\xca\xfe\xba\xbe", fixed("compiled Java class data", "application/x-java-applet")},
	{0, "SQLite format 3\x00", fixed("SQLite 3.x database", "application/vnd.sqlite3")},
	{0, "!<arch>\n", fixed("current ar archive", "application/x-archive")},
	{0, "\x1bLua", fixed("Lua bytecode", "application/octet-stream")},
	{0, "wOFF", fixed("Web Open Font Format", "font/woff")},
	{0, "wOF2", fixed("Web Open Font Format (Version 2)", "font/woff2")},
}

func gzipKind(b []byte) kind {
	text := "gzip compressed data"
	if len(b) > 10 && b[3]&8 != 0 {
		if name, _, ok := bytes.Cut(b[10:], []byte{0}); ok {
			text += fmt.Sprintf(", was %q", name)
		}
	}
	if len(b) >= 18 && len(b) < maxRead {
		if at := binary.LittleEndian.Uint32(b[4:]); at != 0 {
			text += ", last modified: " + strftime.Format("%a %b %e %H:%M:%S %Y", time.Unix(int64(at), 0).UTC())
		}
		if b[9] == 3 {
			text += ", from Unix"
		}
		text += fmt.Sprintf(", original size modulo 2^32 %d", binary.LittleEndian.Uint32(b[len(b)-4:]))
	}
	return binaryKind(text, "application/gzip")
}

func bzip2Kind(b []byte) kind {
	text := "bzip2 compressed data"
	if len(b) > 3 && b[3] >= '1' && b[3] <= '9' {
		text += fmt.Sprintf(", block size = %c00k", b[3])
	}
	return binaryKind(text, "application/x-bzip2")
}

func zipKind(b []byte) kind {
	if len(b) < 30 {
		return binaryKind("Zip archive data", "application/zip")
	}
	method := "deflate"
	if binary.LittleEndian.Uint16(b[8:]) == 0 {
		method = "store"
	}
	return binaryKind(fmt.Sprintf("Zip archive data, at least v%d.%d to extract, compression method=%s", b[4]/10, b[4]%10, method), "application/zip")
}

func pngKind(b []byte) kind {
	if len(b) < 29 {
		return binaryKind("PNG image data", "image/png")
	}
	color := map[byte]string{0: " grayscale", 2: "/color RGB", 3: " colormap", 4: " gray+alpha", 6: "/color RGBA"}[b[25]]
	interlace := "non-interlaced"
	if b[28] == 1 {
		interlace = "interlaced"
	}
	return binaryKind(fmt.Sprintf("PNG image data, %d x %d, %d-bit%s, %s", binary.BigEndian.Uint32(b[16:]), binary.BigEndian.Uint32(b[20:]), b[24], color, interlace), "image/png")
}

func gifKind(b []byte) kind {
	if len(b) < 10 {
		return binaryKind("GIF image data", "image/gif")
	}
	return binaryKind(fmt.Sprintf("GIF image data, version %s, %d x %d", b[3:6], binary.LittleEndian.Uint16(b[6:]), binary.LittleEndian.Uint16(b[8:])), "image/gif")
}

func jpegKind(b []byte) kind {
	text := "JPEG image data"
	if len(b) > 17 && string(b[6:10]) == "JFIF" {
		unit := map[byte]string{0: "aspect ratio", 1: "resolution (DPI)", 2: "resolution (DPCM)"}[b[13]]
		text += fmt.Sprintf(", JFIF standard %d.%02d, %s, density %dx%d, segment length %d", b[11], b[12], unit,
			binary.BigEndian.Uint16(b[14:]), binary.BigEndian.Uint16(b[16:]), binary.BigEndian.Uint16(b[4:]))
	}
	return binaryKind(text, "image/jpeg")
}

func bitmapKind(b []byte) kind {
	if len(b) < 30 || binary.LittleEndian.Uint32(b[14:]) != 40 {
		if k, ok := ofText(b); ok {
			return k
		}
		return binaryKind("data", "application/octet-stream")
	}
	return binaryKind(fmt.Sprintf("PC bitmap, Windows 3.x format, %d x %d x %d", int32(binary.LittleEndian.Uint32(b[18:])),
		int32(binary.LittleEndian.Uint32(b[22:])), binary.LittleEndian.Uint16(b[28:])), "image/bmp")
}

func pdfKind(b []byte) kind {
	version, _, _ := bytes.Cut(b[5:min(len(b), 16)], []byte{'\n'})
	charset := "binary"
	if k, ok := ofText(b); ok {
		charset = k.charset
	}
	return kind{"PDF document, version " + string(bytes.TrimSpace(version)), "application/pdf", charset}
}

func wasmKind(b []byte) kind {
	if len(b) < 8 {
		return binaryKind("data", "application/octet-stream")
	}
	version := binary.LittleEndian.Uint32(b[4:])
	text := fmt.Sprintf("WebAssembly (wasm) binary module version %#x", version)
	if version == 1 {
		text += " (MVP)"
	}
	return binaryKind(text, "application/wasm")
}

func elfKind(b []byte) kind {
	if len(b) < 20 {
		return binaryKind("ELF", "application/octet-stream")
	}
	var order binary.ByteOrder = binary.LittleEndian
	bits, end := "32-bit", "LSB"
	if b[4] == 2 {
		bits = "64-bit"
	}
	if b[5] == 2 {
		order, end = binary.BigEndian, "MSB"
	}
	types := map[uint16][2]string{
		1: {"relocatable", "application/x-object"}, 2: {"executable", "application/x-executable"},
		3: {"shared object", "application/x-sharedlib"}, 4: {"core file", "application/x-coredump"},
	}
	machines := map[uint16]string{3: "Intel 80386", 40: "ARM, EABI5", 62: "x86-64", 183: "ARM aarch64", 243: "UCB RISC-V"}
	typ := types[order.Uint16(b[16:])]
	return binaryKind(fmt.Sprintf("ELF %s %s %s, %s, version 1 (SYSV)", bits, end, typ[0], machines[order.Uint16(b[18:])]), typ[1])
}
