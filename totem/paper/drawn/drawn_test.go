package drawn_test

import (
	"image"
	"testing"

	"github.com/eliminacode/eliminacode/totem/paper/drawn"
)

func style() drawn.Style { return drawn.Style{Size: 26, Align: drawn.Start} }

// ink is the part of a picture that has dots.
func ink(picture *image.Gray) image.Rectangle {
	var found image.Rectangle
	for y := range picture.Rect.Dy() {
		for x := range picture.Rect.Dx() {
			if picture.GrayAt(x, y).Y == 0 {
				found = found.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return found
}

// only is the picture of a text of one line.
func only(t *testing.T, text string, s drawn.Style) *image.Gray {
	t.Helper()
	lines := drawn.Set(text, 576, s).Draw()
	if len(lines) != 1 {
		t.Fatalf("%q has %d lines", text, len(lines))
	}
	return lines[0]
}

func TestWhere(t *testing.T) {
	t.Parallel()
	rtl := style()
	rtl.RTL = true
	middle := style()
	middle.Align = drawn.Center
	for _, tt := range []struct {
		text        string
		style       drawn.Style
		left, right int // dots between the ink and the paper's edge, at most
	}{
		{"Жовтень", style(), 4, 576},
		{"مرحبا", rtl, 576, 4},
		{"مرحبا", style(), 576, 4},             // it is what it is
		{"Comune", rtl, 4, 576},                // on a ticket in Arabic
		{"URP مكتب العلاقات", rtl, 576, 4},     // which begins with Latin letters
		{"Comune كوموني", style(), 4, 576},     // and the other way round
		{"中文", middle, 576/2 - 20, 576/2 - 20}, // 52 dots wide
	} {
		got := ink(only(t, tt.text, tt.style))
		if got.Empty() || got.Min.X > tt.left || 576-got.Max.X > tt.right {
			t.Errorf("%q is at %v", tt.text, got)
		}
	}
}

// TestJoined compares words with their letters kept apart, which take more room.
func TestJoined(t *testing.T) {
	t.Parallel()
	joined := ink(only(t, "بيت", style())).Dx()
	apart := ink(only(t, "ب\u200cي\u200cت", style())).Dx()
	if joined >= apart {
		t.Errorf("joined %d dots wide, apart %d", joined, apart)
	}
}

// TestOrder reads pictures from left to right: each text is drawn as the other one, whose letters
// are in the order in which they are seen.
func TestOrder(t *testing.T) {
	t.Parallel()
	rtl := style()
	rtl.RTL = true
	for _, tt := range []struct {
		name          string
		text          string
		style         drawn.Style
		first, second string // what stands further left, and further right
	}{
		{"number after Arabic", "قبلك 42", rtl, "42", "قبلك"},
		{"number before Arabic", "42 قبلك", rtl, "قبلك", "42"},
		{"two numbers in Arabic", "من 10 إلى 555", rtl, "555", "10"},
		{"number belongs to the Arabic before it", "W مم 42 W", style(), "42", "مم"},
		{"Latin goes on after it", "W مم 42 Ж", style(), "مم", "Ж"},
	} {
		whole := only(t, tt.text, tt.style)
		first, second := find(whole, only(t, tt.first, style())), find(whole, only(t, tt.second, style()))
		if first < 0 || second < 0 || first >= second {
			t.Errorf("%s: %q at %d, %q at %d", tt.name, tt.first, first, tt.second, second)
		}
	}
}

// find is where a picture has another one, from the left; -1: nowhere.
func find(whole, part *image.Gray) int {
	want := ink(part)
	inside := ink(whole)
	for dy := -4; dy <= 4; dy++ { // lines of several scripts may be higher
		for x := inside.Min.X; x+want.Dx() <= inside.Max.X; x++ {
			if same(whole, part, want, x, dy) {
				return x
			}
		}
	}
	return -1
}

// same reports whether nearly all dots are alike.
func same(whole, part *image.Gray, want image.Rectangle, x, dy int) bool {
	differ := 0
	for py := want.Min.Y; py < want.Max.Y; py++ {
		for px := want.Min.X; px < want.Max.X; px++ {
			if whole.GrayAt(x+px-want.Min.X, py+dy).Y != part.GrayAt(px, py).Y {
				differ++
			}
		}
	}
	return differ*8 < want.Dx()*want.Dy()
}

func TestWrap(t *testing.T) {
	t.Parallel()
	middle := style()
	middle.Align = drawn.Center
	for _, tt := range []struct {
		name  string
		text  string
		width int
		style drawn.Style
		lines int
		split bool
	}{
		{"nothing", "", 576, style(), 0, false},
		{"fits", "Жовтень", 576, style(), 1, false},
		{"between words", "Жовтень і листопад", 160, style(), 2, false},
		{"within a word that is too long", "Достопримечательность", 120, style(), 3, true},
		{"between Chinese characters", "此票有效取号机当时没有联网", 140, style(), 3, false},
		{"a range stays whole", "час: 10–\u206015 хвилин", 130, middle, 2, false},
	} {
		text := drawn.Set(tt.text, tt.width, tt.style)
		if text.Lines() != tt.lines || text.SplitsWord() != tt.split {
			t.Errorf("%s: %d lines, splits a word %v; want %d, %v", tt.name, text.Lines(), text.SplitsWord(), tt.lines, tt.split)
		}
		for _, line := range text.Draw() {
			if line.Rect.Dx() != tt.width || ink(line).Empty() {
				t.Errorf("%s: a line of %v with ink %v", tt.name, line.Rect, ink(line))
			}
		}
	}
}

// TestBalanced wants lines in the middle to be about alike.
func TestBalanced(t *testing.T) {
	t.Parallel()
	middle := style()
	middle.Align = drawn.Center
	lines := drawn.Set("Відскануйте код телефоном, щоб стежити за чергою", 576, middle).Draw()
	if len(lines) != 2 || ink(lines[1]).Dx() < ink(lines[0]).Dx()/2 {
		t.Errorf("%d lines, the last one of %v", len(lines), ink(lines[len(lines)-1]))
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	for _, r := range "aÀșŢЯїґ中龘、（Ａعپ،ًﻻ€–„№ \u00a0\u200d" {
		if !drawn.Has(r) {
			t.Errorf("%q %U isn't there", r, r)
		}
	}
	for _, r := range "😀გ한\x00\n\ufdd0\ufffe" {
		if drawn.Has(r) {
			t.Errorf("%q %U is there", r, r)
		}
	}
}

// TestMissing wants what no font has to be seen.
func TestMissing(t *testing.T) {
	t.Parallel()
	if box := ink(only(t, "გ", style())); box.Dx() < 8 || box.Dy() < 12 {
		t.Errorf("a character without a font leaves %v", box)
	}
}

func TestBold(t *testing.T) {
	t.Parallel()
	bold := style()
	bold.Bold = true
	count := func(picture *image.Gray) (n int) {
		for _, p := range picture.Pix {
			if p == 0 {
				n++
			}
		}
		return n
	}
	if thin, thick := count(only(t, "Київ", style())), count(only(t, "Київ", bold)); thick*10 < thin*12 {
		t.Errorf("%d dots are bold, %d aren't", thick, thin)
	}
}

func TestBullet(t *testing.T) {
	t.Parallel()
	item := style()
	item.Bullet = true
	lines := drawn.Set("Старий документ або заява про втрату документа", 384, item).Draw()
	if len(lines) != 2 || ink(lines[0]).Min.X > 6 || ink(lines[1]).Min.X < 16 {
		t.Errorf("%d lines, which begin at %v and %v", len(lines), ink(lines[0]), ink(lines[len(lines)-1]))
	}
}
