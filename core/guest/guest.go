// Package guest holds guest images: a toolbox, built for WASI, metered,
// pre-initialised and taken apart into what an engine wants. The built-in one
// is made by `make`, by the command in guest/mkguest; a program built before that has
// none and says so, and so does one for JavaScript hosts, which is given its image.
package guest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"agentsandbox/core/image"
)

// Image is a guest that commands run in.
type Image struct {
	Info
	Code *image.Prepared
}

// Info is what an image says of itself.
type Info struct {
	// Commands are the names that it answers to, sorted.
	Commands []string `json:"commands"`
	// File is the form of what stands in the file of a command; %s is its name.
	File string `json:"file,omitempty"`
	// Exports of a reactor: Run runs argv once and returns its exit status,
	// Session does so in a shell that lives on, whose working directory Dir
	// prints. State prints what of that shell can outlive its instance, and Resume
	// starts one from what State printed. All are empty for a command module, whose
	// "_start" runs argv.
	Run     string `json:"run,omitempty"`
	Session string `json:"session,omitempty"`
	Dir     string `json:"dir,omitempty"`
	State   string `json:"state,omitempty"`
	Resume  string `json:"resume,omitempty"`
	// Globals and Constant are those of Code.
	Globals  []image.Global `json:"globals"`
	Constant uint32         `json:"constant,omitempty"`
}

// Files of an image in its folder.
const (
	infoFile   = "guest.json"
	moduleFile = "guest.wasm"
	stubFile   = "stub.wasm"
	memoryFile = "memory.bin"
)

// ErrNone is the error of Toolbox in a program that was built without it.
var ErrNone = errors.New("the toolbox image is missing: run make, then build again")

// Read reads an image from its folder, its code and memory when they are asked
// for.
func Read(dir fs.FS) (*Image, error) {
	img := &Image{Code: new(image.Prepared)}
	meta, err := fs.ReadFile(dir, infoFile)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(meta, &img.Info); err != nil {
		return nil, fmt.Errorf("guest image: %s: %w", infoFile, err)
	}
	img.Code.Globals, img.Code.Constant, img.Code.HasMemory = img.Globals, img.Constant, true
	img.Code.Load = func() ([]byte, image.Start, error) { return readCode(dir) }
	img.Code.Stub, err = fs.ReadFile(dir, stubFile)
	return img, err
}

func readCode(dir fs.FS) (module []byte, start image.Start, err error) {
	if module, err = fs.ReadFile(dir, moduleFile); err != nil {
		return nil, start, err
	}
	memory, err := fs.ReadFile(dir, memoryFile)
	if err != nil {
		return nil, start, err
	}
	return module, start, start.UnmarshalBinary(memory)
}

// Write hands the files of an image to write, which makes each.
func (img *Image) Write(write func(name string, data []byte) error) error {
	img.Globals, img.Constant = img.Code.Globals, img.Code.Constant
	module, start, err := img.Code.Code()
	if err != nil {
		return err
	}
	memory, err := start.AppendBinary(nil)
	if err != nil {
		return err
	}
	meta, err := json.MarshalIndent(img.Info, "", " ")
	if err != nil {
		return err
	}
	return errors.Join(write(moduleFile, module), write(stubFile, img.Code.Stub),
		write(memoryFile, memory), write(infoFile, meta))
}

// Command makes an image of a WASI command module, such as a toolbox built for
// the host functions of module "sandbox": it is run from _start each time, with the
// name of the command in TOOLBOX_CMD. The module is vetted and metered.
func Command(wasm []byte, commands ...string) (*Image, error) {
	m, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		return nil, err
	}
	if err := m.Meter(MeterOptions); err != nil {
		return nil, err
	}
	code, err := m.Prepare()
	return &Image{Info: Info{Commands: commands, Run: "_start"}, Code: code}, err
}

// MeterOptions are how every guest is metered, ours and the user's: the count
// of fuel is part of how a guest behaves. Stack is what a guest may take of the call
// stack before the host looks at how many others take more.
var MeterOptions = image.MeterOptions{Stack: 2 << 20}
