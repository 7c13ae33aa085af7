// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody types and clicks on a picture of a screen, on its way to where it is done.

import { scanCode } from "./scancodes.js";

const MOST = 64; // events that are sent at once
const BUTTONS = [1, 2, 3]; // of the browser's: left, middle, right

/** send: (events) => a promise. Nothing is taken before allow(true); what is held down is let go with allow(false). */
export function hands(send) {
  const down = new Set(); // scan codes
  const pressed = new Set(); // buttons
  let waiting = [];
  let busy = false;
  let allowed = false;

  async function flow() {
    if (busy)
      return;
    busy = true;
    while (waiting.length > 0) {
      const events = waiting.splice(0, MOST);

      try {
        await send(events);
      } catch {
        waiting = []; // what was typed into nothing is not typed later
      }
    }
    busy = false;
  }

  function add(event) {
    if (event.kind === "move" && waiting.at(-1)?.kind === "move")
      waiting.pop();
    waiting.push(event);
    flow();
  }

  /* Where on the screen, in its own pixels. */
  function moved(event) {
    const screen = event.currentTarget;
    const box = screen.getBoundingClientRect();
    const within = (value, size) => Math.min(Math.max(Math.round(value), 0), size - 1);

    add({ kind: "move", x: within((event.clientX - box.left) * screen.width / box.width, screen.width),
      y: within((event.clientY - box.top) * screen.height / box.height, screen.height) });
  }

  function letGo() {
    for (const code of down)
      add({ kind: "key", code, down: false });
    for (const button of pressed)
      add({ kind: "button", code: button, down: false });
    down.clear();
    pressed.clear();
  }

  return {
    letGo,
    allow(may) {
      if (allowed && !may) {
        down.clear();
        pressed.clear();
        waiting = [];
      }
      allowed = may;
    },
    key(event) {
      const code = scanCode(event.code);
      const isDown = event.type === "keydown";

      if (!allowed || code === undefined)
        return;
      event.preventDefault();
      if (event.ctrlKey && event.altKey && event.shiftKey) {
        event.currentTarget.blur();
        return;
      }
      if (!isDown && !down.has(code))
        return;
      if (isDown)
        down.add(code);
      else
        down.delete(code);
      add({ kind: "key", code, down: isDown });
    },
    move(event) {
      if (allowed)
        moved(event);
    },
    press(event) {
      const button = BUTTONS[event.button];

      if (!allowed || !button)
        return;
      if (event.type === "pointerdown") {
        event.currentTarget.focus({ preventScroll: true });
        event.currentTarget.setPointerCapture(event.pointerId);
        pressed.add(button);
      } else if (!pressed.delete(button)) {
        return;
      }
      event.preventDefault();
      moved(event);
      add({ kind: "button", code: button, down: event.type === "pointerdown" });
    },
    wheel(event) {
      if (!allowed || event.deltaY === 0)
        return;
      event.preventDefault();
      add({ kind: "wheel", code: event.deltaY < 0 ? 1 : 2 });
    },
  };
}
