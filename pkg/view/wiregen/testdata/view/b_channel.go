package view

import "example.test/wire/queue"

type (
	// Channel is a queue.
	Channel struct {
		ID    queue.ChannelID `json:"id"`
		State State           `json:"state"`
		Names Names           `json:"names"`
	}

	// State is how a channel is: a comment must not end at */ early.
	State string

	// Names has a name per language.
	Names map[string]string
)

// Wait is in seconds.
type Wait struct {
	Low int `json:"low_s"`
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T `json:"items"`
	Next  *T  `json:"next"`
}

// Options is not for the wire.
type Options struct {
	Notify func()
}
