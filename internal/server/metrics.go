package server

import (
	"context"
	"io/fs"
	"net/http"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rapport/internal/api"
	"rapport/internal/store"
)

// metrics are those of one server, in a registry of its own.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	imports  prometheus.Counter
	records  *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rapport_http_request_duration_seconds", Help: "How long requests took, by what was asked and the status of the answer.",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"route", "method", "status"}),
		imports: prometheus.NewCounter(prometheus.CounterOpts{Name: "rapport_imports_total", Help: "Imports that were finished by this process."}),
		records: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rapport_import_records_total", Help: "Records that this process read in imports, by what became of them.",
		}, []string{"fate"}),
	}
	m.registry.MustRegister(m.requests, m.imports, m.records, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, fate := range []string{"accepted", "duplicate", "superseded", "quarantined"} {
		m.records.WithLabelValues(fate) // there from the start, as 0
	}
	return m
}

func (m *metrics) imported(i store.Import) {
	m.imports.Inc()
	for fate, n := range map[string]int64{"accepted": i.Accepted, "duplicate": i.Duplicate, "superseded": i.Superseded, "quarantined": i.Quarantine} {
		m.records.WithLabelValues(fate).Add(float64(n))
	}
}

// scrapeTimeout is how long a store may take to tell its generation.
const scrapeTimeout = time.Second

// watch adds what is asked for when somebody looks.
func (m *metrics) watch(s *site, data generations, folder string) {
	gauge := func(name, help string, labels prometheus.Labels, value func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
	}
	for what, g := range s.gates {
		labels := prometheus.Labels{"what": what}
		gauge("rapport_running", "Questions, exports and uploads that run.", labels, func() float64 { return float64(g.Running()) })
		gauge("rapport_waiting", "Those that wait for their turn.", labels, func() float64 { return float64(g.Waiting()) })
		m.registry.MustRegister(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: "rapport_refused_total", Help: "Those that were refused.", ConstLabels: labels},
			func() float64 { return float64(g.Refused()) },
		))
	}
	for _, state := range []api.State{api.Queued, api.Running, api.Done, api.Failed, api.Cancelled} {
		gauge("rapport_jobs", "Jobs that are known, by state.", prometheus.Labels{"state": string(state)}, func() float64 { return float64(s.api.Jobs().Count(state)) })
	}
	gauge("rapport_generation", "How often the data set has changed; -1 when the store does not say.", nil, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
		defer cancel()
		g, err := data.Generation(ctx)
		if err != nil {
			return -1
		}
		return float64(g)
	})
	gauge("rapport_data_bytes", "Size of the data folder.", nil, func() float64 { return float64(sizeOf(folder)) })
}

// sizeOf adds up the files in a folder; what vanishes meanwhile counts nothing.
func sizeOf(folder string) int64 {
	var sum int64
	_ = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, ErrorHandling: promhttp.ContinueOnError})
}
