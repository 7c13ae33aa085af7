// SPDX-License-Identifier: GPL-3.0-or-later
// Keys by where they are on a keyboard (KeyboardEvent.code) to the scan codes of a PC, set 1; those behind E0 with 0x100.

const ROWS = [
  [0x01, "Escape", "Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9", "Digit0",
    "Minus", "Equal", "Backspace", "Tab", "KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyY", "KeyU", "KeyI", "KeyO", "KeyP",
    "BracketLeft", "BracketRight", "Enter", "ControlLeft", "KeyA", "KeyS", "KeyD", "KeyF", "KeyG", "KeyH", "KeyJ", "KeyK",
    "KeyL", "Semicolon", "Quote", "Backquote", "ShiftLeft", "Backslash", "KeyZ", "KeyX", "KeyC", "KeyV", "KeyB", "KeyN",
    "KeyM", "Comma", "Period", "Slash", "ShiftRight", "NumpadMultiply", "AltLeft", "Space", "CapsLock", "F1", "F2", "F3",
    "F4", "F5", "F6", "F7", "F8", "F9", "F10", "NumLock", "ScrollLock", "Numpad7", "Numpad8", "Numpad9", "NumpadSubtract",
    "Numpad4", "Numpad5", "Numpad6", "NumpadAdd", "Numpad1", "Numpad2", "Numpad3", "Numpad0", "NumpadDecimal"],
  [0x56, "IntlBackslash", "F11", "F12"],
  [0x70, "KanaMode"], [0x73, "IntlRo"], [0x79, "Convert"], [0x7b, "NonConvert"], [0x7d, "IntlYen"],
  [0x11c, "NumpadEnter", "ControlRight"], [0x135, "NumpadDivide"], [0x138, "AltRight"],
  [0x147, "Home", "ArrowUp", "PageUp"], [0x14b, "ArrowLeft"], [0x14d, "ArrowRight"],
  [0x14f, "End", "ArrowDown", "PageDown", "Insert", "Delete"],
  [0x15b, "MetaLeft", "MetaRight", "ContextMenu"],
];

const CODES = new Map(ROWS.flatMap(([first, ...names]) => names.map((name, i) => [name, first + i])));

/** The scan code of a key; undefined for one that a PC's keyboard does not have. */
export const scanCode = (code) => CODES.get(code);
