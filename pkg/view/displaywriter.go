package view

import (
	"encoding/json"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Monitors writes the views of an office's monitors as they go over the wire. They are almost the same, so what they have in common is
// written once. What it writes equals, but for the order of the fields, the [Message] of a [Display] as encoding/json writes it.
type Monitors struct {
	common   []byte // the message up to what each monitor has of its own
	channels map[queue.ChannelID][]byte
}

// NewMonitors writes what the monitors' views have in common.
func NewMonitors(public *Public) (*Monitors, error) {
	envelope, err := json.Marshal(struct {
		Message
		View *struct{} `json:"view,omitempty"` // stands before the message's own, and is never there
	}{Message: Message{Type: "view", Seq: public.Seq, At: public.At}})
	if err != nil {
		return nil, err
	}
	view, err := json.Marshal(struct {
		*Public
		Channels *struct{} `json:"channels,omitempty"`
	}{Public: public})
	if err != nil {
		return nil, err
	}
	m := &Monitors{channels: map[queue.ChannelID][]byte{}}
	for i := range public.Channels {
		c := &public.Channels[i]
		if m.channels[c.ID], err = json.Marshal(c); err != nil {
			return nil, err
		}
	}
	m.common = append(envelope[:len(envelope)-1], `,"view":`...)
	m.common = append(m.common, view[:len(view)-1]...) // both without their closing brace
	return m, nil
}

// Message writes the view of one monitor, made of the same public view.
func (m *Monitors) Message(v *Display) ([]byte, error) {
	monitor, err := json.Marshal(v.Display)
	if err != nil {
		return nil, err
	}
	size := len(m.common) + len(monitor) + 32
	for i := range v.Channels {
		size += len(m.channels[v.Channels[i].ID]) + 1
	}
	b := make([]byte, 0, size)
	b = append(b, m.common...)
	b = append(b, `,"channels":[`...)
	for i := range v.Channels {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, m.channels[v.Channels[i].ID]...)
	}
	b = append(b, `],"display":`...)
	b = append(b, monitor...)
	return append(b, '}', '}'), nil
}
