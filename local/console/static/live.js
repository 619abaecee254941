// SPDX-License-Identifier: MIT-0
"use strict";
// Keeps the page of an execution up to date, by server-sent events, until the execution ends.
(() => {
  const address = document.currentScript.dataset.stream;
  const told = find("live");
  let source = null;
  let isOver = false;
  let offered = "";

  const twoUnits = (seconds, large, size, small, rest) => {
    const part = Math.floor((seconds % size) / rest);
    return `${Math.floor(seconds / size)} ${large}${part ? ` ${part} ${small}` : ""}`;
  };

  function duration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return twoUnits(whole, "min", 60, "s", 1);
    if (whole < 86400) return twoUnits(whole, "h", 3600, "min", 60);
    return twoUnits(whole, "d", 86400, "h", 3600);
  }

  function timeElement(seconds, direction) {
    const made = element("span", "countdown");
    made.dataset.zero = performance.now() + direction * seconds * 1000;
    made.dataset.direction = direction;
    return made;
  }

  function tick() {
    for (const each of document.querySelectorAll(".countdown")) {
      const left = (each.dataset.zero - performance.now()) / 1000 * each.dataset.direction;
      each.textContent = duration(left);
    }
  }

  function waitElement(wait) {
    const made = element("li");
    made.append(element("strong", "", wait.place), ` waits for ${wait.what}, for `);
    made.append(timeElement(wait.since, -1));
    if (wait.then) made.append(`; then ${wait.then}`);
    const ends = element("ul");
    for (const [left, effect] of wait.ends) {
      const line = element("li");
      if (left !== null) line.append("in ", timeElement(left, 1), ": ");
      line.append(effect);
      ends.append(line);
    }
    made.append(ends);
    return made;
  }

  function showStates(states) {
    for (const state of document.querySelectorAll("g.state")) {
      const [tone, shown, words] = states[state.dataset.state] || ["not_reached", "○ not reached", "not reached"];
      const label = state.getAttribute("aria-label");
      const kind = state.querySelector(":scope > .status");
      state.setAttribute("class", `state ${tone}`);
      const named = label.slice(0, label.lastIndexOf(" state, "));
      state.setAttribute("aria-label", `${named} state, ${words}`);
      kind.textContent = `${kind.textContent.split(" · ")[0]} · ${shown}`;
    }
  }

  function showOffers(offers) {
    // What is replaced while somebody clicks it is not clicked.
    if (JSON.stringify(offers) === offered) return;
    offered = JSON.stringify(offers);
    const list = find("offers");
    const focused = list.contains(document.activeElement) && document.activeElement.textContent;
    list.replaceChildren(...offers.map(([label, href]) => {
      const link = element("a", "button", label);
      link.href = href;
      const made = element("li");
      made.append(link);
      if (label === focused) setTimeout(() => link.focus());
      return made;
    }));
  }

  // What is drawn anew loses the focus: the same place gets it back.
  function keepingFocus(draw) {
    const buttons = () => [...find("rows").querySelectorAll("button")];
    const index = buttons().indexOf(document.activeElement);
    draw();
    if (index >= 0 && buttons()[index]) buttons()[index].focus({ preventScroll: true });
  }

  function show(data) {
    keepingFocus(() => showExecution(data.execution));
    showStates(data.states);
    showOffers(data.offers);
    const waits = data.waits.length > 0;
    find("waits").hidden = !waits;
    // They say the same of the waits, without their clocks.
    if (waits) find("summaries").querySelectorAll(".wait").forEach((each) => each.remove());
    find("wait-list").replaceChildren(...data.waits.map(waitElement));
    document.title = `${data.execution.head.machine} ${data.execution.head.status}`;
    say("Live: this page shows what happens as it happens.");
    tick();
  }

  function say(text) {
    if (told.textContent !== text) told.textContent = text;
  }

  function end(text) {
    isOver = true;
    source.close();
    say(text);
  }

  function open() {
    source = new EventSource(address);
    source.addEventListener("view", (event) => show(JSON.parse(event.data)));
    source.addEventListener("end", () => end("Ended: nothing of this execution goes on."));
    source.addEventListener("full", () => end("Not live: too many pages are open. Close some, and load this one again."));
    source.addEventListener("gone", (event) => end(`Not live: ${JSON.parse(event.data).reason}`));
    source.addEventListener("error", () => say("Not live: the endpoint does not answer. This page tries again."));
  }

  // A browser has few connections to one address: a page that nobody sees needs none.
  document.addEventListener("visibilitychange", () => {
    if (isOver) return;
    source.close();
    if (!document.hidden) open();
  });
  find("summaries").after(find("waits"));
  setInterval(tick, 1000);
  open();
})();
