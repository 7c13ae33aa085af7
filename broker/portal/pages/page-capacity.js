// SPDX-License-Identifier: GPL-3.0-or-later
// How pools are used over time: all of them at a glance, and one of them in charts, with what is to be expected of it.

import { get, list, path } from "./api.js";
import { chart } from "./chart.js";
import { clock, day, lasting, mark, number, t, time } from "./text.js";
import { alert, empty, head, html, label, link, name, nothing, place, section, table, trail } from "./view.js";

const EVERY = 60000; // milliseconds: the broker looks at the pools once a minute
const MOST_POOLS = 1000;
const HOUR = 3600000;
const DAY = 24 * HOUR;
const LENGTHS = { "5m": 300000, hour: HOUR, day: DAY };

// [key, words, step, how far back, how a time is written below a chart]
const SPANS = [
  ["day", mark("Day"), "5m", DAY, clock],
  ["week", mark("Week"), "hour", 7 * DAY, day],
  ["month", mark("Month"), "hour", 30 * DAY, day],
  ["quarter", mark("Quarter"), "day", 91 * DAY, day],
];

const VERDICTS = { unknown: ["info", "grey", mark("too little known yet")], enough: ["success", "green", mark("large enough")],
  soon: ["warning", "orange", mark("too small soon")], now: ["danger", "red", mark("too small")] };

const seconds1 = (value) => t("{n} s", { n: value });

const unserved = (seen) => Object.values(seen.unserved).reduce((sum, n) => sum + n, 0);

/* Below a minute, tenths of a second count. */
const seconds = (ms) => (ms < 60000 ? seconds1(Math.round(ms / 100) / 10) : lasting(ms / 1000));

/* What is to be expected, in a sentence. */
function expected({ verdict, days_known, on, earliest, latest }) {
  if (verdict === "enough")
    return t("It is large enough for the next 90 days.");
  if (verdict === "now")
    return t("It is too small already: on busy days, people wait.");
  if (verdict === "soon" && latest)
    return t("It gets too small on about {on}. That may be as early as {earliest}, or as late as {latest}.",
      { on: day(on), earliest: day(earliest), latest: day(latest) });
  if (verdict === "soon")
    return t("It gets too small on about {on}. That may be as early as {earliest}, or much later.",
      { on: day(on), earliest: day(earliest) });
  return t("Too little is known to say when it gets too small: {n} days so far.", { n: days_known });
}

/* And where that is from. */
const because = ({ verdict, days_known, days }) => (verdict === "unknown"
  ? t("It takes two weeks, of which the last is not long ago.")
  : days === "weekends" ? t("From the peaks of {n} weekend days in the last eight weeks, which need more than the others. One day in ten is busier than what it goes by.", { n: days_known })
    : t("From the peaks of {n} working days in the last eight weeks. One day in ten is busier than what it goes by.", { n: days_known }));

function forecast(it) {
  const [, colour, words] = VERDICTS[it.verdict] ?? VERDICTS.unknown;

  return html`${label(t(words), colour)}${it.verdict === "soon" ? html`<div class="floe-about">${day(it.on)}</div>` : nothing}`;
}

/* All pools. */

const columns = () => [
  { name: t("Pool"), cell: (row) => link(place("capacity", row.pool), row.pool) },
  { name: t("Lent"), cell: (row) => t("{used} of {size}", { used: number(row.now.used), size: number(row.now.size) }) },
  { name: t("Ready"), cell: (row) => number(row.now.spares) },
  { name: t("Waiting"), cell: (row) => number(row.now.waiting) },
  { name: t("Peak"), cell: (row) => (row.day.demand === null ? "–" : number(row.day.demand)) },
  { name: t("Served"), cell: (row) => html`${t("{n} at once", { n: row.day.served_at_once })}<div class="floe-about">${
    t("{n} later", { n: row.day.served_later })}${unserved(row.day) > 0
    ? html`, ${t("{n} not at all", { n: unserved(row.day) })}` : nothing}</div>` },
  { name: t("Longest wait"), cell: (row) => (row.day.waited > 0 ? seconds(row.day.longest_wait_ms) : "–") },
  { name: t("Forecast"), cell: (row) => forecast(row.forecast) },
];

function all() {
  let pools = [];

  return {
    title: () => t("Capacity"),
    every: EVERY,
    async load(signal) { pools = (await list(["admin", "capacity"], {}, MOST_POOLS, signal)).items; },
    draw: () => html`${head(t("Capacity"), { about: t("What the pools were used for in the last day, and when they get too small.") })}${
      section(pools.length > 0 ? table(t("Capacity"), columns(), pools) : empty(t("There is no pool."), "", "resource-pool"))}`,
  };
}

/* One pool. */

const slotsOf = (it, value) => it.slots.map((slot) => [Date.parse(slot.at), LENGTHS[it.step], value(slot)]);

const mean = (slot) => (slot.waited > 0 ? slot.wait_ms / slot.waited / 1000 : null);

const peakOf = (it, key) => it.slots.reduce((most, slot) => Math.max(most, slot[key] ?? 0), 0);

const sumOf = (it, value) => it.slots.reduce((sum, slot) => sum + value(slot), 0);

const dash = (value) => (value === null ? "–" : number(value));

function one(pool, { redraw, refresh }) {
  const state = { span: SPANS[1], it: null, from: 0, open: new Set() };

  async function load(signal) {
    const [, , step, back] = state.span;
    const from = Date.now() - back;

    state.it = await get(path(["admin", "pools", pool, "capacity"], { step, since: new Date(from).toISOString().slice(0, 19) + "Z" }),
      { signal });
    state.from = from;
  }

  function choose(span) {
    state.span = span;
    refresh();
  }

  const spans = () => html`<div class="pf-v6-c-toggle-group" role="group" aria-label=${t("How far back")}>${
    SPANS.map((span) => html`<div class="pf-v6-c-toggle-group__item"><button type="button" class="pf-v6-c-toggle-group__button ${
    span === state.span ? "pf-m-selected" : ""}" aria-pressed=${span === state.span ? "true" : "false"}
    @click=${() => choose(span)}><span class="pf-v6-c-toggle-group__text">${t(span[1])}</span></button></div>`)}</div>`;

  /* The table behind a chart; it is long, and made when somebody opens it. */
  const behind = (key, title, own) => html`<details class="floe-chart__table" ?open=${state.open.has(key)} @toggle=${(event) => {
    if (event.target.open === state.open.has(key))
      return;
    if (event.target.open)
      state.open.add(key);
    else
      state.open.delete(key);
    redraw();
  }}><summary>${t("As a table")}</summary>${state.open.has(key) ? table(title, [
    { name: t("From"), cell: (slot) => time(slot.at) }, ...own], [...state.it.slots].reverse()) : nothing}</details>`;

  /* In the quarter, the forecast goes on where what was seen ends. */
  function ahead() {
    const points = state.it.forecast.line.map((each) => [Date.parse(each.day), each]);

    if (state.span[0] !== "quarter" || points.length === 0)
      return [];
    return [
      { name: t("Usual days to come"), colour: "blue", shape: "straight", points: points.map(([at, each]) => [at, each.usual]) },
      { name: t("Busy days to come"), colour: "orange", shape: "straight", points: points.map(([at, each]) => [at, each.busy]) },
    ];
  }

  const frame = () => ({ from: state.from, until: Date.now(), tick: state.span[4] });

  function use(it) {
    const lines = ahead();
    const title = t("Use and size");

    return chart({
      ...frame(), until: lines.length > 0 ? lines[0].points.at(-1)[0] : Date.now(), title,
      words: t("{used} desktops at most were lent at once, and {demand} were lent or waited for. The size is {size}.",
        { used: number(peakOf(it, "used")), demand: number(peakOf(it, "demand")), size: number(it.now.size) }),
      series: [
        { name: t("Waited for, too"), colour: "orange", shape: "area", slots: slotsOf(it, (slot) => slot.demand) },
        { name: t("Lent"), colour: "blue", shape: "area", slots: slotsOf(it, (slot) => slot.used) },
        { name: t("Ready, that nobody has"), colour: "green", shape: "line", slots: slotsOf(it, (slot) => slot.spares) },
        { name: t("Size"), colour: "grey", shape: "dashed", slots: slotsOf(it, (slot) => slot.size) }, ...lines],
      behind: behind("use", title, [
        { name: t("Lent"), cell: (slot) => dash(slot.used) }, { name: t("Lent or waited for"), cell: (slot) => dash(slot.demand) },
        { name: t("Ready"), cell: (slot) => dash(slot.spares) }, { name: t("Size"), cell: (slot) => dash(slot.size) }]),
    });
  }

  function served(it) {
    const title = t("Served");

    return chart({
      ...frame(), title, stacked: true,
      words: t("{now} people got a desktop that was ready, {later} waited for theirs, and {none} got none.",
        { now: number(sumOf(it, (slot) => slot.served_at_once)), later: number(sumOf(it, (slot) => slot.served_later)),
          none: number(sumOf(it, unserved)) }),
      series: [
        { name: t("At once"), colour: "green", slots: slotsOf(it, (slot) => slot.served_at_once) },
        { name: t("Later"), colour: "orange", slots: slotsOf(it, (slot) => slot.served_later) },
        { name: t("Not at all"), colour: "red", slots: slotsOf(it, unserved) }],
      behind: behind("served", title, [
        { name: t("At once"), cell: (slot) => number(slot.served_at_once) }, { name: t("Later"), cell: (slot) => number(slot.served_later) },
        { name: t("Left"), cell: (slot) => number(slot.unserved.left) }, { name: t("Failed"), cell: (slot) => number(slot.unserved.failed) },
        { name: t("None left"), cell: (slot) => number(slot.unserved.full) }, { name: t("Closed"), cell: (slot) => number(slot.unserved.closed) }]),
    });
  }

  function waits(it) {
    const title = t("Waits");
    const longest = peakOf(it, "longest_wait_ms");

    return chart({
      ...frame(), title, unit: seconds1,
      words: longest > 0 ? t("{n} people waited, the longest for {time}.", { n: sumOf(it, (slot) => slot.waited), time: seconds(longest) })
        : t("Nobody waited."),
      series: [
        { name: t("On average"), colour: "blue", shape: "area", slots: slotsOf(it, mean) },
        { name: t("The longest"), colour: "orange", shape: "line",
          slots: slotsOf(it, (slot) => (slot.waited > 0 ? slot.longest_wait_ms / 1000 : null)) }],
      behind: behind("waits", title, [
        { name: t("Waited"), cell: (slot) => number(slot.waited) },
        { name: t("On average"), cell: (slot) => (slot.waited > 0 ? seconds(mean(slot) * 1000) : "–") },
        { name: t("The longest"), cell: (slot) => (slot.waited > 0 ? seconds(slot.longest_wait_ms) : "–") }]),
    });
  }

  function draw() {
    const { it } = state;
    const [kind] = VERDICTS[it.forecast.verdict] ?? VERDICTS.unknown;

    return html`${head(name(pool), { above: trail([t("Capacity"), "#/capacity"], [pool]), about: html`${link(place("pool", pool), t("The pool itself"))}`,
      actions: spans() })}${section(html`<div class="floe-gap">${alert(kind, expected(it.forecast), because(it.forecast))}</div>${
      it.slots.length > 0 ? html`${use(it)}${served(it)}${waits(it)}`
        : empty(t("Nothing was seen of it in this time."), t("The broker looks at its pools once a minute."), "trend-up")}`)}`;
  }

  return { title: () => t("Capacity of {name}", { name: pool }), every: EVERY, load, draw };
}

export const capacity = (frame) => (frame.parts[0] ? one(frame.parts[0], frame) : all());
