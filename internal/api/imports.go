package api

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"rapport/internal/store"
	"rapport/internal/wire"
)

type importsOutput struct {
	Body struct {
		Imports []wire.Import `json:"imports"`
	}
}

func (a *API) imports(ctx context.Context, _ *struct{}) (*importsOutput, error) {
	all, err := a.opts.Data.Imports(ctx)
	if err != nil {
		return nil, err
	}
	out := &importsOutput{}
	out.Body.Imports = make([]wire.Import, len(all))
	for i := range all {
		out.Body.Imports[i] = a.importOfStore(all[i])
	}
	return out, nil
}

func (a *API) importOfStore(i store.Import) wire.Import { return wire.ImportOf(i, a.opts.UploadDir) }

type importInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type importOutput struct{ Body wire.Import }

func (a *API) importOf(ctx context.Context, in *importInput) (*importOutput, error) {
	i, err := a.opts.Data.ImportOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &importOutput{a.importOfStore(i)}, nil
}

func (a *API) remove(ctx context.Context, in *importInput) (*jobOutput, error) {
	if _, err := a.opts.Data.ImportOf(ctx, in.ID); err != nil { // before a job is made of it
		return nil, err
	}
	return a.start("remove", "import "+strconv.FormatInt(in.ID, 10), changes, nil, func(ctx context.Context, p *progress) (any, error) {
		i, err := a.opts.Data.Remove(ctx, in.ID, p)
		if err != nil {
			return nil, err
		}
		return a.importOfStore(i), nil
	})
}

func (a *API) rejects(ctx context.Context, in *importInput) (*streamOutput, error) {
	if _, err := a.opts.Data.ImportOf(ctx, in.ID); err != nil {
		return nil, err
	}
	header := attachment("rejects-"+strconv.FormatInt(in.ID, 10)+".jsonl", "application/jsonl")
	return a.stream(a.opts.Exports, header, func(ctx context.Context, w io.Writer) error {
		var line []byte
		return a.opts.Data.Rejects(ctx, in.ID, func(r store.Reject) (err error) {
			if line, err = wire.Append(line[:0], wire.RejectOf(r, a.opts.UploadDir)); err != nil {
				return err
			}
			_, err = w.Write(append(line, '\n'))
			return err
		})
	}), nil
}

// attachment are the headers of a file. name holds nothing that would need quoting.
func attachment(name, contentType string) http.Header {
	return http.Header{
		"Content-Type":        {contentType},
		"Content-Disposition": {`attachment; filename="` + name + `"`},
	}
}
