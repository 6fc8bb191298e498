// Package queue holds every rule of an office's queue and nothing else.
//
// It is two pure functions: [Decide] reads the state, a command and the time and
// answers with events or a [Refusal]; [State.Apply] brings an event into the
// state. [State.Execute] is the two in their one right order. There is no clock,
// no I/O, no randomness and no goroutine in here: time and new identifiers come
// with the command. The server, the tests, the replay of a past day, the wait
// estimator and the simulator all run this same code.
//
// Times are given in the office's own zone ([Config.Location]); the service day
// and the opening hours are read from them.
package queue
