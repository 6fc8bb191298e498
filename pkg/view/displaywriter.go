package view

import (
	"encoding/json"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// DisplayWriter writes the views of an office's monitors as they go over the wire. They are almost
// the same, so what they have in common is written once. What it writes equals, but for the order
// of the fields, the [Message] of a [DisplayPage] as encoding/json writes it.
type DisplayWriter struct {
	common   []byte // the message up to what each monitor has of its own
	channels map[queue.ChannelID][]byte
}

// NewDisplayWriter writes what the monitors' views have in common.
func NewDisplayWriter(s *Scene) (*DisplayWriter, error) {
	public := NewPublicPage(s)
	envelope, err := json.Marshal(struct {
		Message
		View *struct{} `json:"view,omitempty"` // stands before the message's own, and is never there
	}{Message: Message{Type: "view", Seq: public.Seq, At: public.At}})
	if err != nil {
		return nil, err
	}
	view, err := json.Marshal(struct {
		*PublicPage
		Channels *struct{} `json:"channels,omitempty"`
	}{PublicPage: public})
	if err != nil {
		return nil, err
	}
	w := &DisplayWriter{channels: map[queue.ChannelID][]byte{}}
	for i := range public.Channels {
		c := &public.Channels[i]
		if w.channels[c.ID], err = json.Marshal(c); err != nil {
			return nil, err
		}
	}
	w.common = append(envelope[:len(envelope)-1], `,"view":`...)
	w.common = append(w.common, view[:len(view)-1]...) // both without their closing brace
	return w, nil
}

// Message writes the view of one monitor, made of the same public view.
func (w *DisplayWriter) Message(v *DisplayPage) ([]byte, error) {
	monitor, err := json.Marshal(v.Display)
	if err != nil {
		return nil, err
	}
	size := len(w.common) + len(monitor) + 32
	for i := range v.Channels {
		size += len(w.channels[v.Channels[i].ID]) + 1
	}
	b := make([]byte, 0, size)
	b = append(b, w.common...)
	b = append(b, `,"channels":[`...)
	for i := range v.Channels {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, w.channels[v.Channels[i].ID]...)
	}
	b = append(b, `],"display":`...)
	b = append(b, monitor...)
	return append(b, '}', '}'), nil
}
