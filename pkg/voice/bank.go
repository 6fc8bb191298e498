package voice

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"strings"
)

//go:embed clips/*.opus clips/*.json
var clipFiles embed.FS

// pauseSeconds is how long the clips are that are pauses: of a comma, and between two sentences.
var pauseSeconds = map[string]float64{pause: 0.22, ".": 0.5}

// Index is what a page needs to speak in a voice.
type Index struct {
	Sound  string             `json:"sound,omitempty"` // address of the file that has all clips
	Clips  map[string]any     `json:"clips"`           // [begin, length] in that file, or [Single]; seconds
	Pauses map[string]float64 `json:"pauses"`          // of the clips that are silence, seconds
}

// Single is a clip with a file of its own.
type Single struct {
	URL    string  `json:"url"`
	Length float64 `json:"length"` // seconds
}

// bank is a shipped voice.
type bank struct {
	address string            // of its index
	index   []byte            // JSON
	sound   []byte            // Ogg Opus
	ends    map[string]string // the clips that a sentence may end with, by those within it
}

func shippedBanks() (all [len(letters)]bank) {
	for at, lang := range spoken {
		sound, _ := clipFiles.ReadFile("clips/" + lang + ".opus") // embedded
		index, _ := clipFiles.ReadFile("clips/" + lang + ".json")
		x := Index{Sound: "/voice/" + lang + ".opus?" + tag(sound), Pauses: pauseSeconds}
		if err := json.Unmarshal(index, &x); err != nil {
			panic("voice: clips of " + lang + ": " + err.Error())
		}
		b := bank{sound: sound, ends: map[string]string{}}
		for name := range x.Clips {
			if within, end := strings.CutSuffix(name, "."); end {
				b.ends[within] = name
			}
		}
		b.index, _ = json.Marshal(x) // numbers and strings
		b.address = "/voice/" + lang + ".json?" + tag(b.index)
		all[at] = b
	}
	return all
}

// tag stands for a content in the addresses of it.
func tag(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

// File is what is at an address of a voice, without "/voice/" and the query: an index or the sound
// of a shipped voice. ok is false if nothing is there, or what is in a file: a clip of the town's
// own, and what the command says, see [Voice.Said].
func (v *Voice) File(name string) (content []byte, kind string, ok bool) {
	lang, rest, _ := strings.Cut(name, ".")
	switch at := column(lang); {
	case at >= 0 && rest == "json":
		return v.shipped[at].index, "application/json", true
	case at >= 0 && rest == "opus":
		return v.shipped[at].sound, "audio/ogg", true
	}
	content, ok = v.own.list(name)
	return content, "application/json", ok
}
