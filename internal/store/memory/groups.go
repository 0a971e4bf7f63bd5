package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"rapport/internal/fact"
	"rapport/internal/store"
)

// UtteranceGroups implements store.Facts.
func (s *state) UtteranceGroups(ctx context.Context, id int64, sel store.Selection, about store.UtteranceFilter, latest int64) (store.UtteranceGroups, error) {
	var out store.UtteranceGroups
	type session struct{ conversation, number int64 }
	groups, sessions := map[string]*store.UtteranceGroup{}, map[string]map[session]bool{}
	most := sel.Limit
	sel.Sort, sel.Descending, sel.After, sel.Limit = "", true, nil, 0
	err := s.Utterances(ctx, id, sel, about, func(u *fact.Utterance) error {
		if out.Utterances++; out.Utterances > latest {
			return nil
		}
		out.Considered++
		g := groups[u.Folded]
		if g == nil {
			g = &store.UtteranceGroup{Text: u.Text, Bot: u.Bot, Conversation: u.Conversation, Number: u.Number}
			groups[u.Folded], sessions[u.Folded] = g, map[session]bool{}
		}
		g.Utterances++
		sessions[u.Folded][session{u.ConversationKey, u.Number}] = true
		return nil
	})
	if err != nil {
		return store.UtteranceGroups{}, err
	}
	order := slices.SortedFunc(maps.Keys(groups), func(a, b string) int {
		return cmp.Or(cmp.Compare(groups[b].Utterances, groups[a].Utterances), cmp.Compare(a, b))
	})
	if most > 0 && int64(len(order)) > most {
		out.More = int64(len(order)) - most
		order = order[:most]
	}
	for _, folded := range order {
		groups[folded].Sessions = int64(len(sessions[folded]))
		out.Groups = append(out.Groups, *groups[folded])
	}
	return out, nil
}
