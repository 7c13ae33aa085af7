// SPDX-License-Identifier: GPL-3.0-or-later
// What people read, in their language. A text is named by its English words; text-LANGUAGE.json has the others, and for
// texts with a number in them ({n}) the plural forms that the language has. tests/lint/check-portal keeps them complete.

export const LANGUAGES = { en: "English", de: "Deutsch", ja: "日本語" };

// Their names change with what is in them, so they stand here in full.
const PLACES = { en: "./text-en.json", de: "./text-de.json", ja: "./text-ja.json" };

let language = "en";
let texts = {};
let plurals = new Intl.PluralRules("en");

function fitting() {
  const chosen = localStorage.getItem("floe-language");
  const wishes = [chosen, ...navigator.languages].filter(Boolean).map((wish) => wish.split("-")[0].toLowerCase());

  return wishes.find((wish) => wish in LANGUAGES) || "en";
}

/** Reads the texts; to be awaited before anything is shown. */
export async function loadTexts() {
  language = fitting();
  texts = await (await fetch(new URL(PLACES[language], import.meta.url))).json();
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = language;
}

export function currentLanguage() {
  return language;
}

/** Changes the language, for this browser from now on. */
export async function chooseLanguage(wish) {
  localStorage.setItem("floe-language", wish);
  await loadTexts();
}

const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/; // what text of the other direction has

/* apart: what somebody else gave, so that its direction ends with it, whatever is open in it */
function apart(value) {
  const text = String(value);

  return TURNS.test(text) ? "\u2068" + text + "\u2069".repeat(1 + (text.match(/[\u2066-\u2068]/g)?.length ?? 0)) : text;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? apart(values[name]) : hole));
}

/** The text in the reader's language. values: what stands in its {holes}; n is a number and chooses the form. */
export function t(english, values = {}) {
  const found = texts[english] ?? english;
  const form = typeof found === "string" ? found : (found[plurals.select(values.n)] ?? found.other);
  const shown = typeof values.n === "number" ? { ...values, n: number(values.n) } : values;

  return fill(form, shown);
}

/** Marks a text that t() is given later, for the lint that collects them. */
export const mark = (english) => english;

export const number = (value) => new Intl.NumberFormat(language).format(value);

const AGES = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** How long ago, or until when: "3 minutes ago". iso: a time of the API. */
export function ago(iso) {
  const seconds = (Date.parse(iso) - Date.now()) / 1000;
  const [unit, length] = AGES.find(([, each]) => Math.abs(seconds) >= each) || AGES.at(-1);

  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
}

export function time(iso) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(iso));
}

/** The time of a day, such as "14:30". ms: since 1970. */
export const clock = (ms) => new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(ms));

/** A day, such as "4 Mar". value: a date of the API, or milliseconds since 1970; whole: with its year. */
export const day = (value, whole = typeof value === "string") => new Intl.DateTimeFormat(language,
  { day: "numeric", month: "short", ...(whole ? { year: "numeric" } : {}), ...(typeof value === "string" ? { timeZone: "UTC" } : {}) })
  .format(new Date(value));

/** A length in words: "2 hours"; at most two units. seconds: not negative. */
export function lasting(seconds) {
  const parts = [];
  let rest = Math.round(seconds);

  for (const [unit, length] of AGES.slice(2)) {
    const n = Math.floor(rest / length);

    if (n > 0 && parts.length < 2)
      parts.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(n));
    rest -= n * length;
  }
  return parts.length > 0 ? parts.join(" ") : number(0);
}

/** A short length: "31 ms", "8.2 s". */
export const span = (ms) => (ms < 1000 ? t("{n} ms", { n: ms }) : t("{n} s", { n: Math.round(ms / 100) / 10 }));

/** A size in GiB or TiB. mib: in MiB. */
export function size(mib) {
  const [value, unit] = mib >= 1048576 ? [mib / 1048576, "TiB"] : mib >= 1024 ? [mib / 1024, "GiB"] : [mib, "MiB"];

  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value) + " " + unit;
}
