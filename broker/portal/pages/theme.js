// SPDX-License-Identifier: GPL-3.0-or-later
// Before the first picture, so no module: the colours that somebody chose here, or those of their desktop.
(() => {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function apply() {
    const chosen = localStorage.getItem("floe-theme");

    document.documentElement.classList.toggle("pf-v6-theme-dark", chosen ? chosen === "dark" : dark.matches);
  }
  apply();
  dark.addEventListener("change", apply);
  window.addEventListener("floe-theme", apply);
})();
