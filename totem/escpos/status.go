package escpos

// Kind tells the answers of a printer apart.
type Kind byte

// The kinds of answers.
const (
	// Stray is a byte that is no answer.
	Stray Kind = iota
	// RealTime is one byte, the answer to DLE EOT n; it doesn't say to which n.
	RealTime
	// InOrder is one byte, the answer to GS r.
	InOrder
	// Automatic is four bytes, sent without being asked.
	Automatic
	// Full is Custom's: four bytes, behind the two that begin it.
	Full
	// Pause and Resume are flow control on a serial line: XOFF and XON.
	Pause
	Resume
)

// Answer is something a printer said: one byte of it, or four.
type Answer struct {
	Kind  Kind
	Bytes [4]byte
}

const (
	xon  = 0x11
	xoff = 0x13
	// fullFirst and fullSecond begin Custom's full status.
	fullFirst  = 0x10
	fullSecond = 0x0f
)

// Decoder cuts what comes from a printer into answers: each kind has bits of its own that never
// change. Flow control may stand between any two bytes, except within Custom's full status.
type Decoder struct {
	full bool // the printer sends Custom's full status, and no automatic one
	part []byte
}

// NewDecoder makes a decoder for printers with such a way back.
func NewDecoder(w WayBack) *Decoder { return &Decoder{full: w == WayBackFull} }

// Decode takes the next bytes, in pieces of any size, and returns the answers that are complete.
func (d *Decoder) Decode(p []byte) []Answer {
	var answers []Answer
	for _, b := range p {
		answers = d.next(answers, b)
	}
	return answers
}

func (d *Decoder) next(answers []Answer, b byte) []Answer {
	if len(d.part) == 0 {
		return d.begin(answers, b)
	}
	if d.full {
		return d.nextFull(answers, b)
	}
	switch {
	case b == xon, b == xoff:
		return append(answers, single(b))
	case b&0x90 != 0: // not a byte of the rest: what has begun is none
		return d.begin(d.giveUp(answers), b)
	}
	return d.complete(answers, Automatic, b, 4)
}

// nextFull goes on with a full status, whose four bytes may have any value.
func (d *Decoder) nextFull(answers []Answer, b byte) []Answer {
	if len(d.part) == 1 && b != fullSecond {
		return d.begin(d.giveUp(answers), b)
	}
	return d.complete(answers, Full, b, 6)
}

// giveUp makes strays of what has begun: one of them might look like an answer, and be none.
func (d *Decoder) giveUp(answers []Answer) []Answer {
	for _, b := range d.part {
		answers = append(answers, Answer{Kind: Stray, Bytes: [4]byte{b}})
	}
	d.part = d.part[:0]
	return answers
}

// complete adds a byte to what has begun, and returns the answer once it has its length.
func (d *Decoder) complete(answers []Answer, kind Kind, b byte, length int) []Answer {
	if d.part = append(d.part, b); len(d.part) < length {
		return answers
	}
	answer := Answer{Kind: kind, Bytes: [4]byte(d.part[length-4:])}
	d.part = d.part[:0]
	return append(answers, answer)
}

func (d *Decoder) begin(answers []Answer, b byte) []Answer {
	if (d.full && b == fullFirst) || (!d.full && b&0x93 == 0x10) {
		d.part = append(d.part, b)
		return answers
	}
	return append(answers, single(b))
}

// single is the answer that one byte is.
func single(b byte) Answer {
	answer := Answer{Bytes: [4]byte{b}}
	switch {
	case b == xon:
		answer.Kind = Resume
	case b == xoff:
		answer.Kind = Pause
	case b&0x93 == 0x12:
		answer.Kind = RealTime
	case b&0x90 == 0:
		answer.Kind = InOrder
	}
	return answer
}
