// The head of the page: totals, who has not tied, who has grown, and the rankings.

const LISTED = 5; // departments in each list
const DRAWN = 8; // and in each chart

const amount = (text) => (numberOf(text) === null ? null : Math.round(Number(text) * 100)); // in 分: sums are exact
const figure = (text) => text.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
const signed = (text) => (numberOf(text) > 0 ? `+${figure(text)}` : figure(text));
const yuan = (cents) => (cents / 100).toFixed(2);

/** The departments with the largest of something, which is above a floor. */
function largest(departments, by, floor = 0) {
  const found = departments.filter((item) => by(item) !== null && by(item) > floor);
  return found.sort((a, b) => by(b) - by(a));
}

function listed(place, found, tell, choose, more, none) {
  if (!found.length) {
    place.append(element("p", "quiet", none));
    return;
  }
  const list = element("ol", "names");
  for (const item of found.slice(0, LISTED)) {
    const button = element("button", "", element("span", "name", item.name), element("span", "told", ...tell(item)));
    button.type = "button";
    button.title = `${item.name}：看它的核对结果`;
    button.addEventListener("click", () => choose({ department: item.name }));
    list.append(element("li", "", button));
  }
  const rest = element("button", "link", `全部 ${found.length} 个部门`);
  rest.type = "button";
  rest.addEventListener("click", () => choose(more));
  place.append(list, rest);
}

/** Draws the head; `choose(changes)` is called when a reader picks a department or a status in it. */
function drawHead(data, choose) {
  const { unreadable } = data;
  const departments = data.departments.filter((item) => !item.not_counted);
  const at = (id) => document.getElementById(id);
  at("title").textContent = data.title;
  at("about").textContent = [data.when && `生成于 ${data.when}`, data.form && `表样 ${data.form}`, `gouji ${data.gouji}`]
    .filter(Boolean)
    .join(" · ");

  const untied = largest(departments, (item) => item.errors);
  const unchecked = departments.filter((item) => item.unchecked > 0);
  const count = (key) => departments.reduce((all, item) => all + item[key], 0);
  const totals = [
    ["部门", departments.length, data.uncounted && "counted", "plain"],
    ["× 有错误的部门", untied.length, "error", "error"],
    ["√ 没有错误的部门", departments.filter((item) => item.state === "clean").length, "clean", "clean"],
    ["？有未核验关系的部门", unchecked.length, "unchecked", "unchecked"],
  ].map(([words, number, status, className]) => {
    const button = element("button", className, element("b", "", number.toLocaleString("en")), element("span", "", words));
    button.type = "button";
    button.addEventListener("click", () => choose({ status, dq: "" }));
    return element("li", "", button);
  });
  const still = (words, number, className) =>
    element("li", "", element("div", className, element("b", "", number.toLocaleString("en")), element("span", "", words)));
  totals.push(still("× 不能核对的文件", unreadable.length, unreadable.length ? "error" : "plain"));
  totals.push(still("× 错误", count("errors"), "plain"), still("！提示", count("warnings"), "plain"));
  at("totals").append(...totals);

  const grown = largest(departments, (item) => amount(item.three_public_change));
  const known = departments.filter((item) => amount(item.three_public_change) !== null);
  const unknown = departments.length - known.length;
  const sum = (key) => known.reduce((all, item) => all + amount(item[key]), 0);
  const lacking = unknown ? `；${unknown} 个部门没有可比的上年数，不在其内` : "";
  // What a growth from nothing is called is the form's choice; where it was made, it is said.
  const fromZero = data.departments
    .flatMap((item) => ["three_public", "operating"].map((name) => ["_before", "_change", "_rate"].map((part) => item[name + part])))
    .some(([before, change, rate]) => amount(before) === 0 && amount(change) && rate);
  const zero = fromZero ? `${data.from_zero}。` : "";
  const compared = known.length
    ? `“三公”经费（${known.length} 个部门，万元）：本年 ${figure(yuan(sum("three_public")))}，` +
      `上年 ${figure(yuan(sum("three_public_before")))}，增减 ${signed(yuan(sum("three_public_change")))}${lacking}。`
    : "各部门都没有可比的上年“三公”经费，没有作比较。";
  const uncounted = data.uncounted && `以上各数和排名不计：${data.uncounted}。`;
  at("whole").textContent = compared + zero + uncounted;

  const ties = unreadable.length ? "能核对的部门都没有错误。" : "各部门都没有错误。";
  listed(at("untied"), untied, (item) => [`× ${item.errors} 条错误`], choose, { status: "error", dq: "" }, ties);
  listed(
    at("grown"),
    grown,
    (item) => [`${signed(item.three_public_change)} 万元`, item.three_public_rate && `（+${item.three_public_rate}%）`],
    choose,
    { status: "grown", dq: "", dsort: "-three_public_change" },
    known.length ? `有上年数的 ${known.length} 个部门都没有增长。` : "没有可比的上年数。"
  );

  const chart = (id, title, found, key, show) => {
    const rows = found.slice(0, DRAWN).map((item) => [item.name, amount(item[key]), show(item[key])]);
    const none = element("p", "quiet", key === "three_public" ? "没有“三公”经费。" : "没有可比的上年数，或都没有增减。");
    at(id).append(rows.length ? bars(id, title, rows) : none);
  };
  const most = largest(departments, (item) => amount(item.three_public));
  chart("largest", "“三公”经费最多的部门", most, "three_public", figure);
  const changed = largest(known, (item) => Math.abs(amount(item.three_public_change)));
  const ordered = changed.slice(0, DRAWN).sort((a, b) => amount(b.three_public_change) - amount(a.three_public_change));
  chart("changes", "“三公”经费增减最大的部门", ordered, "three_public_change", signed);

  const files = (id, items) => {
    at(id).hidden = !items.length;
    at(id).lastElementChild.append(...items.map(([name, why]) => element("li", "", element("b", "", name), ` ${why}`)));
  };
  files("unreadable", unreadable.map(({ file, message }) => [`× ${file}`, message]));
  files("left-out", data.left_out.map(({ file, kind, reason }) => [file, `${kind}：${reason}`]));
  const without = data.without_last_year.map(({ department, kind, reason }) => [department, `${kind}：${reason}`]);
  files("without-last-year", [...data.unread_last_year.map((problem) => ["×", problem]), ...without]);
}
