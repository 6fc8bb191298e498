package escpos

// Alarm is a set of things that a printer says.
type Alarm uint16

// The alarms.
const (
	AlarmUnrecoverable Alarm = 1 << iota
	AlarmCover
	AlarmPaperOut
	AlarmCutter
	AlarmJam
	AlarmMechanical
	AlarmVoltage
	AlarmHeadHot
	AlarmError // one of the above, without saying which
	AlarmFeeding
	AlarmRecovering
	AlarmOffline
	AlarmPaperLow
	AlarmTicketInMouth
	AlarmBusy
)

// worst is what each alarm means for who waits, the worst first: the cover before the paper, which
// nobody sees while the cover is open.
var worst = []struct {
	alarm  Alarm
	status Status
}{
	{AlarmUnrecoverable, Status{StateError, ReasonUnrecoverable}},
	{AlarmCover, Status{StateCoverOpen, ReasonCoverOpen}},
	{AlarmPaperOut, Status{StatePaperOut, ReasonPaperOut}},
	{AlarmCutter, Status{StateCutterError, ReasonCutterError}},
	{AlarmJam, Status{StateError, ReasonJam}},
	{AlarmMechanical, Status{StateError, ReasonMechanical}},
	{AlarmVoltage, Status{StateError, ReasonVoltage}},
	{AlarmHeadHot, Status{StateError, ReasonHeadHot}},
	{AlarmError, Status{StateError, ReasonError}},
	{AlarmFeeding, Status{StateOffline, ReasonFeeding}},
	{AlarmRecovering, Status{StateOffline, ReasonRecovering}},
	{AlarmOffline, Status{StateOffline, ReasonOffline}},
}

// passing are the alarms that end by themselves: a job goes on afterwards as if nothing had been.
const passing = AlarmHeadHot | AlarmFeeding | AlarmRecovering | AlarmOffline | AlarmPaperLow | AlarmTicketInMouth | AlarmBusy

// Status is the worst of the alarms.
func (a Alarm) Status() Status {
	for _, w := range worst {
		if a&w.alarm != 0 {
			return w.status
		}
	}
	status := Status{State: StateReady}
	if a&AlarmPaperLow != 0 {
		status.State = StatePaperLow
	}
	if a&AlarmTicketInMouth != 0 {
		status.Reason = ReasonTicketInMouth
	}
	return status
}

// bit is what a bit of a byte means.
type bit struct {
	mask  byte
	alarm Alarm
}

// realTimeBits is what the answers to DLE EOT 1 to 4 mean.
var realTimeBits = [4][]bit{
	{{0x08, AlarmOffline}, {0x20, AlarmRecovering}, {0x40, AlarmFeeding}},
	{{0x04, AlarmCover}, {0x08, AlarmFeeding}, {0x20, AlarmPaperOut}, {0x40, AlarmError}},
	{{0x04, AlarmMechanical}, {0x08, AlarmCutter}, {0x20, AlarmUnrecoverable}, {0x40, AlarmHeadHot}},
	{{0x0c, AlarmPaperLow}, {0x60, AlarmPaperOut}},
}

// automaticBits is what the four bytes of an automatic status mean.
var automaticBits = [4][]bit{
	{{0x08, AlarmOffline}, {0x20, AlarmCover}, {0x40, AlarmFeeding}},
	{{0x01, AlarmRecovering}, {0x04, AlarmMechanical}, {0x08, AlarmCutter}, {0x20, AlarmUnrecoverable}, {0x40, AlarmHeadHot}},
	{{0x03, AlarmPaperLow}, {0x0c, AlarmPaperOut}},
}

// inOrderBits is what the answer to GS r 1 means.
var inOrderBits = []bit{{0x03, AlarmPaperLow}, {0x0c, AlarmPaperOut}}

// FullBit is what bits of one of the four bytes of Custom's full status mean.
type FullBit struct {
	Byte  int // from 0
	Mask  byte
	Alarm Alarm
}

// customFull is what Custom's VKP80, KPM300 and KPM210 have in common. Without a notch on the paper
// those for notches mean nothing, nor do those of the serial line.
func customFull() []FullBit {
	return []FullBit{
		{0, 0x01, AlarmPaperOut},
		{0, 0x04, AlarmPaperLow},
		{0, 0x20, AlarmTicketInMouth},
		{0, 0x40, AlarmPaperLow}, // so many centimetres after the sensor
		{1, 0x03, AlarmCover},    // head up, cover open
		{1, 0x0c, AlarmBusy},     // spooling, motor
		{1, 0x60, AlarmFeeding},  // keys
		{2, 0x01, AlarmHeadHot},
		{2, 0x08, AlarmVoltage},
		{2, 0x40, AlarmJam},
		{3, 0x01, AlarmCutter},
		{3, 0x02, AlarmCover}, // the cutter's
		{3, 0x4c, AlarmUnrecoverable},
		{3, 0x80, AlarmMechanical}, // the presenter's sensor
	}
}

// RealTimeAlarms reads the answers to DLE EOT 1 to 4; 0 is one that wasn't given.
func RealTimeAlarms(answers [4]byte) Alarm {
	found := alarms(realTimeBits, answers)
	if found&(AlarmUnrecoverable|AlarmCutter|AlarmMechanical|AlarmHeadHot) != 0 {
		found &^= AlarmError // it did say which
	}
	return found
}

// AutomaticAlarms reads an automatic status.
func AutomaticAlarms(status [4]byte) Alarm { return alarms(automaticBits, status) }

// InOrderAlarms reads the answer to GS r 1.
func InOrderAlarms(answer byte) Alarm { return alarms([4][]bit{inOrderBits}, [4]byte{answer}) }

// FullAlarms reads the full status of a printer with this profile.
func (p Profile) FullAlarms(status [4]byte) Alarm {
	var found Alarm
	for _, bit := range p.Full {
		if status[bit.Byte]&bit.Mask != 0 {
			found |= bit.Alarm
		}
	}
	return found
}

func alarms(table [4][]bit, bytes [4]byte) Alarm {
	var found Alarm
	for i, bits := range table {
		for _, bit := range bits {
			if bytes[i]&bit.mask != 0 {
				found |= bit.alarm
			}
		}
	}
	return found
}
