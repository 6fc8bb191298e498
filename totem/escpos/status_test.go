package escpos_test

import (
	"slices"
	"testing"

	"github.com/eliminacode/eliminacode/totem/escpos"
)

func TestStatusVectors(t *testing.T) {
	t.Parallel()

	custom := profile(t, "custom-vkp80iii")
	for _, tt := range []struct {
		name   string
		alarms escpos.Alarm
		state  escpos.State
		reason escpos.Reason
	}{
		{"all well", escpos.RealTimeAlarms([4]byte{0x12, 0x12, 0x12, 0x12}), escpos.StateReady, ""},
		{"drawer's bit", escpos.RealTimeAlarms([4]byte{0x16, 0x12, 0x12, 0x12}), escpos.StateReady, ""},
		{"offline, paper end, near end", escpos.RealTimeAlarms([4]byte{0x1a, 0x32, 0, 0x7e}), escpos.StatePaperOut, escpos.ReasonPaperOut},
		{"near end", escpos.RealTimeAlarms([4]byte{0x12, 0x12, 0x12, 0x1e}), escpos.StatePaperLow, ""},
		{"cover", escpos.RealTimeAlarms([4]byte{0x1a, 0x16, 0x12, 0x12}), escpos.StateCoverOpen, escpos.ReasonCoverOpen},
		{"cover and paper", escpos.RealTimeAlarms([4]byte{0x1a, 0x36, 0x12, 0x72}), escpos.StateCoverOpen, escpos.ReasonCoverOpen},
		{"cutter", escpos.RealTimeAlarms([4]byte{0x1a, 0x52, 0x1a, 0x12}), escpos.StateCutterError, escpos.ReasonCutterError},
		{"mechanical", escpos.RealTimeAlarms([4]byte{0x1a, 0x52, 0x16, 0x12}), escpos.StateError, escpos.ReasonMechanical},
		{"unrecoverable", escpos.RealTimeAlarms([4]byte{0x1a, 0x52, 0x32, 0x12}), escpos.StateError, escpos.ReasonUnrecoverable},
		{"head hot", escpos.RealTimeAlarms([4]byte{0x1a, 0x52, 0x52, 0x12}), escpos.StateError, escpos.ReasonHeadHot},
		{"an error it doesn't name", escpos.RealTimeAlarms([4]byte{0x1a, 0x52, 0x12, 0x12}), escpos.StateError, escpos.ReasonError},
		{"button", escpos.RealTimeAlarms([4]byte{0x5a, 0x1a, 0x12, 0x12}), escpos.StateOffline, escpos.ReasonFeeding},
		{"recovering", escpos.RealTimeAlarms([4]byte{0x3a, 0x12, 0x12, 0x12}), escpos.StateOffline, escpos.ReasonRecovering},
		{"offline", escpos.RealTimeAlarms([4]byte{0x1a, 0x12, 0x12, 0x12}), escpos.StateOffline, escpos.ReasonOffline},

		{"automatic: well", escpos.AutomaticAlarms([4]byte{0x10, 0, 0, 0}), escpos.StateReady, ""},
		{"automatic: low", escpos.AutomaticAlarms([4]byte{0x10, 0, 0x03, 0}), escpos.StatePaperLow, ""},
		{"automatic: out", escpos.AutomaticAlarms([4]byte{0x18, 0, 0x0f, 0}), escpos.StatePaperOut, escpos.ReasonPaperOut},
		{"automatic: cover", escpos.AutomaticAlarms([4]byte{0x38, 0, 0, 0}), escpos.StateCoverOpen, escpos.ReasonCoverOpen},
		{"automatic: cutter", escpos.AutomaticAlarms([4]byte{0x18, 0x08, 0, 0}), escpos.StateCutterError, escpos.ReasonCutterError},
		{"automatic: hot", escpos.AutomaticAlarms([4]byte{0x18, 0x40, 0, 0}), escpos.StateError, escpos.ReasonHeadHot},

		{"GS r: well", escpos.InOrderAlarms(0), escpos.StateReady, ""},
		{"GS r: low", escpos.InOrderAlarms(0x03), escpos.StatePaperLow, ""},
		{"GS r: out", escpos.InOrderAlarms(0x0f), escpos.StatePaperOut, escpos.ReasonPaperOut},

		{"full: well", custom.FullAlarms([4]byte{}), escpos.StateReady, ""},
		{"full: no notch", custom.FullAlarms([4]byte{0x80}), escpos.StateReady, ""},
		{"full: low", custom.FullAlarms([4]byte{0x04}), escpos.StatePaperLow, ""},
		{"full: out", custom.FullAlarms([4]byte{0x05}), escpos.StatePaperOut, escpos.ReasonPaperOut},
		{"full: in the mouth", custom.FullAlarms([4]byte{0x20}), escpos.StateReady, escpos.ReasonTicketInMouth},
		{"full: low, in the mouth", custom.FullAlarms([4]byte{0x24}), escpos.StatePaperLow, escpos.ReasonTicketInMouth},
		{"full: cover", custom.FullAlarms([4]byte{0, 0x02}), escpos.StateCoverOpen, escpos.ReasonCoverOpen},
		{"full: head up", custom.FullAlarms([4]byte{0, 0x01}), escpos.StateCoverOpen, escpos.ReasonCoverOpen},
		{"full: at work", custom.FullAlarms([4]byte{0, 0x0c}), escpos.StateReady, ""},
		{"full: hot", custom.FullAlarms([4]byte{0, 0, 0x01}), escpos.StateError, escpos.ReasonHeadHot},
		{"full: voltage", custom.FullAlarms([4]byte{0, 0, 0x08}), escpos.StateError, escpos.ReasonVoltage},
		{"full: jam", custom.FullAlarms([4]byte{0, 0, 0x40}), escpos.StateError, escpos.ReasonJam},
		{"full: cutter", custom.FullAlarms([4]byte{0, 0, 0, 0x01}), escpos.StateCutterError, escpos.ReasonCutterError},
		{"full: memory", custom.FullAlarms([4]byte{0, 0, 0, 0x04}), escpos.StateError, escpos.ReasonUnrecoverable},
	} {
		if got, want := tt.alarms.Status(), (escpos.Status{State: tt.state, Reason: tt.reason}); got != want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, want)
		}
	}
}

func TestDecoder(t *testing.T) {
	t.Parallel()

	one := func(kind escpos.Kind, b byte) escpos.Answer { return escpos.Answer{Kind: kind, Bytes: [4]byte{b}} }
	for _, tt := range []struct {
		name string
		back escpos.WayBack
		in   []byte
		want []escpos.Answer
	}{
		{"DLE EOT", escpos.WayBackAsk, []byte{0x1a, 0x32, 0x7e, 0x16}, []escpos.Answer{
			one(escpos.RealTime, 0x1a), one(escpos.RealTime, 0x32), one(escpos.RealTime, 0x7e), one(escpos.RealTime, 0x16),
		}},
		{"GS r", escpos.WayBackAsk, []byte{0x00, 0x0f}, []escpos.Answer{one(escpos.InOrder, 0), one(escpos.InOrder, 0x0f)}},
		{"automatic amid flow control", escpos.WayBackASB, []byte{0x11, 0x18, 0x13, 0x00, 0x11, 0x0f, 0x00, 0x00, 0x12}, []escpos.Answer{
			one(escpos.Resume, 0x11), one(escpos.Pause, 0x13), one(escpos.Resume, 0x11),
			{Kind: escpos.Automatic, Bytes: [4]byte{0x18, 0, 0x0f, 0}},
			one(escpos.InOrder, 0), one(escpos.RealTime, 0x12),
		}},
		{"an automatic one that breaks off", escpos.WayBackASB, []byte{0x18, 0x00, 0x12, 0x00}, []escpos.Answer{
			one(escpos.Stray, 0x18), one(escpos.Stray, 0x00), one(escpos.RealTime, 0x12), one(escpos.InOrder, 0),
		}},
		{"full", escpos.WayBackFull, []byte{0x10, 0x0f, 0x20, 0x11, 0x10, 0x0f, 0x00}, []escpos.Answer{
			{Kind: escpos.Full, Bytes: [4]byte{0x20, 0x11, 0x10, 0x0f}}, one(escpos.InOrder, 0),
		}},
		{"no full one", escpos.WayBackFull, []byte{0x10, 0x10, 0x0f, 1, 2, 3, 4}, []escpos.Answer{
			one(escpos.Stray, 0x10), {Kind: escpos.Full, Bytes: [4]byte{1, 2, 3, 4}},
		}},
		{"rubbish", escpos.WayBackAsk, []byte{0xff, 0x80}, []escpos.Answer{one(escpos.Stray, 0xff), one(escpos.Stray, 0x80)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := escpos.NewDecoder(tt.back).Decode(tt.in); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// FuzzStatus feeds anything, in any pieces: the answers don't depend on the pieces, account for
// every byte but those of one that isn't complete yet, and each has a status.
func FuzzStatus(f *testing.F) {
	f.Add([]byte{0x1a, 0x32, 0x7e}, uint8(1), uint8(0))
	f.Add([]byte{0x18, 0x13, 0x00, 0x0f, 0x00, 0x00}, uint8(2), uint8(1))
	f.Add([]byte{0x10, 0x0f, 0x20, 0x00, 0x40, 0x01}, uint8(3), uint8(2))
	f.Add([]byte{0x10, 0x10, 0x10, 0x0f, 0x10}, uint8(1), uint8(2))
	p, _ := escpos.ProfileByName("custom-vkp80iii")
	f.Fuzz(func(t *testing.T, said []byte, piece, back uint8) {
		way := []escpos.WayBack{escpos.WayBackAsk, escpos.WayBackASB, escpos.WayBackFull}[back%3]
		whole := escpos.NewDecoder(way).Decode(said)
		var pieces []escpos.Answer
		decoder := escpos.NewDecoder(way)
		for part := range slices.Chunk(said, int(piece)+1) {
			pieces = append(pieces, decoder.Decode(part)...)
		}
		if !slices.Equal(whole, pieces) {
			t.Fatalf("%x: as a whole %v, in pieces %v", said, whole, pieces)
		}
		bytes := 0
		for _, answer := range whole {
			switch answer.Kind {
			case escpos.Automatic:
				bytes += 4
			case escpos.Full:
				bytes += 6
			default:
				bytes++
			}
			for _, alarms := range []escpos.Alarm{
				escpos.RealTimeAlarms(answer.Bytes), escpos.AutomaticAlarms(answer.Bytes), escpos.InOrderAlarms(answer.Bytes[0]), p.FullAlarms(answer.Bytes),
			} {
				if status := alarms.Status(); !status.State.Prints() && status.Reason == "" {
					t.Fatalf("%v has no reason: %v", answer, status)
				}
			}
		}
		if open := len(said) - bytes; open < 0 || open > 5 {
			t.Fatalf("%x: %d bytes of %d are in answers", said, bytes, len(said))
		}
	})
}
