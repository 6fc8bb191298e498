// Package sound is what speech needs of sound: one channel of samples, read from and written as a
// WAV file, trimmed, and brought to a loudness. It plays nothing and knows no words.
package sound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// Sound is one channel of samples between -1 and 1.
type Sound struct {
	Rate    int // samples a second
	Samples []float64
}

// Length is how long it takes to play.
func (s Sound) Length() time.Duration {
	if s.Rate == 0 {
		return 0
	}
	return time.Duration(float64(len(s.Samples)) / float64(s.Rate) * float64(time.Second))
}

// header is the length of the header that [Sound.WAV] writes.
const header = 44

// Read reads a WAV file of one channel of 16 bits, at 8 to 48 kHz. A file that ends before its
// header says, as those do that a program wrote into a pipe, is read to its end.
func Read(b []byte) (Sound, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return Sound{}, errors.New("not a WAV file")
	}
	rate := 0
	for rest := b[12:]; len(rest) >= 8; {
		kind, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:8]))
		rest = rest[8:]
		body := rest[:min(size, int64(len(rest)))]
		switch kind {
		case "fmt ":
			if len(body) < 16 {
				return Sound{}, errors.New("a WAV file with half a header")
			}
			coding, channels := binary.LittleEndian.Uint16(body), binary.LittleEndian.Uint16(body[2:])
			bits := binary.LittleEndian.Uint16(body[14:])
			extensible := coding == 0xFFFE && len(body) >= 26 && binary.LittleEndian.Uint16(body[24:]) == 1
			rate = int(binary.LittleEndian.Uint32(body[4:]))
			if coding != 1 && !extensible || channels != 1 || bits != 16 || rate < 8000 || rate > 48000 {
				return Sound{}, fmt.Errorf("%d channels of %d bits at %d Hz, in coding %d: one channel of 16 bits is wanted, at 8 to 48 kHz", channels, bits, rate, coding)
			}
		case "data":
			if rate == 0 {
				return Sound{}, errors.New("a WAV file without a header")
			}
			s := Sound{Rate: rate, Samples: make([]float64, len(body)/2)}
			for i := range s.Samples {
				s.Samples[i] = float64(int16(binary.LittleEndian.Uint16(body[2*i:]))) / 32768
			}
			return s, nil
		}
		rest = rest[min(size+size%2, int64(len(rest))):]
	}
	return Sound{}, errors.New("a WAV file without sound")
}

// WAV is the sound as a file of 16 bits.
func (s Sound) WAV() []byte {
	b := make([]byte, 0, header+2*len(s.Samples))
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(header-8+2*len(s.Samples)))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(s.Rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(2*s.Rate))
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(2*len(s.Samples)))
	for _, v := range s.Samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(math.Round(32767*max(-1, min(1, v))))))
	}
	return b
}
