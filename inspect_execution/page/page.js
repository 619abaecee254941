// SPDX-License-Identifier: MIT-0
(() => {
  const ROWS_SHOWN = 200;
  const FOLDS_SHOWN = 40;
  const VISITS_SHOWN = 20;
  // The browser scrolls a graph that would be smaller than this, and too small to read.
  const SMALLEST_SCALE = 0.8;
  // The part of a row's width that its label leaves to its bars.
  const WIDE_TRACK_PART = 0.6;
  const percent = (part) => `${(part * 100).toFixed(3)}%`;
  const named = (row) => `${row.label}, ${row.kind}`;
  let axis = "folded";
  let data;
  let timeline;

  function openRow(from, row) {
    const about = [["kind", row.kind], ...facts(row)];
    // A row of one bar has the times of that bar.
    const isOne = row.bars.length === 1;
    const more = row.bars[0].details.filter(
      ([name, text]) => !about.some(([other, same]) => other === name && same === text));
    openDetails(from, row.label, isOne ? [{ details: [...about, ...more] }] : [
      { details: about },
      ...row.bars.map((bar) => ({ title: bar.kind, details: facts(bar) })),
    ]);
  }

  function openBar(from, row, bar) {
    if (row.bars.length === 1) openRow(from, row);
    else openDetails(from, `${row.label}: ${bar.kind}`, [
      { details: facts(bar) }, { title: named(row), details: facts(row) },
    ]);
  }

  function openState(from) {
    const name = from.dataset.state;
    const visits = data.rows.filter((row) => row.state === name);
    const shown = visits.slice(0, VISITS_SHOWN).map(
      (row) => ({ title: row.label, details: facts(row) }));
    const rest = visits.length - shown.length;
    if (rest > 0) shown.push({ details: [["and", `${rest} more times: see the timeline`]] });
    openDetails(from, name, shown.length ? shown : [{ details: [["status", "· not reached"]] }]);
  }

  function barElement(row, bar) {
    const [left, right, waits] = bar[axis];
    const made = element("button", `bar ${bar.tone}`);
    if (bar.wrong) made.append(element("span", "sign", bar.icon));
    made.type = "button";
    made.style.left = `min(${percent(left)}, 100% - ${bar.wrong ? 15 : 5}px)`;
    made.style.width = percent(Math.max(0, right - left));
    const text = `${row.label}: ${bar.kind}, ${bar.status}, began at ${bar.began}, took ${bar.took}`;
    made.setAttribute("aria-label", text);
    made.title = text;
    if (waits !== null) {
      const waited = element("i", "waited");
      waited.style.left = percent(right > left ? (waits - left) / (right - left) : 0);
      made.classList.add("has-wait");
      made.prepend(waited);
    }
    made.addEventListener("click", () => openBar(made, row, bar));
    return made;
  }

  function rowElement(row) {
    const made = element("div", "row");
    const label = element("button", `label ${row.tone}`);
    label.type = "button";
    label.style.setProperty("--depth", row.depth);
    label.append(element("span", "icon", row.icon), element("span", "name", row.label));
    const parts = [row.word, row.took, row.until].filter(Boolean);
    label.append(element("span", "took", parts.join(", ")));
    label.setAttribute("aria-label", `${named(row)}, ${row.status}, took ${row.took}`
      + (row.until ? `, ${row.until}` : ""));
    label.addEventListener("click", () => openRow(label, row));
    const track = element("div", "track");
    track.append(...row.bars.map((bar) => barElement(row, bar)));
    if (axis === "folded") track.append(...foldElements(row));
    made.append(label, track);
    return made;
  }

  function foldElements(row) {
    const within = (fold) => row.bars.some(
      (bar) => bar.folded[2] !== null && bar.folded[2] <= fold[0] && fold[1] <= bar.folded[1]);
    return data.folds.filter(within).slice(0, FOLDS_SHOWN).map(([left, right]) => {
      const made = element("i", "zigzag");
      made.style.left = percent((left + right) / 2);
      return made;
    });
  }

  function axisElement() {
    const made = element("div", "row axis");
    const track = element("div", "track");
    const isWide = !matchMedia("(max-width: 60rem)").matches;
    const width = find("rows").clientWidth * (isWide ? WIDE_TRACK_PART : 1);
    for (const [place, text, css] of axisMarks(data, axis === "folded", width)) {
      track.append(element("span", `mark ${css}`, text));
      track.lastChild.style.left = percent(place);
    }
    made.append(element("div", "label"), track);
    return made;
  }

  function drawRows(first, last) {
    const drawn = [axisElement()];
    let service = "";
    for (const row of data.rows.slice(first, last)) {
      if (row.service !== service) drawn.push(element("h3", "service", row.service));
      service = row.service;
      if (row.startedBy) drawn.push(element("p", "started-by", `started by ${row.startedBy}`));
      drawn.push(rowElement(row));
    }
    find("rows").replaceChildren(...drawn);
    find("rows").classList.toggle("running", data.running);
    find("folding").textContent = axis === "folded" ? data.folding : "Every wait is to scale.";
    find("folding").hidden = !data.folding;
  }

  // Left and right move within a row, up and down between rows.
  function move(event) {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const step = steps[event.key];
    if (!step || event.target.tagName !== "BUTTON") return;
    const rows = [...find("rows").querySelectorAll(".row:not(.axis)")];
    const index = rows.findIndex((row) => row.contains(event.target));
    const buttons = (row) => [...row.querySelectorAll("button")];
    const place = buttons(rows[index]).indexOf(event.target);
    const row = rows[index + step[0]];
    const target = row && buttons(row)[
      Math.min(place + step[1], Math.max(place + step[1], 0), buttons(row).length - 1)];
    event.preventDefault();
    if (target) target.focus();
    else if (step[0] === 1 && !row && timeline.next()) find("rows").querySelector("button").focus();
  }

  function fillHead() {
    find("machine").textContent = data.head.machine;
    find("status").textContent = `${data.head.icon} ${data.head.status}`;
    find("status").className = `badge ${data.head.tone}`;
    find("arn").replaceChildren(data.head.arn, copyButton("ARN", data.head.arn));
    list(find("facts"), data.head.facts);
    find("summaries").replaceChildren(...data.head.summaries.map(summaryElement));
    find("summaries").append(...data.head.more ? [element("p", "wait", data.head.more)] : []);
    find("status-key").replaceChildren(
      ...data.key.map(([icon, word]) => element("span", "", `${icon} ${word}`)));
  }

  // Where it failed or waits, why, and what can happen next.
  function summaryElement({ where, why, next, wait, tone }) {
    const made = element("dl", `summary ${wait ? "wait " : ""}${tone}`);
    const lines = [["where", where], ["why", why], ...next.map((text) => ["next", text])];
    lines.filter(([, text]) => text).forEach(([name, text], index, all) => {
      const isRepeated = index > 0 && all[index - 1][0] === name;
      made.append(element("dt", "", isRepeated ? "" : name), element("dd", name, text));
    });
    return made;
  }

  function fillCost() {
    find("cost-rows").replaceChildren(...data.cost.items.map(tableRow));
    find("prices").textContent = data.cost.prices;
    list(find("cost-omissions"), data.cost.omissions);
    list(find("omission-reasons"), data.omissions);
    find("omissions").hidden = data.omissions.length === 0;
  }

  // Also called again, by a page that is kept up to date: what the reader has set stays.
  function showExecution(execution) {
    data = execution;
    fillHead();
    fillCost();
    showEvents(data.events);
    const page = timeline ? timeline.page() : 0;
    timeline = pager(find("rows-pager"), data.rows.length, ROWS_SHOWN, drawRows, page);
    find("fold-key").hidden = data.folds.length === 0;
  }

  window.showExecution = showExecution;
  showExecution(JSON.parse(find("data").textContent));
  const about = find("about");
  about.addEventListener("click", () => openDetails(about, data.head.machine, [data.head]));
  find("rows").addEventListener("keydown", move);
  // The width of the axis decides which of its labels fit.
  new ResizeObserver(() => {
    const shown = find("rows").querySelector(".row.axis");
    if (shown) shown.replaceWith(axisElement());
  }).observe(find("rows"));
  find("close").addEventListener("click", closeDetails);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeDetails());
  for (const choice of document.getElementsByName("axis")) {
    choice.addEventListener("change", () => { axis = choice.value; timeline.redraw(); });
  }
  const svg = document.querySelector("#graph svg");
  if (svg) svg.style.minWidth = `${svg.viewBox.baseVal.width * SMALLEST_SCALE}px`;
  for (const state of document.querySelectorAll("g.state")) {
    state.addEventListener("click", (event) => { event.stopPropagation(); openState(state); });
    state.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      openState(state);
    });
  }
})();
