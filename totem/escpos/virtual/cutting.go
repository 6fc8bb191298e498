package virtual

import "errors"

// cutSize is of GS V, whose kinds from 65 on have a length to feed.
func cutSize(_ *interpreter, b []byte) (int, error) {
	if len(b) < 3 {
		return 0, errShort
	}
	switch b[2] {
	case 0, 1, '0', '1':
		return 3, nil
	case 'A', 'B', 'a', 'b', 'g', 'h':
		return 4, nil
	}
	return 0, errors.New("this kind of cut isn't known")
}

func (i *interpreter) cutPaper(a []byte) error {
	switch a[0] {
	case 'A', 'B':
		if err := i.print(0, false); err != nil {
			return err
		}
		return i.cutHere(i.model.Gap + i.y(int(a[1])))
	case 'a', 'b', 'g', 'h':
		return errors.New("cuts that are set for later aren't known")
	}
	return i.cutHere(0)
}

// cutHere cuts at the cutter after feeding so much. Between it and the head is paper that is
// printed already: without feeding, text may be cut through, as it is in life.
func (i *interpreter) cutHere(feed int) error {
	if err := i.atStart(); err != nil {
		return err
	}
	if i.model.Presenter && feed == 0 {
		feed = i.model.Gap // it brings the end to the cutter by itself
	}
	if err := i.paper.feed(feed); err != nil {
		return err
	}
	i.cut, i.begun = i.paper.height-i.model.Gap, i.paper.height
	return nil
}

// present is Custom's FS P, which cuts what isn't cut yet: how far a ticket looks out of the mouth,
// whether the lamp blinks, and what becomes of one that nobody takes.
func (i *interpreter) present(a []byte) error {
	if !i.model.Custom {
		return errors.New("this command is of Custom's printers alone")
	}
	if a[2] != 'E' && a[2] != 'R' {
		return errors.New("a ticket that nobody takes is ejected (E) or taken back (R)")
	}
	if i.paper.height == i.begun {
		return nil
	}
	return i.cutHere(0)
}

// ejectSize is of Custom's GS e.
func ejectSize(i *interpreter, b []byte) (int, error) {
	if !i.model.Custom {
		return 0, errors.New("this command is of Custom's printers alone")
	}
	if len(b) < 3 {
		return 0, errShort
	}
	switch b[2] {
	case 2, 5: // take back, eject
		return 3, nil
	case 3: // present, so far
		return 4, nil
	case 32: // present, so far, and after a time do what is left
		return 5, nil
	}
	return 0, errors.New("this command to the ejector isn't known")
}

func (i *interpreter) eject([]byte) error { return nil }
