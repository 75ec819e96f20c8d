// Package apitest is the suite of the HTTP API: whatever serves it passes Run.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"agentsandbox/hosts/api"
)

// Client is a client of a server under test.
type Client struct {
	URL   string // of the server, without a slash at the end
	Token string // "" sends none

	// Seen is told of each answer that Do got; nil tells nobody.
	Seen func(Answer)
}

// Answer is a request and what came of it.
type Answer struct {
	Method, Path string
	Status       int
	Header       http.Header
	Body         []byte
}

// Send makes a request. The caller closes the body of the response.
func (c Client) Send(ctx context.Context, method, path string, body []byte, headers ...string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return http.DefaultClient.Do(req)
}

// Do makes a request and reads all of the answer. headers are names and values.
func (c Client) Do(ctx context.Context, method, path string, body []byte, headers ...string) (Answer, error) {
	resp, err := c.Send(ctx, method, path, body, headers...)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	a := Answer{method, path, resp.StatusCode, resp.Header, data}
	if err == nil && c.Seen != nil {
		c.Seen(a)
	}
	return a, err
}

// Call makes a request whose body and answer are JSON; in and out may be nil. Any
// other status than a success is an error.
func (c Client) Call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	a, err := c.Do(ctx, method, path, body)
	switch {
	case err != nil:
		return err
	case a.Status/100 != 2:
		return fmt.Errorf("%s %s: %d %s", method, path, a.Status, bytes.TrimSpace(a.Body))
	case out == nil:
		return nil
	}
	return json.Unmarshal(a.Body, out)
}

// Object is the body of a request.
type Object map[string]any

// Create makes a sandbox and returns its path.
func (c Client) Create(ctx context.Context, body Object) (string, error) {
	var made struct{ ID string }
	if err := c.Call(ctx, http.MethodPost, "/v1/sandboxes", body, &made); err != nil {
		return "", err
	}
	return "/v1/sandboxes/" + made.ID, nil
}

// Exec runs a command in the sandbox at the path; that of "/v1" is made for it.
func (c Client) Exec(ctx context.Context, path string, body Object) (*api.Result, error) {
	r := new(api.Result)
	return r, c.Call(ctx, http.MethodPost, path+"/exec", body, r)
}

// Script runs a script in the shell of the sandbox at the path.
func (c Client) Script(ctx context.Context, path, script string) (*api.Result, error) {
	return c.Exec(ctx, path, Object{"script": script})
}

// Put writes a file of a sandbox.
func (c Client) Put(ctx context.Context, sandbox, name string, data []byte) error {
	a, err := c.Do(ctx, http.MethodPut, sandbox+"/files/"+url.PathEscape(name), data)
	if err == nil && a.Status != http.StatusNoContent {
		err = fmt.Errorf("PUT %s: %d %s", name, a.Status, bytes.TrimSpace(a.Body))
	}
	return err
}
