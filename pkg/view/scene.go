package view

import (
	"time"

	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

// Scene is an office at one moment: what its views are made of. The state may go on afterwards, the
// views don't.
type Scene struct {
	Office string // its name in addresses
	State  *queue.State
	Now    time.Time
	Waits  estimate.Waits // expected; of whom there is none it isn't known
	Level  *Level         // how busy it is; nil: not known
	Voice  *voice.Voice   // nil: nothing is spoken
	Base   string         // what stands before the paths of its pages, "https://coda.example.it/offices/cascine"

	public *PublicPage // once it is made: most other pages hold it
}

// now is the time that the rules are asked by; what a view tells of it is rounded.
func (s *Scene) now() time.Time { return s.Now.In(s.State.Location()) }
