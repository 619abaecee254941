// SPDX-License-Identifier: MIT-0
"use strict";
// Forms: JSON is checked as it is typed, and the command shows what is typed.

// How a POSIX shell takes any text as one argument.
const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\"'\"'")}'`);

function check(area) {
  const told = document.getElementById(area.dataset.json);
  let problem = "";
  try {
    JSON.parse(area.value);
  } catch (error) {
    problem = error.message;
  }
  area.setAttribute("aria-invalid", problem !== "");
  told.textContent = problem ? `✗ not JSON: ${problem}` : "✓ JSON";
  told.className = `check ${problem ? "failed" : "succeeded"}`;
}

function showCommand() {
  const shown = document.querySelector("[data-command]");
  const area = document.querySelector("[data-json=input-check]");
  if (shown && area) {
    // Not with a text, which could hold the patterns of a replacement.
    shown.textContent = shown.dataset.command.replace(" INPUT", () => ` ${quoted(area.value)}`);
  }
}

for (const area of document.querySelectorAll("[data-json]")) {
  area.addEventListener("input", () => { check(area); showCommand(); });
  check(area);
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}
showCommand();
