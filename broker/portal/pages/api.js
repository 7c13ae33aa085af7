// SPDX-License-Identifier: GPL-3.0-or-later
// The broker as the pages see it: /api/v1 and nothing else. The token is in a cookie that no script reads.

const ROOT = "/api/v1";

/** What the broker says is wrong (RFC 9457). kind: the type without its prefix; reason: "" for none. */
export class Problem extends Error {
  constructor(body, status) {
    super(body.detail || body.title || "");
    this.kind = String(body.type || "").replace("urn:floe:problem:", "");
    this.reason = body.reason || "";
    this.challenge = body.challenge;
    this.status = status;
  }
}

// What was answered last to a question, with its entity tag: asked again, it comes as "not changed".
const known = new Map();
const KNOWN_MOST = 50;

let whenLoggedOut = () => {};

/** Calls function when the broker does not know us any more. */
export function onLoggedOut(function_) {
  whenLoggedOut = function_;
}

async function parse(answer) {
  if (answer.status === 204)
    return null;
  try {
    return await answer.json();
  } catch {
    return {};
  }
}

function remember(path, tag, body) {
  if (known.size >= KNOWN_MOST)
    known.delete(known.keys().next().value);
  known.set(path, { tag, body });
}

/** Asks the broker. body: what is sent as JSON; signal: ends it early. Gives the answer's body; throws a Problem. */
export async function ask(method, path, body, { signal, headers = {} } = {}) {
  const options = { method, signal, headers: { "Floe-Session": "cookie", ...headers }, redirect: "error" };
  const before = method === "GET" ? known.get(path) : undefined;
  let answer;

  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  if (before)
    options.headers["If-None-Match"] = before.tag;
  try {
    answer = await fetch(ROOT + path, options);
  } catch (error) {
    if (signal?.aborted)
      throw error;
    throw new Problem({ type: "no-network" }, 0);
  }
  if (answer.status === 304 && before)
    return before.body;
  const told = await parse(answer);
  if (!answer.ok)
    throw refused(new Problem(told, answer.status));
  if (method === "GET" && answer.headers.get("ETag"))
    remember(path, answer.headers.get("ETag"), told);
  return told;
}

/** A stream of events: its body. last: the id of what was told last, "" for none. */
export async function follow(path, last, signal) {
  const headers = { "Floe-Session": "cookie", ...(last ? { "Last-Event-ID": last } : {}) };
  const answer = await fetch(ROOT + path, { signal, headers, redirect: "error" });

  if (!answer.ok)
    throw refused(new Problem(await parse(answer), answer.status));
  return answer.body;
}

/** What is answered without JSON: the whole answer. body: posted as JSON; not given: only asked for. */
export async function open(path, signal, body) {
  const options = { signal, headers: { "Floe-Session": "cookie" }, redirect: "error" };

  if (body !== undefined)
    Object.assign(options, { method: "POST", body: JSON.stringify(body),
      headers: { ...options.headers, "Content-Type": "application/json" } });
  const answer = await fetch(ROOT + path, options);

  if (!answer.ok)
    throw refused(new Problem(await parse(answer), answer.status));
  return answer;
}

/** Says that something is over, though nobody is there any more to hear the answer. */
export function depart(path) {
  fetch(ROOT + path, { method: "DELETE", keepalive: true, headers: { "Floe-Session": "cookie" }, redirect: "error" }).catch(() => {});
}

function refused(problem) {
  if (problem.status === 401 && ["unauthenticated", "expired-token"].includes(problem.kind) && !problem.reason)
    whenLoggedOut();
  return problem;
}

export const get = (path, options) => ask("GET", path, undefined, options);

/** What the staff does has a key: asked for once more when the connection is lost, it is done once all the same. */
export async function post(path, body) {
  const headers = path.startsWith("/admin/") ? { "Idempotency-Key": crypto.randomUUID() } : {};

  try {
    return await ask("POST", path, body, { headers });
  } catch (problem) {
    if (problem.kind !== "no-network" || !headers["Idempotency-Key"])
      throw problem;
    return ask("POST", path, body, { headers });
  }
}
/** tag: of the state that is to be changed; not given: of one that is not there yet. */
export const put = (path, body, tag) => ask("PUT", path, body, { headers: tag ? { "If-Match": tag } : {} });
export const remove = (path, tag) => ask("DELETE", path, undefined, { headers: tag ? { "If-Match": tag } : {} });

/** A path out of its parts, each of which may be any text, and a query of those values that are given. */
export function path(parts, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = parts.map((part) => "/" + encodeURIComponent(part)).join("");

  return pairs.length > 0 ? text + "?" + new URLSearchParams(pairs) : text;
}

const PAGE_MOST = 1000; // rows that the broker answers with at once
const TURNS = 20; // pages that are asked for at once; most may be empty where few fit

/** Items of a list of the staff's, up to a number, and whether there are more. */
export async function list(parts, query, most, signal) {
  const items = [];
  let cursor;
  let turns = 0;

  do {
    const page = await get(path(parts, { ...query, limit: Math.min(PAGE_MOST, most - items.length), cursor }), { signal });

    items.push(...page.items);
    cursor = page.next;
    turns += 1;
  } while (cursor && items.length < most && turns < TURNS);
  return { items, more: Boolean(cursor) };
}

/** Forgets all that was answered: it was told to somebody else. */
export function forget() {
  known.clear();
}
