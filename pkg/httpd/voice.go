package httpd

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

// voiceFile answers what a page plays.
func (s *Server) voiceFile(c echo.Context) error {
	if s.opt.Voice == nil {
		return echo.ErrNotFound
	}
	if ok, err := s.opt.Voice.Serve(c.Response(), c.Request(), c.Param("*")); err != nil || ok {
		return err
	}
	return echo.ErrNotFound
}

// recording is a clip that the town may record.
type recording struct {
	Clip    string  `json:"clip"`
	Prompt  string  `json:"prompt"`  // what to say
	Seconds float64 `json:"seconds"` // of what is recorded; 0: nothing is
	URL     string  `json:"url"`     // where that is; empty: nothing is
}

// voiceLanguage is a language that the town may lend a voice.
type voiceLanguage struct {
	Language string          `json:"language"`
	Shipped  string          `json:"shipped"` // address of the index of the shipped voice
	Sample   voice.Utterance `json:"sample"`  // how a call is spoken now
	// Counters are the clips of all offices' counters, as far as those can be spoken in clips.
	Counters []string    `json:"counters"`
	Clips    []recording `json:"clips"`
}

// listClips answers what calls are spoken by, and for each language the clips that the town may
// record.
func (s *Server) listClips(c echo.Context) error {
	v := s.opt.Voice
	if v == nil {
		return echo.ErrNotFound
	}
	var answer struct {
		Command   bool            `json:"command"` // one says whole sentences
		Languages []voiceLanguage `json:"languages"`
	}
	answer.Command = v.Commanded()
	counters, err := s.allCounters(c.Request().Context())
	if err != nil {
		return err
	}
	for _, l := range v.Languages() {
		sample, _ := v.Call(l.Name, "A042", "Sportello 3", "")
		out := voiceLanguage{Language: l.Name, Shipped: l.Shipped, Sample: sample, Counters: []string{}}
		for i := range counters {
			for _, clip := range v.Place(l.Name, counters[i].Name.In(l.Name), counters[i].Place.In(l.Name)) {
				if !slices.Contains(out.Counters, clip) {
					out.Counters = append(out.Counters, clip)
				}
			}
		}
		for _, r := range l.Clips {
			out.Clips = append(out.Clips, recording{Clip: r.Name, Prompt: r.Prompt, Seconds: r.Length, URL: r.URL})
		}
		answer.Languages = append(answer.Languages, out)
	}
	return c.JSON(http.StatusOK, answer)
}

// allCounters are the counters of all offices that can be read.
func (s *Server) allCounters(ctx context.Context) (all []queue.Counter, err error) {
	offices, err := s.opt.Journal.Offices(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.eachOffice(ctx, offices, func(_ int, st *queue.State) { all = append(all, st.Config.Counters...) }); err != nil {
		s.opt.Log.Warn("counters whose clips aren't known", "err", err)
	}
	return all, nil
}

// clipPath is the route of a clip, whose body is a sound.
const clipPath = "/api/v1/voice/:lang/:clip"

// putClip keeps a recording of a clip.
func (s *Server) putClip(c echo.Context) error {
	body, err := s.readBody(c)
	if err != nil {
		return err
	}
	if s.opt.Voice == nil {
		return echo.ErrNotFound
	}
	return changedClip(c, s.opt.Voice.Record(c.Param("lang"), c.Param("clip"), body))
}

// deleteClip takes a recording back.
func (s *Server) deleteClip(c echo.Context) error {
	if s.opt.Voice == nil {
		return echo.ErrNotFound
	}
	return changedClip(c, s.opt.Voice.Forget(c.Param("lang"), c.Param("clip")))
}

func changedClip(c echo.Context, err error) error {
	switch {
	case errors.Is(err, voice.ErrNoClip):
		return refuse(queue.NotFound, reasonNoClip)
	case errors.Is(err, voice.ErrUnfit):
		return invalid("", reasonUnfitClip)
	case err != nil:
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
