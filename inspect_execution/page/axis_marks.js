// SPDX-License-Identifier: MIT-0
"use strict";
const LABEL_PIXELS = 90;

// The labels of the axis, as [position, text, class]: as many as fit the width.
function axisMarks(data, isFolded, width) {
  const room = Math.min(0.3, LABEL_PIXELS / width);
  // The longest fold first: if not all labels fit, its label says most.
  const folds = [...data.folds].sort((one, other) => other[3] - one[3]).map(
    ([left, right, text]) => [(left + right) / 2, `≈ ${text}`]);
  const last = data.running ? [1, "now", "last now"] : [1, data.length, "last"];
  const marks = [];
  for (const [place, text] of isFolded ? [...folds, [0, "0 s"]] : data.ticks) {
    const isTaken = marks.some(([other]) => Math.abs(other - place) < room);
    if (isTaken || place > 1 - 1.5 * room) continue;
    marks.push([place, text, place < room / 2 ? "first" : ""]);
    if (marks.length > 1 / room) break;
  }
  return [...marks, last];
}
