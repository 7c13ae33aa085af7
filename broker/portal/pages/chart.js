// SPDX-License-Identifier: GPL-3.0-or-later
// Charts over time. The picture is for whoever sees it; all numbers stand in a table behind it.

import { svg } from "./lit-html.js";
import { number } from "./text.js";
import { html, nothing } from "./view.js";

const WIDE = 1000; // units of the picture's width and height; it is stretched to where it stands
const HIGH = 200;
const TICKS = 4;

/** A number that is read easily, at least value: 1, 2, 3, 4, 5, 6, 8, 10, 20, ... */
function round(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));

  return [1, 2, 3, 4, 5, 6, 8, 10].map((each) => each * power).find((each) => each >= value);
}

/* scale: how a chart's times and numbers become places in the picture. */
const scale = ({ from, until }, most) => ({
  x: (at) => (at - from) / (until - from) * WIDE,
  y: (value) => HIGH - value / most * HIGH,
});

/* Steps through the slots: [at, length, value]; where nothing is known there is a gap. closed: down to zero. */
function steps(slots, { x, y }, closed) {
  let path = "";
  let end = null; // of the slot before

  for (const [at, length, value] of slots) {
    if (value === null || value === undefined)
      continue;
    const next = at + length;
    const goesOn = end !== null && at - end < length / 2;

    if (!goesOn && end !== null && closed)
      path += `V${HIGH}Z`;
    path += goesOn ? `V${y(value)}` : closed ? `M${x(at)} ${HIGH}V${y(value)}` : `M${x(at)} ${y(value)}`;
    path += `H${x(next)}`;
    end = next;
  }
  return closed && end !== null ? path + `V${HIGH}Z` : path;
}

const line = (points, { x, y }) => points.map(([at, value], i) => `${i === 0 ? "M" : "L"}${x(at)} ${y(value)}`).join("");

/* One series as a piece of the picture. */
function piece(series, places) {
  const colour = `floe-${series.colour}`;

  if (series.shape === "area")
    return svg`<path class="${colour}" d=${steps(series.slots, places, true)}></path>`;
  if (series.shape === "straight")
    return svg`<path class="${colour} floe-chart__line floe-chart__line--dashed" d=${line(series.points, places)}></path>`;
  return svg`<path class="${colour} floe-chart__line ${series.shape === "dashed" ? "floe-chart__line--dashed" : ""}"
    d=${steps(series.slots, places, false)}></path>`;
}

/* Bars that stand on each other. */
function stack(all, places) {
  const tops = new Map();

  return all.map((series) => series.slots.filter(([, , value]) => value > 0).map(([at, length, value]) => {
    const bottom = tops.get(at) ?? 0;
    const top = bottom + value;
    const x = places.x(at);
    const width = places.x(at + length) - x;

    tops.set(at, top);
    return svg`<rect class="floe-${series.colour}" x=${x} y=${places.y(top)} width=${width > 8 ? width - 1 : width} height=${places.y(bottom) - places.y(top)}></rect>`;
  }));
}

function highest(all, stacked) {
  const sums = new Map();
  let most = 0;

  for (const series of all)
    for (const [at, , value] of series.slots ?? series.points.map(([at_, value_]) => [at_, 0, value_])) {
      const sum = (stacked ? sums.get(at) ?? 0 : 0) + (value ?? 0);

      sums.set(at, sum);
      most = Math.max(most, sum);
    }
  return most;
}

const legend = (all) => html`<ul class="floe-counts" role="list">${all.map((series) => html`<li><span
  class="floe-dot floe-${series.colour} ${series.shape === "dashed" || series.shape === "straight" ? "floe-dot--ring" : ""}"
  aria-hidden="true"></span>${series.name}</li>`)}</ul>`;

/**
 * A chart. title; words: what it shows, in a sentence, for whoever does not see it; from, until: milliseconds; tick:
 * a time in few words; unit: what the numbers are, as words for one of them; series: [{name, colour, shape: "line",
 * "dashed" or "area" with slots: [[at, length, value], ...], or "straight" with points: [[at, value], ...]}]; stacked:
 * bars that stand on each other; behind: the table.
 */
export function chart({ title, words, from, until, tick, unit = number, series, stacked = false, behind }) {
  const most = round(Math.max(1, highest(series, stacked)));
  const places = scale({ from, until }, most);
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => from + (until - from) * i / TICKS);

  return html`<figure class="floe-chart"><figcaption><h2 class="pf-v6-c-title pf-m-md">${title}</h2>${legend(series)}</figcaption><div
    class="floe-chart__plot"><div class="floe-chart__y" aria-hidden="true"><span>${unit(most)}</span><span>${
    most % 2 === 0 ? unit(most / 2) : nothing}</span><span>${unit(0)}</span></div><svg class="floe-chart__picture"
    viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="img" aria-label=${words}>${
    svg`<path class="floe-chart__grid" d="M0 0H${WIDE}M0 ${HIGH / 2}H${WIDE}M0 ${HIGH}H${WIDE}"></path>`}${
    stacked ? stack(series, places) : series.map((each) => piece(each, places))}</svg><div class="floe-chart__x"
    aria-hidden="true">${ticks.map((at) => html`<span>${tick(at)}</span>`)}</div></div>${behind}</figure>`;
}
