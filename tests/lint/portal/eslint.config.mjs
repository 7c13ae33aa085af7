// SPDX-License-Identifier: GPL-3.0-or-later
// What is held against the portal's modules: all that ESLint recommends, and what has no good use.
import js from "@eslint/js";

const BROWSER = ["AbortController", "Blob", "Date", "Event", "Intl", "TextDecoderStream", "URL", "URLSearchParams", "clearTimeout", "crypto",
  "document", "fetch", "localStorage", "location", "navigator", "performance", "requestAnimationFrame", "sessionStorage", "setTimeout",
  "window"];

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])) },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error", "consistent-return": "error", "default-case-last": "error", "dot-notation": "error",
      eqeqeq: "error", "max-depth": ["error", 4], "max-lines": ["error", 500], "max-params": ["error", 6],
      "no-alert": "error", "no-console": "error", "no-duplicate-imports": "error", "no-else-return": "error",
      "no-eval": "error", "no-implicit-coercion": "error", "no-implied-eval": "error", "no-lonely-if": "error",
      "no-new-func": "error", "no-param-reassign": "error", "no-promise-executor-return": "error",
      "no-return-assign": "error", "no-script-url": "error", "no-template-curly-in-string": "error",
      "no-throw-literal": "error", "no-unneeded-ternary": "error", "no-unused-expressions": "error",
      "no-unused-vars": "error", "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-useless-rename": "error", "no-useless-return": "error", "no-var": "error", "object-shorthand": "error",
      "prefer-arrow-callback": "error", "prefer-const": "error", "prefer-template": "off",
      "require-atomic-updates": "off", strict: "error", yoda: "error",
    },
  },
  { files: ["**/theme.js"], languageOptions: { sourceType: "script" }, rules: { strict: ["error", "function"] } },
];
