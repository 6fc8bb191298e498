// Package virtual is a ticket printer without paper: an interpreter of ESC/POS that knows every
// byte of a job or says which one it doesn't, draws what comes out, and a machine that speaks on
// TCP as the real ones do, with their faults.
//
// It is written from the makers' descriptions of the commands, and shares no code with the encoder
// of package escpos: each is the other's check.
package virtual
