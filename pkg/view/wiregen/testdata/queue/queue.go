// Package queue stands for the domain package whose types the wire mentions.
package queue

// ChannelID names a channel.
type ChannelID string

// Seq counts events.
type Seq uint64

// Clock is a time of day.
type Clock int

// MarshalText writes 08:30.
func (c Clock) MarshalText() ([]byte, error) { return nil, nil }

// Outcome is what was done for the citizen.
type Outcome struct {
	Service  string `json:"service"`
	Quantity int    `json:"quantity"`
}
