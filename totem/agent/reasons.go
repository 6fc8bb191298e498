package agent

import "github.com/eliminacode/eliminacode/pkg/queue"

// The codes of refusals that aren't the queue's own, as the server has them.
const (
	unauthenticated  queue.Code = "unauthenticated"
	unavailable      queue.Code = "unavailable"
	unsupportedMedia queue.Code = "unsupported_media_type"
)

// The reasons of the agent's own refusals, and those of the server that it gives as well. Package
// words has their sentences.
const (
	reasonUnpaired      queue.Reason = "totem_unpaired"
	reasonNumbersGone   queue.Reason = "offline_numbers_gone"
	reasonDiskFull      queue.Reason = "offline_disk"
	reasonNothingKnown  queue.Reason = "offline_nothing_known"
	reasonOfflineClosed queue.Reason = "offline_closed"
	reasonOnlyHere      queue.Reason = "only_this_machine"

	reasonRefused         queue.Reason = "hand_over_refused" // of which the refusal says no more
	reasonOtherOffice     queue.Reason = "other_office"
	reasonUnavailable     queue.Reason = "unavailable"
	reasonOtherSite       queue.Reason = "other_site"
	reasonNoHandshake     queue.Reason = "no_handshake"
	reasonNoPage          queue.Reason = "no_page"
	reasonBodyTooLarge    queue.Reason = "body_too_large"
	reasonNotJSON         queue.Reason = "not_json"
	reasonNotDeclaredJSON queue.Reason = "not_declared_json"
	reasonKeyTooLong      queue.Reason = "key_too_long"
	reasonChannelMissing  queue.Reason = "channel_missing"
	reasonPairingCode     queue.Reason = "pairing_code"
	reasonTooMany         queue.Reason = "too_many_connections"
)

// reasonDisk is why a copy wasn't printed that couldn't be noted.
const reasonDisk = "disk"
