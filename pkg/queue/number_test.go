package queue_test

import (
	"fmt"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

func TestNumbering(t *testing.T) {
	t.Parallel()
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: plain()}, now)
	want := map[int]string{1: "A001", 2: "A002", 9: "A009", 10: "A010", 99: "A099", 100: "A100", 999: "A999", 1000: "A1000", 1001: "A1001", 1234: "A1234"}
	for n := range 1234 {
		a := must(t, s, queue.Issue{Ticket: queue.TicketID(fmt.Sprint(n + 1)), Channel: "a"}, now)
		if w, asked := want[n+1]; asked && a.Ticket.Number != w {
			t.Errorf("ticket %d is %s, want %s", n+1, a.Ticket.Number, w)
		}
		if a.Ahead != n {
			t.Errorf("%s: %d ahead, want %d", a.Ticket.Number, a.Ahead, n)
		}
	}
	if a := must(t, s, queue.Issue{Ticket: "b", Channel: "b"}, now); a.Ticket.Number != "B001" {
		t.Errorf("the first of another channel is %s, want B001", a.Ticket.Number)
	}
	must(t, s, queue.Tick{}, now.AddDate(0, 0, 1))
	if a := must(t, s, queue.Issue{Ticket: "next", Channel: "a"}, now.AddDate(0, 0, 1)); a.Ticket.Number != "A001" {
		t.Errorf("the first of the next day is %s, want A001", a.Ticket.Number)
	}
}

// TestLettersMove gives one channel's letter to another during the day: the
// letter's numbers go on, whoever has it.
func TestLettersMove(t *testing.T) {
	t.Parallel()
	s, now := new(queue.State), moment(t, mornings[0])
	c := plain()
	must(t, s, queue.Configure{Config: c}, now)
	must(t, s, queue.Issue{Ticket: "1", Channel: "a"}, now)
	must(t, s, queue.Issue{Ticket: "2", Channel: "a"}, now)
	must(t, s, queue.Issue{Ticket: "3", Channel: "b"}, now)
	swapped := plain()
	swapped.Channels[0].Letter, swapped.Channels[1].Letter = "B", "A"
	must(t, s, queue.Configure{Config: swapped, Version: 1}, now)
	for i, w := range []struct {
		channel queue.ChannelID
		number  string
	}{{"a", "B002"}, {"b", "A003"}, {"a", "B003"}} {
		if a := must(t, s, queue.Issue{Ticket: queue.TicketID(fmt.Sprint("n", i)), Channel: w.channel}, now); a.Ticket.Number != w.number {
			t.Errorf("channel %s gives %s, want %s", w.channel, a.Ticket.Number, w.number)
		}
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in, want string
		ok       bool
	}{
		{"A042", "A042", true},
		{"a42", "A042", true},
		{"A 042", "A042", true},
		{" p\t7 ", "P007", true},
		{"A1000", "A1000", true},
		{"A01000", "A1000", true},
		{"Z999", "Z999", true},
		{"A000", "", false},
		{"A", "", false},
		{"", "", false},
		{"42", "", false},
		{"AB42", "", false},
		{"A-42", "", false},
		{"A4.2", "", false},
		{"È42", "", false},
		{"A٤٢", "", false}, // Arabic digits
		{"A1234567890", "", false},
	} {
		if got, ok := queue.ParseNumber(tt.in); ok != tt.ok || ok && got != tt.want {
			t.Errorf("ParseNumber(%q) = %q, %v; want %q, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}
