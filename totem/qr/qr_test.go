package qr_test

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/totem/qr"
)

// TestSVG draws the path of the image again and compares every module.
func TestSVG(t *testing.T) {
	t.Parallel()
	code, err := qr.Encode("https://coda.comune.example.it/t/LGDG2HCE3LKITMMT57MCALQBKN")
	if err != nil {
		t.Fatal(err)
	}
	var image struct {
		ViewBox string `xml:"viewBox,attr"`
		Paths   []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(code.SVG(), &image); err != nil {
		t.Fatal(err)
	}
	side := code.Size + 2*qr.Quiet
	if want := fmt.Sprintf("0 0 %d %d", side, side); image.ViewBox != want {
		t.Errorf("viewBox %q, want %q", image.ViewBox, want)
	}
	black := map[[2]int]bool{}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(image.Paths[1].D, -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(run[i+1])
		}
		if n[2] != n[3] {
			t.Fatalf("a run that doesn't close: %s", run[0])
		}
		for i := range n[2] {
			black[[2]int{n[0] + i, n[1]}] = true
		}
	}
	for y := range side {
		for x := range side {
			if got, want := black[[2]int{x, y}], code.Black(x-qr.Quiet, y-qr.Quiet); got != want {
				t.Fatalf("module %d,%d: black %t, want %t", x, y, got, want)
			}
		}
	}
}

func TestTooLong(t *testing.T) {
	t.Parallel()
	if _, err := qr.Encode(strings.Repeat("x", 5000)); err == nil {
		t.Error("5,000 bytes fit")
	}
}
