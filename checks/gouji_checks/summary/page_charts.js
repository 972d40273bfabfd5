// Rankings as bars. Every bar carries its name and figure as text, so that nothing is told by length or colour alone.

const CHART = { width: 320, line: 34, figure: 72, letter: 13 };

function drawn(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A name cut to so many full-width places. */
function shortened(text, most) {
  let places = 0;
  let kept = "";
  for (const letter of text) {
    places += letter.codePointAt(0) < 0x2e80 ? 0.55 : 1;
    if (places > most) return `${kept}…`;
    kept += letter;
  }
  return kept;
}

/**
 * Horizontal bars for rows of [name, amount, figure as text]; negative amounts go left of the axis.
 * `title` and `description` are for those who can't see the bars.
 */
function bars(id, title, rows) {
  const { width, line } = CHART;
  const least = Math.min(0, ...rows.map(([, amount]) => amount));
  const most = Math.max(0, ...rows.map(([, amount]) => amount));
  const x = (amount) => 1 + ((width - 2) * (amount - least)) / (most - least || 1);
  const height = rows.length * line + 4;
  const chart = drawn("svg", { viewBox: `0 0 ${width} ${height}`, class: "bars", role: "img" });
  chart.setAttribute("aria-labelledby", `${id}-title ${id}-description`);
  const description = rows.map(([name, , figure]) => `${name} ${figure}`).join("；");
  chart.append(
    drawn("title", { id: `${id}-title` }, title),
    drawn("desc", { id: `${id}-description` }, `${description}（万元）`)
  );
  rows.forEach(([name, amount, figure], i) => {
    const below = i * line + 16; // the line the letters stand on
    const length = Math.max(1, Math.abs(x(amount) - x(0)));
    const bar = { x: Math.min(x(0), x(amount)), y: below + 5, width: length, height: 7 };
    const text = drawn("text", { x: 0, y: below }, shortened(name, (width - CHART.figure) / CHART.letter));
    text.append(drawn("title", {}, name));
    chart.append(text, drawn("rect", { ...bar, class: amount < 0 ? "less" : "more" }));
    chart.append(drawn("text", { x: width, y: below, class: "figure" }, figure));
    chart.append(drawn("line", { x1: x(0), x2: x(0), y1: below + 3, y2: below + 14, class: "axis" }));
  });
  return chart;
}
