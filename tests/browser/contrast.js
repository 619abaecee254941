// SPDX-License-Identifier: MIT-0
// The contrast of every visible text with what is behind it, as WCAG 2.1 defines it.
() => {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const box = element.closest("g.state");
    if (box) return channels(getComputedStyle(box.querySelector("rect")).fill);
    for (let each = element; each; each = each.parentElement) {
      const color = channels(getComputedStyle(each).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return channels(getComputedStyle(document.body).backgroundColor);
  };
  const measured = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    if (!own.length || /SCRIPT|STYLE|TITLE|NOSCRIPT/i.test(element.tagName)) continue;
    if (!element.getClientRects().length || element.disabled) continue;
    const style = getComputedStyle(element);
    const color = element instanceof SVGElement ? style.fill : style.color;
    const [first, second] = [luminance(channels(color)), luminance(behind(element))];
    const ratio = (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
    measured.push([element.textContent.slice(0, 60), ratio]);
  }
  return measured;
}
