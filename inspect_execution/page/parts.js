// SPDX-License-Identifier: MIT-0
// Functions for all parts of the page: elements, the panel of details, pages of a list.
const find = (id) => document.getElementById(id);
let opener = null;

// The only way of the execution's data into the document: as text, never as markup.
function element(tag, css, text) {
  const made = document.createElement(tag);
  if (css) made.className = css;
  if (text !== undefined) made.textContent = text;
  return made;
}

const list = (target, texts) => target.replaceChildren(
  ...texts.map((text) => element("li", "", text)));

function tableRow(texts) {
  const made = element("tr");
  made.append(...texts.map((text) => element("td", "", text)));
  return made;
}

function copyButton(name, text) {
  const made = element("button", "copy", "copy");
  made.type = "button";
  const say = (shown, spoken) => {
    made.textContent = shown;
    made.setAttribute("aria-label", spoken);
  };
  say("copy", `Copy ${name}`);
  made.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text).then(
      () => say("copied", `${name} copied`), () => say("not permitted", "Copying is not permitted"));
    setTimeout(() => say("copy", `Copy ${name}`), 2000);
  });
  return made;
}

// JSON with a line for each value; any other text as it is. It is not parsed and written again,
// because that would change long numbers.
function indented(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  try { JSON.parse(text); } catch { return text; }
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[[\]{},:]|[^\s[\]{},:"]+/g);
  const opens = (token) => token === "{" || token === "[";
  let [made, depth] = ["", 0];
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    const isFirst = opens(before) && !closes;
    const isLast = closes && !opens(before);
    if (isFirst || isLast || before === ",") made += `\n${"  ".repeat(depth)}`;
    made += token === ":" ? ": " : token;
    if (opens(token)) depth += 1;
  });
  return made;
}

function detailElement(name, text) {
  const made = element("dd", "", indented(text));
  if (text.startsWith("arn:")) made.append(" ", copyButton(name, text));
  return made;
}

function openDetails(from, title, sections) {
  opener = from;
  find("details-title").textContent = title;
  const body = find("details-body");
  body.replaceChildren();
  for (const section of sections) {
    if (section.title) body.append(element("h3", "", section.title));
    const terms = element("dl");
    for (const [name, text] of section.details) {
      terms.append(element("dt", "", name), detailElement(name, text));
    }
    body.append(terms);
  }
  find("details").hidden = false;
  document.body.classList.add("with-details");
  find("details-title").focus();
  // What was opened stays in sight beside or above its details.
  from.scrollIntoView({ block: "nearest" });
}

function closeDetails() {
  if (find("details").hidden) return;
  find("details").hidden = true;
  document.body.classList.remove("with-details");
  if (opener && opener.isConnected) opener.focus();
}

const facts = (thing) => [
  ["status", `${thing.icon} ${thing.status}`], ["began", thing.began],
  ["ended", thing.ended], ...(thing.until ? [["waits", thing.until]] : []), ["took", thing.took],
  ...thing.details,
];

function pager(target, total, size, show, firstPage = 0) {
  let page = 0;
  const pages = Math.max(1, Math.ceil(total / size));
  const buttons = ["previous", "next"].map((word, index) => {
    const made = element("button", "", word);
    made.type = "button";
    made.addEventListener("click", () => go(page + (index ? 1 : -1)));
    return made;
  });
  const where = element("span");
  function go(wanted) {
    page = Math.min(pages - 1, Math.max(0, wanted));
    const first = page * size;
    const last = Math.min(total, first + size);
    where.textContent = `${total ? first + 1 : 0} to ${last} of ${total}`;
    buttons[0].disabled = page === 0;
    buttons[1].disabled = page === pages - 1;
    show(first, last);
  }
  target.replaceChildren(buttons[0], where, buttons[1]);
  target.hidden = pages === 1;
  go(firstPage);
  return { page: () => page, redraw: () => go(page), next: () => page < pages - 1 && (go(page + 1), true) };
}
