//go:build !js

package guest

import (
	"embed"
	"errors"
	"io/fs"
)

// The folders hold a README beside the image, so that this compiles without it.
//
//go:embed image leaf
var images embed.FS

// Toolbox returns the built-in image: the shell and all commands.
func Toolbox() (*Image, error) { return builtin("image") }

// Leaf returns the built-in image of the small commands, which starts faster
// where its code has to be loaded. ErrNone if there is none.
func Leaf() (*Image, error) { return builtin("leaf") }

func builtin(folder string) (*Image, error) {
	dir, err := fs.Sub(images, folder)
	if err != nil {
		return nil, err
	}
	img, err := Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	return img, err
}
