// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody's screen, once they let us see it: their client gives the pictures, and does what we type when we may.

import { depart, get, open, path, post, remove } from "./api.js";
import { hands } from "./hands.js";
import { mark, t } from "./text.js";
import { alert, button, head, html, moment, name, nothing, place, section, trail } from "./view.js";

const PAUSE = 1000; // milliseconds after something did not work

const ENDED = {
  holder: mark("They ended it."), helper: mark("You ended it."),
  broker: mark("It ended: their session, their client or this page was gone."),
};

/* What the broker says with a picture: {number, x, y, width, height} */
const placeOf = (field) => Object.fromEntries((field ?? "").split(", ").map((part) => part.split("="))
  .map(([key, value]) => [key, Number(value)]));

const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

/** Draws what changes of the screen until it is over. pause: milliseconds before. over: called then. */
async function watch(id, signal, pause, over) {
  let after = 0;

  await wait(pause);
  while (!signal.aborted) {
    try {
      const answer = await open(path(["admin", "shadows", id, "picture"], { after }), signal);

      if (answer.status === 204)
        continue;
      const { number, x, y, width, height } = placeOf(answer.headers.get("Floe-Picture"));
      const picture = await window.createImageBitmap(await answer.blob());
      const screen = document.getElementById("screen");

      if (screen && (screen.width !== width || screen.height !== height))
        Object.assign(screen, { width, height });
      screen?.getContext("2d").drawImage(picture, x, y);
      picture.close();
      after = number;
    } catch (problem) {
      if (signal.aborted)
        return;
      if ([401, 403, 404, 409].includes(problem.status)) {
        over();
        return;
      }
      await wait(PAUSE);
    }
  }
}

export function shadow({ parts, refresh }) {
  const at = ["admin", "shadows", parts[0]];
  const left = new AbortController();
  let it = null;
  let watching = false;
  let pause = 0; // once it was over although it is granted, nobody asks again at once
  const input = hands((events) => post(path([...at, "input"]), { events }));

  const isOpen = () => it?.state === "asked" || it?.state === "granted";
  const away = () => { if (isOpen()) depart(path(at)); };

  async function ask(wanted) {
    it = await post(path([...at, "control"]), { wanted });
    refresh();
  }

  async function end() {
    await remove(path(at));
    refresh();
  }

  const buttons = () => html`${it.state === "granted" && it.control === "none"
    ? button(t("Ask for control"), () => ask(true)) : nothing}${it.control !== "none"
    ? button(t("Give control back"), () => ask(false)) : nothing}${isOpen()
    ? button(t("End"), end, { kind: "danger" }) : nothing}`;

  function standing() {
    if (it.state === "asked")
      return alert("info", t("{name} is asked whether you may look.", { name: it.holder }),
        t("Without an answer within half a minute you may not."));
    if (it.state === "refused")
      return alert("warning", it.ended_by === "holder" ? t("{name} does not want that.", { name: it.holder })
        : t("{name} did not answer.", { name: it.holder }));
    if (it.state === "ended")
      return alert("info", t("You do not see this screen any more."), t(ENDED[it.ended_by] ?? ENDED.broker));
    if (it.control === "asked")
      return alert("info", t("{name} is asked whether you may type and click, too.", { name: it.holder }));
    return it.control === "granted" ? alert("success", t("You may type and click."),
      t("Click into the screen first. Ctrl, Alt and Shift together lead out of it again.")) : nothing;
  }

  const screen = () => html`<canvas id="screen" class="floe-screen ${it.control === "granted" ? "floe-screen--mine" : ""}"
    width="640" height="400" tabindex="0" role="application" aria-label=${t("Screen of {name}", { name: it.holder })}
    @keydown=${input.key} @keyup=${input.key} @pointermove=${input.move} @pointerdown=${input.press} @pointerup=${input.press}
    @wheel=${input.wheel} @contextmenu=${(event) => event.preventDefault()} @blur=${input.letGo}></canvas>`;

  return {
    title: () => (it ? t("Screen of {name}", { name: it.holder }) : t("Screen")),
    async load(signal) {
      it = await get(path(at), { signal });
      input.allow(it.state === "granted" && it.control === "granted");
      if (it.state === "granted" && !watching) {
        watching = true;
        watch(parts[0], left.signal, pause, () => {
          watching = false;
          pause = PAUSE;
          refresh();
        });
      }
    },
    draw: () => html`${head(t("Screen of {name}", { name: it.holder }), {
      above: trail([t("Desktops"), "#/desktops"], [it.desktop_name, place("desktop", it.desktop)], [t("Screen")]),
      about: html`${it.reason ? name(it.reason) : nothing}${it.granted_at ? html` · ${moment(it.granted_at)}` : nothing}`,
      actions: buttons() })}${section(html`<div role="status">${standing()}</div>${it.state === "granted" ? screen() : nothing}`)}`,
    // Who goes to another page looks no more.
    leave() {
      left.abort();
      away();
    },
  };
}
