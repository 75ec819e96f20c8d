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
	c.formSet = true
	switch {
	case strings.HasPrefix(content, "@"):
		return p.formFiles(name, content[1:])
	case strings.HasPrefix(content, "<"):
		file, rest := formWord(content[1:], ";")
		part := formPart{name: name}
		p.formAttributes(&part, rest)
		return p.formContent(&part, file)
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
	p.op().formSet = true
	p.op().form = append(p.op().form, formPart{name: name, data: []byte(content)})
	return nil
}

func (p *parser) formFiles(name, rest string) error {
	for {
		var file string
		file, rest = formWord(rest, ";,")
		part := formPart{name: name, isFile: true, filename: path.Base(file)}
		rest = p.formAttributes(&part, rest)
		if part.contentType == "" {
			part.contentType = typeByName(file)
		}
		if err := p.formContent(&part, file); err != nil {
			return err
		}
		if !strings.HasPrefix(rest, ",") {
			return nil
		}
		rest = rest[1:]
	}
}

// formContent reads the file of a part. What can't be read is found out by the
// transfer, as curl does.
func (p *parser) formContent(part *formPart, file string) error {
	data, err := p.r.readFile(file)
	if err != nil {
		part.headers = nil
		p.r.formMissing = true
	}
	part.data = data
	p.op().form = append(p.op().form, *part)
	return nil
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
	token := make([]byte, 8)
	if random != nil {
		io.ReadFull(random, token)
	}
	boundary := fmt.Sprintf("------------------------%x", token)
	var b bytes.Buffer
	for _, part := range parts {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, quoteParameter(part.name))
		if part.isFile {
			fmt.Fprintf(&b, "; filename=\"%s\"", quoteParameter(part.filename))
		}
		b.WriteString("\r\n")
		if part.contentType != "" {
			fmt.Fprintf(&b, "Content-Type: %s\r\n", part.contentType)
		}
		for _, h := range part.headers {
			b.WriteString(h + "\r\n")
		}
		b.WriteString("\r\n")
		b.Write(part.data)
		b.WriteString("\r\n")
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return "multipart/form-data; boundary=" + boundary, b.Bytes()
}

func quoteParameter(s string) string {
	return strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace(s)
}
