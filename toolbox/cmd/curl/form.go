package curl

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
)

// formPart is one part of a multipart form.
type formPart struct {
	name        string
	data        []byte
	filename    string
	isFile      bool
	contentType string
	headers     []string
	files       []formPart // of several in one part
}

// form reads NAME=TEXT, NAME=@FILE[,FILE...] and NAME=<FILE, each with
// ";type=", ";filename=" and ";headers=".
func (p *parser) form(v value) error {
	name, content, ok := strings.Cut(v.text, "=")
	if !ok {
		p.r.warn("Illegally formatted input field!")
		return errBadUse
	}
	c := p.op()
	if err := p.choose(kindForm); err != nil {
		return err
	}
	c.formSet = true
	switch {
	case strings.HasPrefix(content, "@"):
		return p.formFiles(name, content[1:])
	case strings.HasPrefix(content, "<"):
		file, rest := formWord(content[1:], ";")
		part := formPart{name: name}
		p.formAttributes(&part, rest)
		p.formContent(&part, file)
		c.form = append(c.form, part)
		return nil
	}
	text, rest := formWord(content, ";")
	part := formPart{name: name, data: []byte(text)}
	p.formAttributes(&part, rest)
	c.form = append(c.form, part)
	return nil
}

// formString takes the text as it is.
func (p *parser) formString(v value) error {
	name, content, ok := strings.Cut(v.text, "=")
	if !ok {
		p.r.warn("Illegally formatted input field!")
		return errBadUse
	}
	if err := p.choose(kindForm); err != nil {
		return err
	}
	p.op().formSet = true
	p.op().form = append(p.op().form, formPart{name: name, data: []byte(content)})
	return nil
}

func (p *parser) formFiles(name, rest string) error {
	group := formPart{name: name}
	for {
		var file string
		file, rest = formWord(rest, ";,")
		part := formPart{name: name, isFile: true, filename: path.Base(file)}
		rest = p.formAttributes(&part, rest)
		if part.contentType == "" {
			part.contentType = typeByName(file)
		}
		p.formContent(&part, file)
		group.files = append(group.files, part)
		if !strings.HasPrefix(rest, ",") {
			break
		}
		rest = rest[1:]
	}
	if len(group.files) == 1 {
		group = group.files[0]
	}
	p.op().form = append(p.op().form, group)
	return nil
}

// formContent reads the file of a part. What can't be read is found out by the
// transfer, as curl does.
func (p *parser) formContent(part *formPart, file string) {
	data, err := p.r.readFile(file)
	p.r.formMissing = p.r.formMissing || err != nil
	part.data = data
}

// formWord reads a value, in quotes or up to one of stops.
func formWord(s, stops string) (word, rest string) {
	if !strings.HasPrefix(s, `"`) {
		if at := strings.IndexAny(s, stops); at >= 0 {
			return strings.TrimRight(s[:at], " \t"), s[at:]
		}
		return s, ""
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '\\' || s[i+1] == '"'):
			i++
		case s[i] == '"':
			rest = s[i+1:]
			if at := strings.IndexAny(rest, stops); at >= 0 {
				return b.String(), rest[at:]
			}
			return b.String(), ""
		}
		b.WriteByte(s[i])
	}
	return s, "" // no closing quote: all of it is the value
}

func (p *parser) formAttributes(part *formPart, rest string) string {
	for strings.HasPrefix(rest, ";") {
		rest = strings.TrimLeft(rest[1:], " \t")
		key, after, ok := strings.Cut(rest, "=")
		var word string
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case ok && key == "type":
			word, rest = formType(after)
			part.contentType = word
		case ok && key == "filename":
			part.filename, rest = formWord(after, ";,")
			part.isFile = true
		case ok && key == "headers":
			word, rest = formWord(after, ";,")
			part.headers = append(part.headers, word)
		default:
			word, rest = formWord(rest, ";,")
			if word != "" {
				p.r.warn("skip unknown form field: %s", word)
			}
		}
	}
	return rest
}

// formType reads a content type, which may have parameters of its own.
func formType(s string) (contentType, rest string) {
	contentType, rest = formWord(s, ";,")
	for strings.HasPrefix(rest, ";") {
		lower := strings.ToLower(strings.TrimLeft(rest[1:], " \t"))
		if strings.HasPrefix(lower, "filename=") || strings.HasPrefix(lower, "headers=") || strings.HasPrefix(lower, "type=") || lower == "" {
			break
		}
		var parameter string
		parameter, rest = formWord(rest[1:], ";,")
		contentType += ";" + parameter
	}
	return contentType, rest
}

func typeByName(file string) string {
	switch strings.ToLower(path.Ext(file)) {
	case "":
		if file == "-" {
			return ""
		}
	case ".gif":
		return "image/gif"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain"
	case ".htm", ".html":
		return "text/html"
	case ".pdf":
		return "application/pdf"
	case ".xml":
		return "application/xml"
	}
	return "application/octet-stream"
}

// multipart puts the parts of a form together.
func multipart(parts []formPart, random io.Reader) (contentType string, body []byte) {
	boundary := newBoundary(random)
	var b bytes.Buffer
	for _, part := range parts {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, quoteParameter(part.name))
		if len(part.files) > 0 {
			part.contentType, part.data = mixed(part.files, random)
		}
		part.write(&b)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return "multipart/form-data; boundary=" + boundary, b.Bytes()
}

// mixed puts several files into one part.
func mixed(files []formPart, random io.Reader) (contentType string, body []byte) {
	boundary := newBoundary(random)
	var b bytes.Buffer
	for _, file := range files {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: attachment", boundary)
		file.write(&b)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return "multipart/mixed; boundary=" + boundary, b.Bytes()
}

func newBoundary(random io.Reader) string {
	token := make([]byte, 8)
	if random != nil {
		io.ReadFull(random, token)
	}
	return fmt.Sprintf("------------------------%x", token)
}

// write writes a part behind the start of its Content-Disposition.
func (part *formPart) write(b *bytes.Buffer) {
	if part.isFile {
		fmt.Fprintf(b, "; filename=\"%s\"", quoteParameter(part.filename))
	}
	b.WriteString("\r\n")
	if part.contentType != "" {
		fmt.Fprintf(b, "Content-Type: %s\r\n", part.contentType)
	}
	for _, h := range part.headers {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(part.data)
	b.WriteString("\r\n")
}

func quoteParameter(s string) string {
	return strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace(s)
}
