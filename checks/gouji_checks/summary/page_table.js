// A table that holds only the rows in view, so that tens of thousands of them stay quick.

const SPARE = 10; // rows kept above and below those in view

/** An element with a class and contents; texts are only ever texts, whatever a workbook calls itself. */
function element(name, className, ...contents) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...contents);
  return made;
}

const collator = new Intl.Collator("zh-CN", { numeric: true });

/** A figure as a number, or null where there is none: what a reader sees as — or as words. */
const numberOf = (text) => (text === "" || Number.isNaN(Number(text)) ? null : Number(text));

/** By what a column sorts a row: a number, or null where it is blank. Found once for a column. */
function orderOf(column, all) {
  if (!column.order) {
    const { key } = column;
    if (column.number) {
      column.order = (row) => numberOf(row[key]);
    } else {
      const texts = [...new Set(all.map((row) => row[key]))].filter((text) => text !== "");
      const ranks = new Map(texts.sort(collator.compare).map((text, rank) => [text, rank]));
      column.order = (row) => (ranks.has(row[key]) ? ranks.get(row[key]) : null);
    }
  }
  return column.order;
}

/** Rows in a column's order, blanks last either way, equals as they came. */
function sorted(rows, column, descending, all) {
  const order = orderOf(column, all);
  const keyed = rows.map((row) => [order(row), row]);
  const sign = descending ? -1 : 1;
  keyed.sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : sign * (a - b)));
  return keyed.map(([, row]) => row);
}

/**
 * Fills `table`, which stands in a box that scrolls. A column has key, title, width in px and, where they apply, number
 * (right-aligned, sorted as one), group (a heading above several), onScreen (not on paper), show(row) for its contents
 * and order(row).
 * `onSort(key)` is called for a click on a heading, `onAct(row)` for a click on a row or Enter.
 */
function windowedTable({ table, columns, onSort, onAct }) {
  const box = table.parentElement;
  const head = element("thead");
  const body = element("tbody");
  const headings = new Map();
  let rows = [];
  let active = 0;
  let height = 32;
  let drawn = "";
  let printing = 0;
  const widthOf = (some) => some.reduce((sum, column) => sum + column.width, 0);
  const kind = ({ number, onScreen }) => [number && "number", onScreen && "on-screen"].filter(Boolean).join(" ");

  /** Columns as wide as told on the screen, but as shares of the paper. */
  function measure() {
    const whole = widthOf(columns.filter((column) => !column.onScreen));
    columns.forEach(({ width, onScreen }, i) => {
      const share = onScreen ? "0" : `${(width / whole) * 100}%`;
      table.querySelectorAll("col")[i].style.width = printing ? share : `${width}px`;
    });
  }

  function drawHead() {
    const grouped = columns.some((column) => column.group);
    const lines = grouped ? [element("tr"), element("tr")] : [element("tr")];
    columns.forEach((column, i) => {
      const button = element("button", "", column.title, element("span", "arrow"));
      button.type = "button";
      button.addEventListener("click", () => onSort(column.key));
      const cell = element("th", kind(column), button);
      cell.scope = "col";
      cell.setAttribute("aria-colindex", i + 1);
      headings.set(column.key, cell);
      if (!column.group) {
        cell.rowSpan = lines.length;
        lines[0].append(cell);
      } else {
        lines[1].append(cell);
        if (columns[i - 1].group === column.group) return;
        const over = element("th", "group", column.group);
        over.colSpan = columns.filter((other) => other.group === column.group).length;
        over.scope = "colgroup";
        lines[0].append(over);
      }
    });
    head.append(...lines);
    table.append(element("colgroup", "", ...columns.map(() => element("col"))), head, body);
    table.style.minWidth = `${widthOf(columns)}px`;
    table.setAttribute("aria-colcount", columns.length);
  }

  function line(row, i) {
    const cells = columns.map((column) => {
      const shown = column.show ? column.show(row) : row[column.key];
      const cell = element("td", kind(column), shown === "" ? element("span", "none", "—") : shown);
      if (typeof shown === "string") cell.title = shown;
      return cell;
    });
    const made = element("tr", i % 2 ? "odd" : "", ...cells);
    made.id = `${table.id}-${i}`;
    made.setAttribute("aria-rowindex", i + 1 + head.rows.length);
    made.setAttribute("aria-selected", i === active);
    return made;
  }

  function spacer(count) {
    const made = element("tr", "spacer", element("td"));
    made.setAttribute("aria-hidden", "true");
    made.firstChild.colSpan = columns.length;
    made.firstChild.style.height = `${count * height}px`;
    return made;
  }

  /** Makes the rows in view, unless they are there already. */
  function draw(anew) {
    const room = box.clientHeight - head.offsetHeight;
    const first = printing ? 0 : Math.max(0, Math.floor(box.scrollTop / height) - SPARE);
    const last = printing
      ? Math.min(rows.length, printing)
      : Math.min(rows.length, Math.ceil((box.scrollTop + room) / height) + SPARE);
    if (!anew && drawn === `${first}-${last}`) return;
    drawn = `${first}-${last}`;
    const lines = rows.slice(first, last).map((row, i) => line(row, first + i));
    if (first) lines.unshift(spacer(first));
    if (last < rows.length && !printing) lines.push(spacer(rows.length - last));
    if (!rows.length) {
      lines.push(element("tr", "nothing", element("td", "", "没有符合条件的记录")));
      lines[0].firstChild.colSpan = columns.length;
    }
    body.replaceChildren(...lines);
    table.setAttribute("aria-rowcount", rows.length + head.rows.length);
    if (rows.length) table.setAttribute("aria-activedescendant", `${table.id}-${active}`);
    else table.removeAttribute("aria-activedescendant");
    // A reader may have set larger letters: the rows say themselves how high they are.
    const real = rows.length && !printing ? body.rows[first ? 1 : 0].getBoundingClientRect().height : 0;
    if (real && Math.abs(real - height) > 0.5) {
      height = real;
      draw(true);
    }
  }

  function show(i) {
    const room = box.clientHeight - head.offsetHeight;
    if (i * height < box.scrollTop) box.scrollTop = i * height;
    else if ((i + 1) * height > box.scrollTop + room) box.scrollTop = (i + 1) * height - room;
  }

  function select(i) {
    active = Math.max(0, Math.min(rows.length - 1, i));
    show(active);
    draw(true);
  }

  table.addEventListener("keydown", (event) => {
    if (event.target !== table || event.ctrlKey || event.altKey || event.metaKey || !rows.length) return;
    const screen = Math.max(1, Math.floor((box.clientHeight - head.offsetHeight) / height) - 1);
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + screen, PageUp: active - screen };
    Object.assign(to, { Home: 0, End: rows.length - 1 });
    if (event.key in to) select(to[event.key]);
    else if (event.key === "Enter" || event.key === " ") onAct(rows[active]);
    else return;
    event.preventDefault();
  });
  body.addEventListener("click", (event) => {
    const clicked = event.target.closest("tr[id]");
    // The end of a selection with the mouse is no click on the row.
    if (!clicked || !getSelection().isCollapsed) return;
    select(Number(clicked.id.slice(table.id.length + 1)));
    onAct(rows[active]);
  });
  let asked = 0;
  box.addEventListener("scroll", () => {
    asked = asked || requestAnimationFrame(() => ((asked = 0), draw(false)));
  });
  addEventListener("resize", () => draw(false));
  drawHead();
  measure();

  return {
    /** Other rows, or the same in another order. */
    fill(filled, key, descending) {
      rows = filled;
      active = 0;
      box.scrollTop = 0;
      for (const [name, cell] of headings) {
        cell.setAttribute("aria-sort", name !== key ? "none" : descending ? "descending" : "ascending");
        cell.querySelector(".arrow").textContent = name !== key ? "" : descending ? "▼" : "▲";
        cell.dataset.title = cell.textContent;
      }
      draw(true);
    },
    select: (row) => rows.includes(row) && select(rows.indexOf(row)),
    beside: (row, step) => rows[rows.indexOf(row) + step],
    focus: () => table.focus({ preventScroll: true }),
    /** All rows for the printer, up to so many; none (0) returns to those in view. */
    print(most) {
      printing = most;
      measure();
      draw(true);
    },
  };
}
