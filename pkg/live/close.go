package live

// Close codes that a viewer may get. By itself, and with a growing, jittered delay, it is to come
// back after all but 1002-1003 and 1007-1010, which say that it behaves wrongly, and 4500-4999,
// which are kept for refusals that only a person can end.
const (
	// CloseGoingAway is the server's end: come back after a while, each at a different moment.
	CloseGoingAway = 1001
	// CloseProtocol is for bytes that aren't WebSocket frames.
	CloseProtocol = 1002
	// CloseFlood is for a viewer that talks too much: viewers have little to say.
	CloseFlood = 1008
	// CloseTooBig is for a message over the small limit.
	CloseTooBig = 1009

	// CloseSlow is for a viewer that didn't take a message within the write deadline. The frame
	// can't be sent behind a message that is stuck halfway: the viewer sees an abnormal closure
	// (1006), the counts and the log have this code.
	CloseSlow = 4000
	// CloseSilent is for a viewer that answered no ping.
	CloseSilent = 4001
	// CloseForgotten is for the viewers of a topic that was dropped: come back and say who you are.
	CloseForgotten = 4002
	// CloseEnded is for a viewer that may no longer watch as who it was, see [Hub.Recheck]: come
	// back and say who you are.
	CloseEnded = 4003
)
