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

// The AWS CLI takes such a text for the name of what holds the value, but not within JSON.
const isAddress = (text) => /^(fileb?|https?):\/\//.test(text);

// What the fields of a typed part of the command hold.
function typedValue({ field, members }) {
  const held = (name) => document.getElementById(name).value;
  if (field) return held(field);
  const filled = members.map(([key, name]) => [key, held(name)]).filter(([, text]) => text);
  return filled.length ? JSON.stringify(Object.fromEntries(filled)) : "";
}

// Of a part of the command that is typed: its option with what its fields hold.
function typedArgument(part) {
  const { option, is_optional: isOptional } = part;
  const value = typedValue(part);
  if (isOptional && !value) return "";
  // After a space, what begins with a hyphen would be another option.
  return option ? `${option}${value.startsWith("-") ? "=" : " "}${quoted(value)}` : quoted(value);
}

function showCommand() {
  const shown = document.querySelector("[data-command]");
  const parts = JSON.parse(shown.dataset.command);
  const asJson = parts.filter((part) => part.option && isAddress(typedValue(part)));
  const members = asJson.map((part) => [part.parameter || part.field, typedValue(part)]);
  const texts = parts
    .filter((part) => !asJson.includes(part))
    .map((part) => (typeof part === "string" ? part : typedArgument(part)));
  const json = JSON.stringify(Object.fromEntries(members));
  if (members.length) texts.push(`--cli-input-json ${quoted(json)}`);
  shown.textContent = texts.filter(Boolean).join(" ");
}

for (const area of document.querySelectorAll("[data-json]")) {
  area.addEventListener("input", () => check(area));
  check(area);
}
document.querySelector("form").addEventListener("input", showCommand);
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}
showCommand();
