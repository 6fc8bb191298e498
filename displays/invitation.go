package displays

import (
	"html/template"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// InvitationPage is what [Invitation] takes: the page that somebody opens by scanning a kiosk's
// screen. Its visit is the office's, without a ticket.
type InvitationPage struct {
	TicketPage

	// Gone is whether the invitation holds no longer, or never did.
	Gone bool
	// Why is why there was no ticket; nil: nobody has asked for it yet.
	Why queue.Text
}

// Invitation parses the page, a template of [InvitationPage].
func Invitation() (*template.Template, error) { return parse("invitation/index.html") }

// Offers is whether the ticket can be taken.
func (p InvitationPage) Offers() bool { return !p.Gone && p.Why == nil }

// Title says what the page is about.
func (p InvitationPage) Title() queue.Text {
	switch {
	case p.Gone:
		return p.Say("ticket", "code_gone")
	case p.Why != nil:
		return p.Say("ticket", "not_given")
	}
	return p.Say("ticket", "label")
}

// Next says what to do where the ticket can't be taken.
func (p InvitationPage) Next() queue.Text {
	if p.Gone {
		return p.Say("ticket", "code_gone_means")
	}
	return p.Say("ticket", "not_given_means")
}
