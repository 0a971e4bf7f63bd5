package metric

// DriverQuery asks what moves a measure: the groups of one dimension, with what each does to the whole.
type DriverQuery struct {
	// Measure is engagement_rate, resolution_rate, escalation_rate, abandon_rate, csat_score, or any other rate or mean.
	Measure string `json:"measure"`
	// Dimension, topic unless given.
	Dimension    string      `json:"dimension,omitempty"`
	Filters      []Filter    `json:"filters,omitempty"`
	Range        *Range      `json:"range,omitempty"`
	Zone         string      `json:"zone,omitempty"`
	Comparison   *Comparison `json:"comparison,omitempty"` // for the split of the change; nil for none
	Definition   string      `json:"definition,omitempty"`
	AsOf         string      `json:"as_of,omitempty"`
	MinimumCount *int64      `json:"minimum_count,omitempty"`
	Limit        int64       `json:"limit,omitempty"`
}

// Driver is one group. Rates are shares (0 to 1), means are scores.
type Driver struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	// Value of the group; Volume is its sessions, whatever the measure's denominator is, and Share their share of all.
	Value  Value    `json:"value"`
	Volume int64    `json:"volume"`
	Share  *float64 `json:"share"`
	// Impact is the value with the group minus the value without it: n(r-R)/(N-n) (field.md §3c), with a 95 % interval (Newcombe for
	// rates, t for means). Nil for the only group, and where there are too few.
	Impact     *float64 `json:"impact"`
	ImpactLow  *float64 `json:"impact_low"`
	ImpactHigh *float64 `json:"impact_high"`
	// Clear is set when the interval does not hold 0.
	Clear bool `json:"clear"`
	// TemplateImpact is what the platform's report template shows: outcomes over all sessions instead of engaged ones (spec.md §5.7).
	TemplateImpact *float64 `json:"template_impact,omitempty"`
	// Headroom is how many sessions more (or, where lower is better, fewer) would have the outcome if the group were like the rest;
	// never below 0. Nil for means.
	Headroom *float64 `json:"headroom"`
	// RateEffect and MixEffect split the change since the comparison: both over all groups add up to it exactly.
	RateEffect *float64 `json:"rate_effect,omitempty"`
	MixEffect  *float64 `json:"mix_effect,omitempty"`
	Before     *Value   `json:"before,omitempty"`
}

// DriverResult is the answer to a DriverQuery, the largest impact (either way) first.
type DriverResult struct {
	Header
	Measure   string   `json:"measure"`
	Dimension string   `json:"dimension"`
	Period    *Period  `json:"period,omitempty"`
	Compared  *Period  `json:"compared,omitempty"`
	Overall   Value    `json:"overall"`
	Before    *Value   `json:"before,omitempty"`
	Change    *Change  `json:"change,omitempty"`
	Drivers   []Driver `json:"drivers"`
	More      int64    `json:"more,omitempty"`
	Notes     []string `json:"notes,omitempty"`
}
