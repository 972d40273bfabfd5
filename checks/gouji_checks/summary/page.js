// Puts the page together: data in, two tables, what is chosen, the panel with one finding.

const PRINTED = 2000; // rows of a table that go to the printer at most: some 60 sheets
const WHOLE = "整个工作簿";
const MARKS = { error: "× 错误", warning: "！提示" };
const at = (id) => document.getElementById(id);

const data = JSON.parse(at("data").textContent);
for (const name of ["departments", "findings"]) {
  const { keys, values, rows } = data[name];
  data[name] = rows.map((row) => Object.fromEntries(row.map((place, i) => [keys[i], values[place]])));
}
const { departments, findings } = data;
const files = new Map();
const counted = new Map();
for (const { department, not_counted } of departments) {
  files.set(department, (files.get(department) || 0) + 1);
  if (!not_counted) counted.set(department, (counted.get(department) || 0) + 1);
}
for (const row of departments) {
  // Of two workbooks of one department none may pass for the other, but the only one that counts needs no file to tell
  // it by; where a name is cut short, the file still shows.
  const alone = files.get(row.department) === 1 || (!row.not_counted && counted.get(row.department) === 1);
  row.name = alone ? row.department || row.file : `${row.file}（${row.department}）`;
  row.state = row.not_counted ? "uncounted" : row.errors > 0 ? "error" : "clean";
}
const nameOf = new Map(departments.map((row) => [row.file, row.name]));
const RANKS = { error: 0, warning: 1 };
findings.forEach((row, i) => {
  row.number = i;
  row.name = nameOf.get(row.file) || row.department || row.file;
  row.place = row.table || WHOLE;
  row.at = row.cell.includes("!") ? row.cell : [row.sheet || row.table, row.cell].filter(Boolean).join("!") || WHOLE;
});

const marked = (severity) => element("span", `mark ${severity}`, MARKS[severity] || severity);
const STATE_MARKS = { error: "× 有错误", clean: "√ 没有错误" };
const count = (key, title, className) => ({
  key,
  title,
  width: 52,
  number: true,
  show: (row) => (row[key] ? element("span", className, String(row[key])) : String(row[key])),
});
const money = (key, title, width, group) => ({ key, title, width, group, number: true, show: (row) => figure(row[key]) });
const change = (key, title, width, group) => ({
  ...money(key, title, width, group),
  show: (row) => (Number(row[key]) > 0 ? element("span", "grew", signed(row[key])) : signed(row[key])),
});
const compared = (name, group) => [
  money(name, "本年", 74, group),
  money(`${name}_before`, "上年", 74, group),
  change(`${name}_change`, "增减", 74, group),
  change(`${name}_rate`, "增减率%", 80, group),
];
const COLUMNS = {
  departments: [
    { key: "name", title: "部门", width: 240 },
    {
      key: "state",
      title: "状态",
      width: 82,
      order: (row) => ["error", "clean", "uncounted"].indexOf(row.state),
      show: (row) => element("span", `mark ${row.state}`, STATE_MARKS[row.state] || `－ ${row.not_counted}`),
    },
    count("errors", "错误", "bad"),
    count("warnings", "提示", "doubtful"),
    { ...count("unchecked", "未核验", "doubtful"), width: 58 },
    money("income", "收入总计", 92),
    money("spending", "支出总计", 92),
    ...compared("three_public", "“三公”经费"),
    ...compared("operating", "机关运行经费"),
    { key: "code", title: "编码", width: 72 },
    { key: "year", title: "年度", width: 62 },
    { key: "version", title: "模板版本", width: 84, onScreen: true },
    { key: "file", title: "文件", width: 220, onScreen: true },
  ],
  findings: [
    { key: "severity", title: "级别", width: 74, order: (row) => RANKS[row.severity], show: (row) => marked(row.severity) },
    { key: "name", title: "部门", width: 240 },
    { key: "at", title: "位置", width: 104 },
    { key: "rule", title: "规则", width: 66 },
    { key: "message", title: "说明", width: 500 },
    money("stated", "现为", 92),
    money("expected", "应为", 92),
    { ...money("difference", "差额", 86), show: (row) => signed(row.difference) },
  ],
};
/** Widens columns of figures for their longest: a figure may wrap or scroll, but never be cut short. */
for (const [name, columns] of Object.entries(COLUMNS)) {
  for (const column of columns.filter((item) => item.number)) {
    const longest = data[name].reduce((most, row) => Math.max(most, String(row[column.key]).length), 0);
    column.width = Math.max(column.width, Math.ceil((longest + Math.floor((longest - 4) / 3) + 1) * 7.6) + 12);
  }
}
const SECTIONS = { departments: ["dq", "status"], findings: ["department", "table", "rule", "severity", "q"] };
const SORTS = { departments: "dsort", findings: "fsort" };
const ROWS = { departments, findings };
const CHOSEN = { departments: departmentsFor, findings: findingsFor };

let choices = { ...CHOICES };
let shown = {};
const tables = {};

function allowed(key, value) {
  const control = document.querySelector(`select[data-state=${key}]`);
  if (control) return [...control.options].some((option) => option.value === value);
  const sorts = Object.keys(SORTS).find((name) => SORTS[name] === key);
  if (sorts) return COLUMNS[sorts].some((column) => column.key === value.replace(/^-/, ""));
  return key !== "open" || (/^\d+$/.test(value) && Number(value) < findings.length);
}

/** Shows a section's rows as chosen. */
function fill(name) {
  const section = at(name);
  const key = choices[SORTS[name]];
  const column = COLUMNS[name].find((item) => item.key === key.replace(/^-/, ""));
  shown[name] = sorted(CHOSEN[name](choices, ROWS[name]), column, key.startsWith("-"), ROWS[name]);
  tables[name].fill(shown[name], column.key, key.startsWith("-"));
  const [some, all] = [shown[name].length, ROWS[name].length].map((number) => number.toLocaleString("en"));
  section.querySelector(".count").textContent = `显示 ${some} / 共 ${all} 条`;
  const cut = `共 ${some} 条，只打印前 ${PRINTED.toLocaleString("en")} 条；请先筛选，再分次打印。`;
  section.querySelector(".chosen").textContent = [
    inWords(choices, section, SECTIONS[name]),
    shown[name].length > PRINTED ? cut : `共 ${some} 条。`,
  ].filter(Boolean).join("。");
  section.querySelector(".reset").hidden = SECTIONS[name].every((item) => choices[item] === "");
}

/** Shows what is chosen; only the sections that differ from before are made anew. */
function show(chosen) {
  const before = choices;
  choices = chosen;
  for (const control of document.querySelectorAll("[data-state]")) {
    if (control.value !== choices[control.dataset.state]) control.value = choices[control.dataset.state];
  }
  for (const [name, keys] of Object.entries(SECTIONS)) {
    if (!shown[name] || [...keys, SORTS[name]].some((key) => choices[key] !== before[key])) fill(name);
  }
  showDetail();
}

function choose(changes, step = true) {
  show({ ...choices, ...changes });
  writeAddress(choices, step);
}

function jump(name) {
  at(name).scrollIntoView({ block: "start" });
  tables[name].focus();
}

/** From the head of the page: a department's findings, or departments of some kind. */
function pick(changes) {
  const { department } = changes;
  choose(department ? { table: "", rule: "", severity: "", q: "", ...changes, open: "" } : changes);
  jump(department ? "findings" : "departments");
}

const opened = () => (choices.open === "" ? null : findings[Number(choices.open)]);

function showDetail() {
  const row = opened();
  at("detail").hidden = !row;
  document.body.classList.toggle("beside", !!row);
  if (!row) return;
  at("detail-title").replaceChildren(marked(row.severity), ` ${row.rule} ${row.title}`);
  const pairs = [
    ["部门", row.name],
    ["位置", element("strong", "place", row.at)],
    ["说明", row.message],
    ["关系", row.formula && element("code", "", row.formula)],
    ["现为", row.stated && `${figure(row.stated)} 万元`],
    ["应为", row.expected && `${figure(row.expected)} 万元`],
    ["差额", row.difference && `${signed(row.difference)} 万元`],
    ["允许尾差", row.allowed && `${row.allowed} 万元以内`],
    ["疑似", row.suspect.replace(/^疑似\s*/, "")],
    ["办法", row.advice],
    ["表", row.table && row.sheet && row.sheet !== row.table ? `${row.table}（工作表“${row.sheet}”）` : row.place],
    ["文件", row.file],
  ].filter(([, value]) => value);
  at("detail-body").replaceChildren(
    element("dl", "", ...pairs.map(([name, value]) => [element("dt", "", name), element("dd", "", value)]).flat())
  );
  const { beside } = tables.findings;
  for (const [id, step] of [["previous", -1], ["next", 1]]) at(id).disabled = !beside(row, step);
  tables.findings.select(row);
}

function close() {
  if (!opened()) return;
  const row = opened();
  choose({ open: "" });
  tables.findings.focus();
  tables.findings.select(row);
}

function turn(step) {
  const row = tables.findings.beside(opened(), step);
  if (row) choose({ open: String(row.number) }, false);
  if (document.activeElement.disabled || document.activeElement === document.body) at("detail").focus();
}

function options(key, pairs) {
  const made = pairs.map(([value, text]) => new Option(text, value));
  document.querySelector(`select[data-state=${key}]`).replaceChildren(...made);
}

function distinct(key) {
  return [...new Set(findings.map((row) => row[key]))].sort(collator.compare);
}

const ACTS = {
  departments: (row) => pick({ department: row.name }),
  findings(row) {
    choose({ open: String(row.number) });
    at("detail").focus();
  },
};
const all = ["", "全部"];
const titles = new Map(findings.map((row) => [row.rule, row.title]));
const names = [...new Set([...departments, ...findings].map((row) => row.name))].sort(collator.compare);
options("status", departments.some((row) => row.not_counted) ? [...STATES, ...COUNTING] : STATES);
options("severity", SEVERITIES);
options("department", [all, ...names.map((name) => [name, name])]);
options("table", [all, ...distinct("place").map((place) => [place, place])]);
options("rule", [all, ...distinct("rule").map((rule) => [rule, `${rule} ${titles.get(rule)}`.trim()])]);
for (const name of Object.keys(SECTIONS)) {
  const table = at(name).querySelector("table");
  table.id = `${name}-table`;
  const onSort = (key) => {
    const now = choices[SORTS[name]];
    // Figures are looked at from the largest down, names from the first on.
    const first = COLUMNS[name].find((column) => column.key === key).number ? `-${key}` : key;
    choose({ [SORTS[name]]: now !== first ? first : first.startsWith("-") ? key : `-${key}` });
  };
  tables[name] = windowedTable({ table, columns: COLUMNS[name], onSort, onAct: ACTS[name] });
  at(name).querySelector(".reset").addEventListener("click", () => {
    choose(Object.fromEntries(SECTIONS[name].map((key) => [key, ""])));
    tables[name].focus();
  });
  at(`to-${name}`).addEventListener("click", () => jump(name));
}
for (const control of document.querySelectorAll("[data-state]")) {
  const typed = control.tagName === "INPUT";
  control.addEventListener("input", () => choose({ [control.dataset.state]: control.value }, !typed));
}
at("print").addEventListener("click", () => print());
at("close").addEventListener("click", close);
at("previous").addEventListener("click", () => turn(-1));
at("next").addEventListener("click", () => turn(1));
addEventListener("keydown", (event) => event.key === "Escape" && close());
addEventListener("popstate", () => {
  clearTimeout(writing);
  show(readAddress(allowed));
});
addEventListener("beforeprint", () => Object.values(tables).forEach((table) => table.print(PRINTED)));
addEventListener("afterprint", () => Object.values(tables).forEach((table) => table.print(0)));
drawHead(data, pick);
show(readAddress(allowed));
// A link to a department or a finding leads there.
if (choices.open || choices.department) jump("findings");
document.documentElement.dataset.ready = "true";
