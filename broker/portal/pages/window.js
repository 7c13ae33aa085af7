// SPDX-License-Identifier: GPL-3.0-or-later
// Long tables: only the rows that somebody can see are in the page, with some around them, and empty space for the others.

const ALL = 200; // rows that are all in the page
const AROUND = 40; // rows that are there above and below what is seen
const STEP = 20; // the part moves by so many

let look = () => {};

/** Which part of a table's rows is in the page. redraw: draws the page again. */
export function rowWindow(redraw) {
  const self = { from: 0, to: ALL };
  let height = 0; // pixels of a row, as they are on average

  function measure(rows) {
    if (height === 0 && rows.length > 0)
      height = (rows[rows.length - 1].getBoundingClientRect().bottom - rows[0].getBoundingClientRect().top) / rows.length;
    return height > 0;
  }

  self.look = () => {
    const fresh = height === 0;
    const body = document.querySelector("main table[aria-rowcount] tbody");

    if (!body || !measure(body.querySelectorAll("tr:not(.floe-unseen)")))
      return;
    const first = Math.floor(-body.getBoundingClientRect().top / height) - AROUND;
    const from = Math.max(0, Math.floor(first / STEP) * STEP);
    const to = from + Math.ceil(window.innerHeight / height) + 2 * AROUND + STEP;

    if (from === self.from && to === self.to && !fresh)
      return;
    Object.assign(self, { from, to });
    redraw();
  };

  /** The part of rows that is in the page, which row it begins with, and the pixels before and behind it; null for all. */
  self.part = (rows) => {
    look = self.look;
    if (rows.length <= ALL)
      return null;
    if (height === 0)
      soon(); // when they are there
    const from = Math.max(0, Math.min(self.from, rows.length - ALL));

    return { rows: rows.slice(from, self.to), from, before: Math.round(from * height),
      behind: Math.round(Math.max(0, rows.length - self.to) * height) };
  };

  return self;
}

let waiting = false;

function soon() {
  if (waiting)
    return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    look();
  });
}

// Whatever scrolls: the page on a telephone, a part of it elsewhere.
document.addEventListener("scroll", soon, { capture: true, passive: true });
window.addEventListener("resize", soon, { passive: true });
