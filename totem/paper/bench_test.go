package paper_test

import (
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/paper"
)

func BenchmarkPrint(b *testing.B) {
	p, _ := escpos.ProfileByName("escpos")
	for _, lang := range words.Spoken {
		b.Run(lang, func(b *testing.B) {
			t := paper.Ticket{
				Office: "Comune di Empoli", Number: "A042", Channel: channels[lang][0], ChannelIt: "Servizi anagrafici", Language: lang, Ahead: 3,
				Issued: time.Now(), Wait: &paper.Range{Low: 10 * time.Minute, High: 15 * time.Minute}, URL: "https://a.example/t/ABCDEFGHIJKLMNOPQRSTUVWXYZ", Bring: channels[lang][1],
			}
			for b.Loop() {
				job, _ := paper.Print(t, p)
				b.ReportMetric(float64(len(job)), "B/job")
			}
		})
	}
}
