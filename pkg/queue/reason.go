package queue

// Reason is the stable name of why something was refused, finer than its [Code]. Package words has
// a sentence for each, in every language.
type Reason string

// The reasons of refusals and faults.
const (
	ReasonOfficeExists  Reason = "office_exists"
	ReasonNotConfigured Reason = "not_configured"
	ReasonKeyOfAnother  Reason = "key_of_another"

	// What is not there.

	ReasonUnknownChannel Reason = "unknown_channel"
	ReasonUnknownCounter Reason = "unknown_counter"
	ReasonUnknownTicket  Reason = "unknown_ticket"
	ReasonUnknownClass   Reason = "unknown_class"
	ReasonUnknownService Reason = "unknown_service"

	// What keeps an office or a channel from giving a ticket.

	ReasonOfficeClosed       Reason = "office_closed"
	ReasonOfficeOpensToday   Reason = "office_opens_today"
	ReasonOfficeOpensOn      Reason = "office_opens_on"
	ReasonChannelClosed      Reason = "channel_closed"
	ReasonChannelOpensToday  Reason = "channel_opens_today"
	ReasonChannelOpensOn     Reason = "channel_opens_on"
	ReasonLastTicketsGiven   Reason = "last_tickets_given"
	ReasonNoTimeLeft         Reason = "no_time_left"
	ReasonReopensToday       Reason = "reopens_today"
	ReasonDailyLimit         Reason = "daily_limit"
	ReasonIntervalLimit      Reason = "interval_limit"       // n
	ReasonIntervalLimitOpens Reason = "interval_limit_opens" // n, opens
	ReasonTooManyTickets     Reason = "too_many_tickets"
	ReasonTicketIDUsed       Reason = "ticket_id_used"
	ReasonSlotNotToday       Reason = "slot_not_today"

	// What keeps a totem or a roll from its numbers, and a paper from a ticket.

	ReasonUnknownPrinting Reason = "unknown_printing"
	ReasonNotAName        Reason = "not_a_name" // name
	ReasonNothingToPrint  Reason = "nothing_to_print"
	ReasonTicketOfAnother Reason = "ticket_of_another_totem"
	ReasonWhichTotem      Reason = "which_totem"
	ReasonTooManyLeases   Reason = "too_many_leases"
	ReasonNumberOfAnother Reason = "number_not_leased" // number
	ReasonNumberUsed      Reason = "number_used"       // number
	ReasonNumbersGiven    Reason = "numbers_given"     // number
	ReasonNumberReserved  Reason = "number_of_a_totem" // number

	// What keeps a counter from an action.

	ReasonCounterTaken      Reason = "counter_taken"
	ReasonTicketElsewhere   Reason = "ticket_elsewhere"
	ReasonVisitElsewhere    Reason = "visit_elsewhere"
	ReasonCounterOfAnother  Reason = "counter_of_another"
	ReasonNotWhatWasSeen    Reason = "not_what_was_seen"
	ReasonCounterClosed     Reason = "counter_closed"
	ReasonCounterPaused     Reason = "counter_paused"
	ReasonNotPaused         Reason = "not_paused"
	ReasonTicketBeforePause Reason = "ticket_before_pause"
	ReasonAlarmAlready      Reason = "alarm_already"

	// What keeps a ticket from an action.

	ReasonNoCurrentTicket    Reason = "no_current_ticket"
	ReasonNotANumber         Reason = "not_a_number"
	ReasonNotCallable        Reason = "not_callable"
	ReasonVisitNotCallable   Reason = "visit_not_callable"
	ReasonVisitWithoutTicket Reason = "visit_without_ticket"
	ReasonNotCancellable     Reason = "not_cancellable"
	ReasonNotPostponable     Reason = "not_postponable" // state
	ReasonPostponedAlready   Reason = "postponed_already"
	ReasonNoPostponing       Reason = "no_postponing"
	ReasonNotReinstatable    Reason = "not_reinstatable"
	ReasonTicketAlready      Reason = "ticket_already"
	ReasonHereAlready        Reason = "here_already"
	ReasonJustCalled         Reason = "just_called"
	ReasonTooManyOutcomes    Reason = "too_many_outcomes"
	ReasonNothingToUndo      Reason = "nothing_to_undo"
	ReasonTicketMovedOn      Reason = "ticket_moved_on"
	ReasonAnotherTicket      Reason = "another_ticket"

	// What keeps a configuration from being taken over.

	ReasonConfigMissing  Reason = "config_missing"
	ReasonConfigFaulty   Reason = "config_faulty"
	ReasonConfigChanged  Reason = "config_changed"
	ReasonCounterInUse   Reason = "counter_in_use"
	ReasonChannelsInUse  Reason = "channels_in_use"
	ReasonFiguresByName  Reason = "figures_by_name"
	ReasonFiguresWarning Reason = "figures_warning"

	// What is wrong at one place of a configuration or a command.

	ReasonTextTooLong       Reason = "text_too_long"
	ReasonTextMissing       Reason = "text_missing"
	ReasonUnwritable        Reason = "unwritable"
	ReasonItalianMissing    Reason = "italian_missing"
	ReasonNotALanguage      Reason = "not_a_language"
	ReasonNoLanguage        Reason = "no_language"
	ReasonUnknownTimeZone   Reason = "unknown_time_zone"
	ReasonNotInRange        Reason = "not_in_range"
	ReasonChannelCount      Reason = "channel_count"
	ReasonCounterCount      Reason = "counter_count"
	ReasonSlideCount        Reason = "slide_count"
	ReasonHalfSize          Reason = "half_size"
	ReasonNotAnID           Reason = "not_an_id"
	ReasonIDTwice           Reason = "id_twice"
	ReasonNotADate          Reason = "not_a_date"
	ReasonNotTwoDates       Reason = "not_two_dates"
	ReasonNotMonthDay       Reason = "not_month_day"
	ReasonNotASeason        Reason = "not_a_season"
	ReasonEndBeforeStart    Reason = "end_before_start"
	ReasonOverlaps          Reason = "overlaps"
	ReasonContradicts       Reason = "contradicts"
	ReasonNotAPhone         Reason = "not_a_phone"
	ReasonNotAnEmail        Reason = "not_an_email"
	ReasonNotAnAddress      Reason = "not_an_address"
	ReasonNotAnIPACode      Reason = "not_an_ipa_code"
	ReasonNotALetter        Reason = "not_a_letter"
	ReasonLetterTwice       Reason = "letter_twice"
	ReasonNotAColour        Reason = "not_a_colour"
	ReasonColourTooLight    Reason = "colour_too_light"
	ReasonChannelUnserved   Reason = "channel_unserved"
	ReasonClassUnserved     Reason = "class_unserved"
	ReasonChannelTwice      Reason = "channel_twice"
	ReasonUnknownOthers     Reason = "unknown_others"
	ReasonUnknownPassedOver Reason = "unknown_passed_over"
	ReasonNotOneOf          Reason = "not_one_of" // value, values
	ReasonCounterMissing    Reason = "counter_missing"
	ReasonColourBetween     Reason = "colour_between"   // color
	ReasonNotAMediaFile     Reason = "not_a_media_file" // name, kinds
	ReasonNotAPicture       Reason = "not_a_picture"    // kilobytes, dots
	ReasonUnknownPart       Reason = "unknown_part"     // part, parts
	ReasonPartTwice         Reason = "part_twice"       // part
)
