package guest

import (
	"encoding/json"
	"fmt"

	"agentsandbox/core/engine/platform"
	"agentsandbox/core/image"
)

// Toolbox returns the image that the embedder gave to the engine's glue as
// "toolbox": a JavaScript host compiles what it downloads while it downloads it.
func Toolbox() (*Image, error) { return given("toolbox") }

// Leaf returns the image that the embedder gave as "leaf". ErrNone if it gave none.
func Leaf() (*Image, error) { return given("leaf") }

func given(name string) (*Image, error) {
	info := platform.Part(name, "info")
	if len(info) == 0 {
		return nil, ErrNone
	}
	img := &Image{Code: &image.Prepared{Module: platform.Given(name), HasMemory: true}}
	if err := json.Unmarshal(info, &img.Info); err != nil {
		return nil, fmt.Errorf("guest image %s: %s: %w", name, infoFile, err)
	}
	img.Code.Globals, img.Code.Constant = img.Globals, img.Constant
	code := platform.Part(name, "code")
	if len(code) == 0 {
		return img, nil
	}
	img.Code.Module = code
	return img, img.Code.Start.UnmarshalBinary(platform.Part(name, "memory"))
}
