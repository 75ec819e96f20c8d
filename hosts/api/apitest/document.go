package apitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"mime"
	"regexp"
	"slices"
	"strings"
)

// document is what the tests ask of an OpenAPI document.
type document struct {
	Paths      map[string]operations
	Components struct {
		Schemas   map[string]*schema
		Responses map[string]content
	}
}

// operations are those of a path by method, in lower case. Its parameters stand
// among them.
type operations map[string]operation

// UnmarshalJSON implements json.Unmarshaler.
func (o *operations) UnmarshalJSON(data []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	*o = operations{}
	for name, data := range all {
		if name == "parameters" {
			continue
		}
		var op operation
		if err := json.Unmarshal(data, &op); err != nil {
			return err
		}
		(*o)[name] = op
	}
	return nil
}

type operation struct {
	RequestBody *content
	Responses   map[string]content
}

type content struct {
	Ref     string `json:"$ref"`
	Content map[string]struct{ Schema *schema }
}

// schema is the part of JSON Schema that the document uses.
type schema struct {
	Ref                  string `json:"$ref"`
	Type                 string
	Enum                 []any
	Properties           map[string]*schema
	AdditionalProperties json.RawMessage // false, or a schema
	Required             []string
	Items                *schema
}

func parseDocument(data []byte) (*document, error) {
	d := new(document)
	return d, json.Unmarshal(data, d)
}

// find returns the operation that a request is for.
func (d *document) find(method, path string) (name string, op operation, ok bool) {
	path, _, _ = strings.Cut(path, "?")
	for template, operations := range d.Paths {
		pattern := strings.NewReplacer(`\{path\}`, ".*", `\{id\}`, "[^/]+").Replace(regexp.QuoteMeta(template))
		if !regexp.MustCompile("^" + pattern + "$").MatchString(path) {
			continue
		}
		if op, ok := operations[strings.ToLower(method)]; ok {
			return method + " " + template, op, true
		}
	}
	return "", operation{}, false
}

// check holds an answer to the document. Where the document knows no such
// operation, the answer has to be an error.
func (d *document) check(a Answer) error {
	name, op, ok := d.find(a.Method, a.Path)
	if !ok {
		if a.Status < 400 && a.Method != "OPTIONS" {
			return fmt.Errorf("%s %s: %d, but the document knows no such operation", a.Method, a.Path, a.Status)
		}
		return nil
	}
	want, ok := op.Responses[fmt.Sprint(a.Status)]
	if !ok {
		return fmt.Errorf("%s: status %d is not in the document: %s", name, a.Status, a.Body)
	}
	if shared, ok := strings.CutPrefix(want.Ref, "#/components/responses/"); ok {
		want = d.Components.Responses[shared]
	}
	if err := d.checkBody(want, a); err != nil {
		return fmt.Errorf("%s: %d: %w: %.300s", name, a.Status, err, a.Body)
	}
	return nil
}

func (d *document) checkBody(want content, a Answer) error {
	if len(want.Content) == 0 {
		if len(a.Body) > 0 {
			return errors.New("a body where the document has none")
		}
		return nil
	}
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	of, ok := want.Content[kind]
	if !ok {
		family, _, _ := strings.Cut(kind, "/")
		of, ok = want.Content[family+"/*"]
	}
	if !ok {
		return fmt.Errorf("content type %s is not in the document", kind)
	}
	if kind != "application/json" {
		return nil
	}
	return d.checkJSON(of.Schema, a.Body)
}

func (d *document) checkJSON(s *schema, data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	return d.valid(s, v, "$")
}

// valid checks a value; at says where it stands.
func (d *document) valid(s *schema, v any, at string) error {
	if s == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		if s = d.Components.Schemas[name]; s == nil {
			return fmt.Errorf("%s: no schema %s", at, name)
		}
	}
	if s.Enum != nil && !slices.Contains(s.Enum, v) {
		return fmt.Errorf("%s: %v is none of %v", at, v, s.Enum)
	}
	if s.Type != "" && !isType(s.Type, v) {
		return fmt.Errorf("%s: %v is no %s", at, v, s.Type)
	}
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			if err := d.valid(s.Items, item, fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		return d.validObject(s, v, at)
	}
	return nil
}

// validObject knows all properties of the object: one that the schema does not
// name was forgotten there.
func (d *document) validObject(s *schema, v map[string]any, at string) error {
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			return fmt.Errorf("%s: no %s", at, name)
		}
	}
	for name, value := range v {
		property, ok := s.Properties[name]
		if !ok && len(s.AdditionalProperties) > 0 && string(s.AdditionalProperties) != "false" {
			property, ok = new(schema), true
			if err := json.Unmarshal(s.AdditionalProperties, property); err != nil {
				return err
			}
		}
		if !ok {
			return fmt.Errorf("%s: %s is not in the document", at, name)
		}
		if err := d.valid(property, value, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func isType(name string, v any) bool {
	switch v := v.(type) {
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && v == math.Trunc(v)
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	}
	return false
}
