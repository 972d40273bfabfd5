// What the reader has chosen: kept in the address, so that a link shows the same and Back goes back.

const CHOICES = {
  dq: "",
  status: "",
  dsort: "-errors",
  department: "",
  table: "",
  rule: "",
  severity: "",
  q: "",
  fsort: "severity",
  open: "",
};

const STATES = [
  ["", "全部"],
  ["error", "× 有错误"],
  ["clean", "√ 没有错误"],
  ["unchecked", "？有未核验"],
  ["grown", "“三公”增长"],
  ["incomparable", "没有可比的上年数"],
];
const COUNTING = [
  ["counted", "计入合计"],
  ["uncounted", "－ 不计入合计"],
];
const SEVERITIES = [
  ["", "全部"],
  ["error", "× 错误"],
  ["warning", "！提示"],
];

/** The choices in the address; what it lacks, or can't be meant, is as at first. `allowed(key, value)` judges. */
function readAddress(allowed) {
  const given = new URLSearchParams(location.hash.slice(1));
  const known = Object.entries(CHOICES).map(([key, first]) => {
    const value = given.get(key);
    return [key, value !== null && allowed(key, value) ? value : first];
  });
  return Object.fromEntries(known);
}

let writing = 0;

/** Writes the choices into the address: as a step to go back to, or, while typing or leafing, in place and not at once. */
function writeAddress(choices, step) {
  const changed = Object.entries(choices).filter(([key, value]) => value !== CHOICES[key]);
  const address = `#${new URLSearchParams(changed)}`;
  clearTimeout(writing);
  if (step) history.pushState(null, "", address);
  else writing = setTimeout(() => history.replaceState(null, "", address), 150);
}

const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether a row has all words in some of its texts; those are joined once. */
function matches(row, wanted, keys) {
  if (!wanted.length) return true;
  if (row.joined === undefined) row.joined = keys.map((key) => row[key]).join("\n").toLowerCase();
  return wanted.every((word) => row.joined.includes(word));
}

/** What a status means; but for the last, workbooks that count nowhere have none. */
const STATUS_TESTS = {
  counted: () => true,
  error: (row) => row.state === "error",
  clean: (row) => row.state === "clean",
  unchecked: (row) => row.unchecked > 0,
  grown: (row) => Number(row.three_public_change) > 0,
  incomparable: (row) => numberOf(row.three_public_change) === null,
};
const hasStatus = (row, status) =>
  !status || (status === "uncounted" ? !!row.not_counted : !row.not_counted && STATUS_TESTS[status](row));

function departmentsFor(choices, rows) {
  const wanted = words(choices.dq);
  return rows.filter((row) => hasStatus(row, choices.status) && matches(row, wanted, ["name", "code", "file", "year"]));
}

const SEARCHED = ["name", "file", "at", "rule", "message", "title", "formula", "advice", "suspect"];

function findingsFor(choices, rows) {
  const wanted = words(choices.q);
  const { department, table, rule, severity } = choices;
  return rows.filter(
    (row) =>
      (!department || row.name === department) &&
      (!table || row.place === table) &&
      (!rule || row.rule === rule) &&
      (!severity || row.severity === severity) &&
      matches(row, wanted, SEARCHED)
  );
}

/** The choices of a section in words, for the printed page. */
function inWords(choices, section, keys) {
  const said = keys
    .filter((key) => choices[key] !== "")
    .map((key) => {
      const control = section.querySelector(`[data-state=${key}]`);
      const value = control.tagName === "SELECT" ? control.selectedOptions[0].textContent : choices[key];
      return `${control.parentElement.firstChild.textContent.trim()} ${value}`;
    });
  return said.length ? `筛选：${said.join("；")}` : "";
}
