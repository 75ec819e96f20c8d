//go:build !js

package guest

import (
	"embed"
	"errors"
	"io/fs"
)

// The folder holds a README beside the image, so that this compiles without it.
//
//go:embed image
var images embed.FS

// Toolbox returns the built-in image.
func Toolbox() (*Image, error) {
	dir, err := fs.Sub(images, "image")
	if err != nil {
		return nil, err
	}
	img, err := Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	return img, err
}
