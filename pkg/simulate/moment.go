package simulate

import (
	"cmp"
	"time"
)

// kind is what a moment brings, in the order of those at one time.
type kind int

const (
	ends   kind = iota // a shift does
	frees              // a visit ends, at a desk
	tidied             // a clerk is ready for the next, at a desk
	begins             // a shift does
	comes              // somebody does
	leaves             // somebody does who wasn't called
	passes             // time alone may change who can be called
)

// moment is when something happens.
type moment struct {
	at   time.Time
	kind kind
	of   int // the index of the comer, shift or visit
	desk *desk
}

func (m *moment) before(o *moment) bool {
	return cmp.Or(m.at.Compare(o.at), cmp.Compare(m.kind, o.kind), cmp.Compare(m.of, o.of)) < 0
}

// moments are a heap, the first on top. Of two there the order is always told: at one time a visit
// ends once, and a shift begins, and a comer comes.
type moments []moment

func (h *moments) add(m moment) {
	*h = append(*h, m)
	list := *h
	for i := len(list) - 1; i > 0; {
		up := (i - 1) / 2
		if !list[i].before(&list[up]) {
			return
		}
		list[i], list[up] = list[up], list[i]
		i = up
	}
}

func (h *moments) next() moment {
	list := *h
	first, n := list[0], len(list)-1
	list[0], list[n] = list[n], moment{}
	list = list[:n]
	*h = list
	for i := 0; ; {
		down := 2*i + 1
		if down >= n {
			return first
		}
		if right := down + 1; right < n && list[right].before(&list[down]) {
			down = right
		}
		if !list[down].before(&list[i]) {
			return first
		}
		list[i], list[down] = list[down], list[i]
		i = down
	}
}
