// Package voice turns what is to be spoken into sounds that a page can play: recorded clips, one
// after another, or the sound of a whole sentence that a command of the town's choice makes.
package voice

import "github.com/eliminacode/eliminacode/pkg/queue"

// Utterance is one sentence in one voice.
type Utterance struct {
	Language string   `json:"language"`
	Voice    string   `json:"voice"`    // address of the index of the voice's clips
	Clips    []string `json:"clips"`    // their names, in order; "," is a pause
	Sentence string   `json:"sentence"` // address of the sound of the whole, better than the clips if it comes in time; empty: there is none
}

// Voice says what an office speaks with. It is safe for use by several goroutines.
type Voice struct{}

// Call is how a number is called to a counter with a name and perhaps a place. ok is false for a
// language that nothing can be said in.
func (v *Voice) Call(lang, number, name, place string) (u Utterance, ok bool) {
	return Utterance{}, false
}

// Notice is how a text is read aloud, in each of its languages that can be: none if nothing reads
// whole sentences.
func (v *Voice) Notice(text queue.Text) []Utterance { return nil }
