package dataset

import (
	"context"

	"rapport/internal/activity"
	"rapport/internal/audit"
	"rapport/internal/definition"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// Disagreement is something on which the platform says otherwise of a session than what is derived.
type Disagreement struct {
	Bot          activity.Bot
	Conversation string
	audit.Difference
}

// audited is what some conversations come to.
type audited struct {
	sum  audit.Summary
	said []Disagreement
}

// Audit sets what the platform said of its sessions beside what a definition derives, over every conversation in a stream, and yields where
// they disagree. Sessions of every kind count. Errors: errs.Invalid for the default definition, which takes the platform's word.
func (d *Dataset) Audit(ctx context.Context, def *definition.Definition, p *Progress, yield func(Disagreement) error) (audit.Summary, error) {
	var total audit.Summary
	if err := Auditable(def); err != nil {
		return total, err
	}
	platform, err := definition.Load(definition.Default)
	if err != nil {
		return total, err
	}
	err = d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		look := func(c *activity.Conversation, to *audited) {
			res := audit.Compare(c, platform, def, r.catalogue)
			to.sum.Add(res)
			for _, one := range res.Differences {
				to.said = append(to.said, Disagreement{c.Bot, c.ID, one})
			}
		}
		return everyConversation(ctx, d, v, r, p, look, func(part *audited) error {
			total.Join(part.sum)
			for _, one := range part.said {
				if err := yield(one); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return total, err
}

// Auditable refuses the definition that takes the platform's word.
func Auditable(def *definition.Definition) error {
	if def.Name != definition.Default {
		return nil
	}
	return metric.Invalid("definition", "", nil, "definition %q is what the platform said: it agrees with itself", def.Name)
}
