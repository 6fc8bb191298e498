// @ts-nocheck: a stand-in of the tests
/** A machine whose time and sockets the test moves. */
export function machine() {
  const m = {
    time: 1_000000,
    asleep: 0, // how far the steady clock is behind, having slept
    sockets: [],
    timers: [],
    socket: (url) => {
      const s = { url, readyState: 0, closed: false, sent: [], onmessage: null, onclose: null, send: (text) => s.sent.push(text), close: () => (s.closed = true) };
      m.sockets.push(s);
      return s;
    },
    wall: () => m.time,
    steady: () => m.time - m.asleep,
    after: (run, ms) => m.timers.push({ run, at: m.time + ms, on: true }),
    cancel: (timer) => timer && (m.timers[timer - 1].on = false),
    random: () => 1,
    pass(ms) {
      for (const end = m.time + ms; ; ) {
        const due = m.timers.filter((t) => t.on && t.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) {
          m.time = end;
          return;
        }
        m.time = Math.max(m.time, due.at);
        due.on = false;
        due.run();
      }
    },
    last: () => m.sockets[m.sockets.length - 1],
    say(message) {
      m.last().readyState = 1;
      m.last().onmessage({ data: JSON.stringify(message) });
    },
    view: (seq, ms = 0) => m.say({ type: 'view', seq, at: at(ms), view: { seq, at: at(ms) } }),
    hangUp: (code = 1006) => m.last().onclose({ code }),
  };
  const at = (ms) => new Date(Date.parse('2026-03-02T09:00:00+01:00') + ms).toISOString();
  return m;
}
