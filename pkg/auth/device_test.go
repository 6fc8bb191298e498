package auth_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
)

func TestDevice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	device, token, err := b.CreateDevice(t.Context(), auth.Totem, "empoli", "t1")
	if err != nil {
		t.Fatal(err)
	}
	spare, spareToken, err := b.CreateDevice(t.Context(), auth.Totem, "empoli", "t1")
	if err != nil {
		t.Fatal(err)
	}
	if spare.ID == device.ID || spareToken == token {
		t.Error("two devices are one")
	}
	b.pass(365 * 24 * time.Hour)
	identity, err := b.Identify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Identity{Kind: auth.KindDevice, Name: device.ID, DeviceKind: auth.Totem, Office: "empoli", Target: "t1"}
	if diff := cmp.Diff(want, identity); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	seen := b.clock()
	b.pass(50 * time.Second) // too little to be written down
	if _, err := b.Identify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	device.SeenAt = seen
	devices, err := b.Devices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(devices) == 2 && devices[0].ID != device.ID {
		devices[0], devices[1] = devices[1], devices[0] // paired at the same moment: their order is by chance
	}
	if diff := cmp.Diff([]auth.Device{device, spare}, devices); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	b.pass(-365 * 24 * time.Hour) // the clock was ahead
	if _, err := b.Identify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if devices, err = b.Devices(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, d := range devices {
		if d.SeenAt.After(b.clock()) {
			t.Errorf("seen at %v, which is still to come", d.SeenAt)
		}
	}

	if err := b.RevokeDevice(t.Context(), device.ID); err != nil {
		t.Fatal(err)
	}
	_, err = b.Identify(t.Context(), token)
	wantCode(t, err, auth.Unauthenticated)
	if _, err := b.Identify(t.Context(), spareToken); err != nil {
		t.Errorf("the spare one: %v", err)
	}
	wantCode(t, b.RevokeDevice(t.Context(), device.ID), auth.Unknown)
}

func TestCreateDeviceRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	long := strings.Repeat("x", 65)
	for _, tt := range []struct {
		kind           auth.DeviceKind
		office, target string
		field          string
	}{
		{"printer", "empoli", "t1", "kind"},
		{auth.Display, "", "sala", "office"},
		{auth.Display, long, "sala", "office"},
		{auth.Display, "empoli", "", "target"},
		{auth.Display, "empoli", long, "target"},
		{auth.Totem, "empoli\x00", "t1", "office"},
		{auth.Totem, "empoli", "t\x001", "target"},
		{auth.Totem, "empoli", "t\xff1", "target"},
	} {
		_, _, err := b.CreateDevice(t.Context(), tt.kind, tt.office, tt.target)
		wantInvalid(t, err, tt.field, auth.Malformed)
	}
}

// TestStrangeKeysAreUnknown has what only one of the two databases would look for.
func TestStrangeKeysAreUnknown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, key := range []string{"\x00", "anna\x00", "\xff"} {
		wantCode(t, b.RevokeDevice(t.Context(), key), auth.Unknown)
		wantCode(t, b.ChangeUser(t.Context(), key, auth.Change{Disabled: new(true)}), auth.Unknown)
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dev, ok := b.Dev("development")
	if !ok {
		t.Fatal("the development token is refused")
	}
	for _, wrong := range []string{"", "developmen", "development ", "DEVELOPMENT"} {
		if _, ok := b.Dev(wrong); ok {
			t.Errorf("%q is accepted", wrong)
		}
	}
	if _, ok := auth.New(b.db, auth.Options{Now: b.clock}).Dev(""); ok {
		t.Error("no token is accepted")
	}
	user := func(role auth.Role, offices ...string) auth.Identity {
		return auth.Identity{Kind: auth.KindUser, Name: "anna", Role: role, Offices: offices}
	}
	device := func(kind auth.DeviceKind) auth.Identity {
		return auth.Identity{Kind: auth.KindDevice, DeviceKind: kind, Office: "empoli", Target: "x"}
	}
	for _, tt := range []struct {
		who   auth.Identity
		actor string
		// operate, supervise, administer and issue in Empoli, the same in Vinci, manage, be the
		// display x of Empoli, be the display y
		may string
	}{
		{auth.Identity{}, "public", "-----------"},
		{user(auth.Operator), "user/anna", "o--iO--I---"},
		{user(auth.Supervisor), "user/anna", "os-iOS-I---"},
		{user(auth.Admin), "user/anna", "osaiOSAIm--"},
		{user(auth.Operator, "empoli"), "user/anna", "o--i-------"},
		{user(auth.Supervisor, "vinci", "certaldo"), "user/anna", "----OS-I---"},
		{user(auth.Admin, "empoli"), "user/anna", "osai-------"},
		{user(auth.Admin, "empoli", "vinci"), "user/anna", "osaiOSAI---"},
		{user("king"), "user/anna", "-----------"},
		{device(auth.Totem), "totem/x", "---i-------"},
		{device(auth.Display), "display/x", "---------x-"},
		{dev, "dev", "osaiOSAImxy"},
	} {
		var may strings.Builder
		for n, can := range []bool{
			tt.who.MayOperate("empoli"), tt.who.MaySupervise("empoli"), tt.who.MayAdminister("empoli"), tt.who.MayIssue("empoli"),
			tt.who.MayOperate("vinci"), tt.who.MaySupervise("vinci"), tt.who.MayAdminister("vinci"), tt.who.MayIssue("vinci"),
			tt.who.MayManage(), tt.who.Is(auth.Display, "empoli", "x"), tt.who.Is(auth.Display, "empoli", "y"),
		} {
			if can {
				may.WriteByte("osaiOSAImxy"[n])
			} else {
				may.WriteByte('-')
			}
		}
		if got := may.String(); got != tt.may || tt.who.Actor() != tt.actor {
			t.Errorf("%+v: %s, %s; want %s, %s", tt.who, got, tt.who.Actor(), tt.may, tt.actor)
		}
	}
	if text := fmt.Sprint(&auth.Error{Code: auth.Forbidden}); text != "forbidden" {
		t.Errorf("error text %q", text)
	}
}
