// Package escpos prints on ticket printers that speak ESC/POS: it makes the bytes of a job, brings
// them to the printer, and finds out what became of the paper.
//
// It knows printers by a table of profiles, and nothing of tickets: what stands on one is for
// totem/paper to say, and what follows from a ticket that didn't print for totem/agent. A job is
// sent once. Whether to print again is never decided here.
package escpos
