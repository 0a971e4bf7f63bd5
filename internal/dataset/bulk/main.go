// Command bulk writes a data set of as many sessions as one likes, for tests of the dashboard's speed and looks: the year up to yesterday.
// Facts go straight into the store, without the records that they would be derived from, so no session of it has a transcript.
//
//	go run ./internal/dataset/bulk -data DIR -sessions 1000000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/store"
	"rapport/internal/store/duckdb"
	"rapport/internal/store/storetest"
)

func main() {
	data := flag.String("data", "", "folder to make")
	sessions := flag.Int("sessions", 1_000_000, "how many")
	flag.Parse()
	if err := run(context.Background(), *data, *sessions); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folder string, sessions int) (err error) {
	if folder == "" || duckdb.Exists(folder) {
		return errs.New(errs.Invalid, "", "-data names a folder that is not there yet")
	}
	s, err := duckdb.Open(ctx, folder, duckdb.Options{Holder: "bulk"})
	if err != nil {
		return err
	}
	d, err := dataset.Open(ctx, s, dataset.Options{Now: time.Now})
	if err != nil {
		return errors.Join(err, s.Close())
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.SetCatalogue(ctx, catalogue(), nil); err != nil {
		return err
	}
	return s.Update(ctx, func(tx store.Tx) error { return fill(ctx, tx, sessions) })
}

// fill writes the sessions, under the one projection of a new data set, and an account of where they came from.
func fill(ctx context.Context, tx store.Tx, sessions int) error {
	all, err := tx.Projections(ctx)
	if err != nil {
		return err
	}
	if len(all) != 1 {
		return fmt.Errorf("a new data set has %d projections", len(all))
	}
	account := store.Import{StartedAt: time.Now().UnixMilli(), Paths: []string{"made-up sessions"}, Inputs: 1, Generation: tx.Generation() + 1}
	if account.ID, err = tx.NextImport(ctx); err != nil {
		return err
	}
	today := time.Now().UTC().Truncate(24 * time.Hour)
	names := newNames()
	err = storetest.Sessions(sessions, today.AddDate(-1, 0, 0), today, 1, func(f *fact.Facts, keys []int64) error {
		names.give(f)
		account.Touched += int64(len(keys))
		return tx.Replace(ctx, all[0].ID, keys, false, f)
	})
	if err != nil {
		return err
	}
	account.Read, account.Accepted, account.FinishedAt = account.Touched, account.Touched, time.Now().UnixMilli()
	return tx.PutImport(ctx, account)
}

// names are what people would call the topics that the generator numbers.
type names map[string]string

func newNames() names {
	things := strings.Split("Order,Refund,Delivery,Invoice,Password,Appointment,Gift card,Subscription,Warranty,Opening hours", ",")
	actions := strings.Split("status,change,cancel,problem,request,help", ",")
	n := names{}
	for i := range len(things) * len(actions) {
		n[fmt.Sprintf("topic %02d", i)] = things[i%len(things)] + " " + actions[i/len(things)]
	}
	return n
}

func (n names) give(f *fact.Facts) {
	for i := range f.Sessions {
		s := &f.Sessions[i]
		s.TopicName = n[s.TopicName]
	}
	for i := range f.Billed {
		b := &f.Billed[i]
		b.TopicName = n[b.TopicName]
	}
	for i := range f.Utterances {
		u := &f.Utterances[i]
		if about, topic, ok := strings.Cut(u.Text, "what about my "); ok && about == "" {
			u.Text = "what about my " + strings.ToLower(n[topic])
		}
	}
}

// catalogue names the generator's bots.
func catalogue() string {
	var out strings.Builder
	out.WriteString("bots:\n")
	for i, name := range []string{"Customer Care", "IT Help Desk", "City Services", "People and Pay", "Travel Desk", "Returns Assistant"} {
		fmt.Fprintf(&out, "  - {id: bot-%d, schema: demo_%s, name: %s}\n", i+1, strings.ReplaceAll(name, " ", ""), name)
	}
	return out.String()
}
