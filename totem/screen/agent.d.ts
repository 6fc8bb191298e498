import type { TotemPage } from '../../displays/lib/wire.d.ts';

/** KioskPage is the server's view as the kiosk's agent passes it on, with how it stands with itself. */
export interface KioskPage extends TotemPage {
  /** none where the server itself serves the screen */
  agent?: Agent;
}

/** Agent is what the process beside the browser says of itself (totem/agent). */
export interface Agent {
  server: { online: boolean; since: string };
  printer: { state: string; reason?: string };
  disk: 'ok' | 'full';
  /** numbers for when the server is away, by letter */
  left: Record<string, number>;
  /** tickets that the office didn't take over; staff hear of them in the administration */
  refused: { number: string; issued_at: string; reason: string }[];
  /** what became of the newest copies, the newest first */
  prints: PrintNews[];
}

/** PrintNews is what became of a ticket's newest copy. */
export interface PrintNews {
  ticket: string;
  printed: string;
  reason?: string;
}
