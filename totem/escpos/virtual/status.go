package virtual

import "errors"

// status is how a printer is.
type status struct {
	model     Model
	nearEnd   bool
	paperOut  bool
	cover     bool
	jammed    bool // the cutter
	broken    bool // an error that nobody at the counter repairs
	offline   bool // for one of these reasons
	presented bool // a ticket is in the mouth
	unprinted bool // it has received what isn't printed yet
}

// bits joins those whose condition holds.
func bits(list map[byte]bool) (b byte) {
	for bit, on := range list {
		if on {
			b |= bit
		}
	}
	return b
}

// realTime answers DLE EOT n; nil if it isn't known.
func (s *status) realTime(n byte) []byte {
	const fixed = 0x12
	switch {
	case n == 1:
		return []byte{fixed | bits(map[byte]bool{0x08: s.offline})}
	case n == 2:
		return []byte{fixed | bits(map[byte]bool{0x04: s.cover, 0x20: s.paperOut, 0x40: s.jammed || s.broken})}
	case n == 3:
		return []byte{fixed | bits(map[byte]bool{0x08: s.jammed, 0x20: s.broken})}
	case n == 4:
		return []byte{fixed | bits(map[byte]bool{0x0c: s.nearEnd || s.paperOut, 0x60: s.paperOut})}
	case n == 20 && s.model.Custom:
		return []byte{
			0x10, 0x0f,
			bits(map[byte]bool{0x01: s.paperOut, 0x04: s.nearEnd || s.paperOut, 0x20: s.presented}),
			bits(map[byte]bool{0x02: s.cover, 0x04: s.unprinted, 0x08: s.unprinted && !s.offline}),
			0,
			bits(map[byte]bool{0x01: s.jammed, 0x08: s.broken}),
		}
	}
	return nil
}

// paper answers GS r 1.
func (s *status) paper() []byte {
	return []byte{bits(map[byte]bool{0x03: s.nearEnd || s.paperOut, 0x0c: s.paperOut})}
}

// automatic is the status that GS a asks to be told.
func (s *status) automatic() []byte {
	return []byte{
		0x10 | bits(map[byte]bool{0x08: s.offline, 0x20: s.cover}),
		bits(map[byte]bool{0x08: s.jammed, 0x20: s.broken}),
		bits(map[byte]bool{0x03: s.nearEnd || s.paperOut, 0x0c: s.paperOut}),
		0,
	}
}

// asks is what of that the mask of GS a asks to be told when it changes.
func asks(mask byte, s []byte) [4]byte {
	var told [4]byte
	if mask&0x02 != 0 {
		told[0] = s[0]
	}
	if mask&0x04 != 0 {
		told[1] = s[1]
	}
	if mask&0x08 != 0 {
		told[2] = s[2]
	}
	return told
}

// paperSensor is ESC v, which Custom's printers have answered when it arrived.
func (i *interpreter) paperSensor([]byte) error {
	if !i.model.Custom {
		i.reply = (*status).paper
	}
	return nil
}

// transmit is GS r: 1 the paper, 2 the drawer.
func (i *interpreter) transmit(a []byte) error {
	switch digit(a[0]) {
	case 1:
		i.reply = (*status).paper
	case 2:
		i.reply = func(*status) []byte { return []byte{0} }
	default:
		return errors.New("this status isn't known")
	}
	return nil
}

// automatic is GS a.
func (i *interpreter) automatic(a []byte) error {
	mask := a[0]
	i.reply = func(s *status) []byte {
		if mask == 0 {
			return nil
		}
		return s.automatic()
	}
	i.mask = &mask
	return nil
}

// answerFunction is GS ( H: its four letters come back when all before it is printed.
func (i *interpreter) answerFunction(a []byte) error {
	if len(a) != 6 || digit(a[0]) != 0 || digit(a[1]) != 0 {
		return errors.New("this question isn't known")
	}
	answer := append([]byte{0x37, 0x22}, a[2:]...)
	i.reply = func(*status) []byte { return append(answer, 0) }
	return nil
}

// identity is GS I: numbers up to 3, texts from 65 on.
func (i *interpreter) identity(a []byte) error {
	text := func(s string) func(*status) []byte {
		return func(*status) []byte { return append([]byte("_"+s), 0) }
	}
	switch a[0] {
	case 1, '1', 3, '3':
		i.reply = func(*status) []byte { return []byte{0x20} }
	case 2, '2':
		i.reply = func(*status) []byte { return []byte{0x02} } // it has a cutter
	case 'A':
		i.reply = text("1.00")
	case 'B':
		i.reply = text("ELIMINACODE")
	case 'C':
		i.reply = text(i.model.Name)
	case 'D':
		i.reply = text("000001")
	default:
		return errors.New("this question isn't known")
	}
	return nil
}
