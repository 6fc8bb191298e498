package agent_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestJournalDamaged spoils what the journal says of tickets that were given without the server: no
// number comes twice. There are others once the office has been asked, and the damage is noted
// once.
func TestJournalDamaged(t *testing.T) {
	t.Parallel()
	s, k := newCutOff(t)
	first := k.take("1")
	k.until("printed", func() bool { return k.ticket(string(first.ID)).Printed == "yes" })
	k.stop()
	name := filepath.Join(k.opt.Folder, "journal.log")
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := bytes.Replace(content, []byte(`"k":"offline"`), []byte(`"k":"offlinx"`), 1)
	if bytes.Equal(spoilt, content) {
		t.Fatal("the journal has no ticket")
	}
	if err := os.WriteFile(name, spoilt, 0o600); err != nil {
		t.Fatal(err)
	}
	k.start()
	if r := k.ask("2", "anagrafe"); r.code() != "503 unavailable offline_numbers_gone" {
		t.Errorf("without the server, once it isn't known which numbers were given: %s %s", r.code(), r.body)
	}
	k.restart()
	s.set(none)
	k.online()
	s.set(cut)
	k.offline()
	if next := k.take("3"); next.Number == first.Number || !next.Offline {
		t.Errorf("%s, and then %s", first.Number, next.Number)
	}
	kept, err := filepath.Glob(filepath.Join(k.opt.Folder, "journal.damaged-*"))
	if err != nil || len(kept) != 1 {
		t.Errorf("kept for somebody to look at: %v, %v", kept, err)
	}
}
