package guest

import (
	"encoding/json"
	"fmt"

	"agentsandbox/core/engine/platform"
	"agentsandbox/core/image"
)

// Toolbox returns the image that the embedder gave to the engine's glue, under
// the name ToolboxName: a JavaScript host compiles what it downloads while it
// downloads it.
func Toolbox() (*Image, error) {
	info := platform.Info(ToolboxName)
	if len(info) == 0 {
		return nil, ErrNone
	}
	img := &Image{Code: &image.Prepared{Module: platform.Given(ToolboxName), HasMemory: true}}
	if err := json.Unmarshal(info, &img.Info); err != nil {
		return nil, fmt.Errorf("guest image: %s: %w", infoFile, err)
	}
	img.Code.Globals = img.Globals
	return img, nil
}

// Leaf returns ErrNone: a JavaScript host downloads one image.
func Leaf() (*Image, error) { return nil, ErrNone }

// ToolboxName is the name of the toolbox among the modules that an embedder gives.
const ToolboxName = "toolbox"
