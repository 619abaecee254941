// SPDX-License-Identifier: MIT-0
// The table of events. A cell shows the start of a long text, and its button all of it.
const EVENTS_SHOWN = 100;
const TEXT_SHOWN = 160;

function eventRow(event) {
  const [time, service, subject, type, text] = event;
  const made = tableRow([time, service, subject, type, text.slice(0, TEXT_SHOWN)]);
  if (/Failed|TimedOut|Aborted|Stopped|log (ERROR|CRITICAL|FATAL)/.test(type)) made.className = "failed";
  if (text.length > TEXT_SHOWN) {
    const more = element("button", "more", "… all of it");
    more.type = "button";
    more.setAttribute("aria-label", `Details of ${type} at ${time}`);
    more.addEventListener("click", () => openDetails(more, `${subject}: ${type}`, [
      { details: [["time", time], ["service", service], ["details", text]] },
    ]));
    made.lastChild.append(more);
  }
  return made;
}

let eventPager = null;

function showEvents(events) {
  const filter = find("filter");
  function filtered(page) {
    const wanted = filter.value.trim().toLowerCase();
    const found = events.filter((event) => event.join(" ").toLowerCase().includes(wanted));
    find("found").textContent = `${found.length} of ${events.length} events`;
    const show = (first, last) =>
      find("event-rows").replaceChildren(...found.slice(first, last).map(eventRow));
    eventPager = pager(find("events-pager"), found.length, EVENTS_SHOWN, show, page);
  }
  // In place of an earlier one: the events may be shown again, with later ones.
  filter.oninput = () => filtered(0);
  filtered(eventPager ? eventPager.page() : 0);
}
