// SPDX-License-Identifier: GPL-3.0-or-later
// What changes at the broker, live (server-sent events). EventSource cannot send the field that our cookie counts with,
// so the stream is read here.

import { follow } from "./api.js";

const SOON = 300; // milliseconds: what changes within is looked at once
const AGAIN = [1000, 2000, 5000, 15000, 30000]; // milliseconds before the stream is opened again

/* One event's fields. */
function parse(block) {
  const fields = block.split("\n").map((line) => line.match(/^(event|id): (.*)$/)).filter(Boolean);

  return Object.fromEntries(fields.map(([, key, value]) => [key, value]));
}

/** Reads all events of a stream. tell: called with each. */
async function read(body, tell) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";

  for (;;) {
    const { done, value } = await reader.read();

    if (done)
      return;
    const blocks = (rest + value).split("\n\n");

    rest = blocks.pop();
    for (const block of blocks)
      tell(parse(block));
  }
}

/** Calls changed soon after something changed, for as long as somebody is logged in and looks. */
export function changes(changed) {
  const self = { live: false };
  let stop = null;
  let last = "";
  let tries = 0;
  let timer = 0;

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(changed, SOON);
  }

  function heard(event) {
    if (event.id)
      last = event.id;
    if (event.event === "ready") {
      self.live = true;
      tries = 0;
    } else if (event.event === "changes" || event.event === "reset") {
      soon();
    }
  }

  async function run(signal) {
    while (!signal.aborted) {
      try {
        await read(await follow("/admin/events", last, signal), heard);
      } catch {
        // It is opened again.
      }
      self.live = false;
      await new Promise((done) => { setTimeout(done, AGAIN[Math.min(tries, AGAIN.length - 1)]); });
      tries += 1;
    }
  }

  self.start = () => {
    if (stop)
      return;
    stop = new AbortController();
    run(stop.signal);
  };
  self.end = () => {
    stop?.abort();
    stop = null;
    self.live = false;
    clearTimeout(timer);
  };
  return self;
}
