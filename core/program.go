package core

import (
	"context"
	"errors"
	"fmt"

	"agentsandbox/core/engine"
	"agentsandbox/core/guest"
	"agentsandbox/core/image"
)

// Program is a WASI command module of the user's, vetted, metered and compiled.
// It may run many times, and several at once.
type Program struct{ module engine.Module }

// Load vets, meters and compiles a WASI preview 1 command module. The error
// says what is wrong with one that is refused, and what to do about one that is
// slow to compile. When ctx ends, compiling ends behind the function at hand. wasm
// must not change after.
func (rt *Runtime) Load(ctx context.Context, wasm []byte) (*Program, error) {
	prepared, err := rt.prepare(wasm)
	if vet := (*image.VetError)(nil); errors.As(err, &vet) && vet.Kind == image.Slow {
		err = fmt.Errorf("%w: let the interpreter run it", err)
	}
	if err != nil {
		return nil, fmt.Errorf("load program: %w", err)
	}
	module, err := rt.engine.Compile(ctx, prepared)
	if err != nil {
		return nil, fmt.Errorf("load program: %w", err)
	}
	return &Program{module}, nil
}

func (rt *Runtime) prepare(wasm []byte) (*image.Prepared, error) {
	parsed, err := image.Parse(wasm, rt.engine.Limits())
	if err != nil {
		return nil, err
	}
	if err := rt.checkCommand(parsed.Inspect()); err != nil {
		return nil, err
	}
	if err := parsed.Meter(guest.MeterOptions); err != nil {
		return nil, err
	}
	return parsed.Prepare()
}

// checkCommand makes sure that a module can be run here, before it is compiled.
func (rt *Runtime) checkCommand(info image.Info) error {
	for _, im := range info.Imports {
		if err := checkImport(im); err != nil {
			return err
		}
	}
	for _, ex := range info.Exports {
		if ex.Name == "_start" && ex.Kind == image.ExternFunc {
			return nil
		}
	}
	return errors.New("it exports no function _start: not a WASI command module")
}

// checkImport refuses an import that no host function serves.
func checkImport(im image.Import) error {
	if im.Kind != image.ExternFunc {
		return fmt.Errorf("it imports the %s %s.%s, which is not provided", im.Kind, im.Module, im.Name)
	}
	for _, h := range hostFunctions() {
		if h.Module != im.Module || h.Name != im.Name {
			continue
		}
		if h.Params == letters(im.Params) && h.Results == letters(im.Results) {
			return nil
		}
		return fmt.Errorf("it imports %s.%s with another type than it has", im.Module, im.Name)
	}
	return fmt.Errorf("it imports the function %s.%s, which is not provided", im.Module, im.Name)
}

// letters is a list of types as HostFunc has it.
func letters(types []image.ValType) string {
	var out []byte
	for _, t := range types {
		switch t {
		case image.I32:
			out = append(out, 'i')
		case image.I64:
			out = append(out, 'I')
		default:
			out = append(out, '?')
		}
	}
	return string(out)
}

// startFailed reads what ended a module's start function.
func (r *run) startFailed(err error) (*Result, error) {
	result := &Result{Stdout: r.stdout.buf, Stderr: r.stderr.buf}
	if err := r.outcome(result, 0, err); err != nil {
		return nil, err
	}
	return result, nil
}

// Close frees the compiled code. No run may be under way.
func (p *Program) Close() error { return p.module.Close() }

// RunProgram runs a program in the sandbox, under the limits and with the
// world that a command of the toolbox has.
func (s *Sandbox) RunProgram(ctx context.Context, p *Program, cmd Cmd) (*Result, error) {
	done, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer done()
	r, err := s.newRun(ctx, &cmd)
	if err != nil {
		return nil, err
	}
	defer r.close()
	in, err := p.module.Instantiate(r.ctx, &r.process, r.memory)
	if err != nil {
		return r.startFailed(err)
	}
	defer in.Close()
	return r.invoke(pooled{Instance: in, reserve: r.memory}, "_start")
}
