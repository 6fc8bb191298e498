// Package estimate says how long people will wait. It follows an office event by event, learns how
// long its visits last and when its counters call, and plays the office forward from the state that
// it is in, some hundred times, by the rules of package queue: the waits of all who wait, and of
// somebody who comes now, are read from the same plays. There is no formula.
//
// It has no clock and draws the same for the same state: whoever asks twice gets one answer.
package estimate
