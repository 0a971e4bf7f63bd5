package wire

import (
	"rapport/internal/dataset"
	"rapport/internal/definition"
)

// Definition is a rule set (docs/cli-json.md, definitions list).
type Definition struct {
	Name        string  `json:"name"`
	Version     string  `json:"version"`
	Extends     *string `json:"extends" doc:"the definition that it changes"`
	Hypothesis  bool    `json:"hypothesis" doc:"shaped on few records"`
	Description string  `json:"description"`
}

// DefinitionOf is a definition without its keys.
func DefinitionOf(d *definition.Definition) Definition {
	return Definition{Name: d.Name, Version: d.Version, Extends: orNil(d.Extends), Hypothesis: d.Hypothesis, Description: d.Description}
}

// Key is one setting in force.
type Key struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	From    string `json:"from" doc:"the definition that set it"`
	Source  string `json:"source" doc:"what supports it"`
	Meaning string `json:"meaning"`
}

// KeysOf are all keys of a definition.
func KeysOf(d *definition.Definition) []Key {
	out := make([]Key, len(d.Keys))
	for i, k := range d.Keys {
		out[i] = Key{k.Path, k.Value, k.From, k.Source, definition.Meaning(k.Path)}
	}
	return out
}

// InForce is a definition that the data set is projected under.
type InForce struct {
	Definition
	Revision  int64   `json:"revision" doc:"how often it was applied in another wording"`
	AppliedAt *string `json:"applied_at"`
	Sessions  int64   `json:"sessions"`
	Stale     bool    `json:"stale" doc:"an older projection serves until the new one is derived"`
	Ready     bool    `json:"ready" doc:"there is a projection to answer from"`
}

// InForceOf is a definition with how it stands.
func InForceOf(f dataset.InForce) InForce {
	return InForce{
		Definition: DefinitionOf(f.Definition), Revision: f.Version, AppliedAt: Stamp(f.AppliedAt, f.AppliedAt == 0),
		Sessions: f.Sessions, Stale: f.Stale, Ready: f.Ready,
	}
}
