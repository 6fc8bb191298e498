/** The office on a page that shows no counter: whether the server is there, and the zone of the times. */

/** @import { PublicPage } from '../../displays/lib/wire.d.ts' */
import { byId } from '../../displays/lib/dom.js';
import { attach, Live, socketURL } from '../../displays/lib/live.js';
import { ConnectionBanner } from '../../displays/lib/status.js';

export class OfficeWatch {
  /**
   * @param {{ onView?: (view: PublicPage) => void, onReturn?: () => void }} [page]
   * @param {string} [advice] what to do while the server is away
   */
  constructor(page = {}, advice) {
    this.banner = new ConnectionBanner(byId('connection'), { advice });
    this.live = new Live(socketURL({ view: 'public' }), {
      onView: (/** @type {PublicPage} */ view) => {
        this.show();
        if (page.onView) page.onView(view);
      },
      onState: () => this.show(),
      onReturn: page.onReturn,
    });
    /** Ends it; null while it rests. @type {(() => void) | null} */
    this.detach = null;
  }

  /** The office's time zone; undefined until the server has told it. */
  get zone() {
    return this.live.view ? this.live.view.office.time_zone : undefined;
  }

  start() {
    if (!this.detach) this.detach = attach(this.live);
    this.show();
  }

  stop() {
    if (this.detach) this.detach();
    this.detach = null;
    this.banner.show('live', null);
  }

  /** @private */
  show() {
    if (this.detach) this.banner.show(this.live.state, this.live.serverAt || null, this.zone);
  }
}
