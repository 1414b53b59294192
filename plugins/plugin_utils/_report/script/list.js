// The list: a row for each share, in groups if wanted. A group that is closed has no rows in the document.

const COLUMNS = [
  { title: "Resource", width: 150, value: (share) => resources[share[RESOURCE]].name, rank: ranking(RESOURCE, () => resources.map((one) => one.name)) },
  { title: "Kind", value: (share) => kinds[kindOf[share[RESOURCE]]], rank: ranking(RESOURCE, () => data.resources.map((one) => one[KIND])) },
  {
    title: "Owner",
    width: 130,
    value: (share) => owners[data.resources[share[RESOURCE]][OWNER]],
    rank: ranking(RESOURCE, () => data.resources.map((one) => owners[one[OWNER]].full)),
    draw: named,
    left: !severalOwners,
  },
  {
    title: "Region",
    value: (share) => data.regions[data.resources[share[RESOURCE]][REGION]],
    rank: ranking(RESOURCE, () => data.resources.map((one) => data.regions[one[REGION]])),
    left: !severalRegions,
  },
  { title: "Principal", width: 130, value: (share) => principals[share[PRINCIPAL]], rank: ranking(PRINCIPAL, () => principals.map((one) => one.full)), draw: principalCell },
  { title: "Permission", value: (share) => data.permissions[share[PERMISSION]], rank: ranking(PERMISSION, () => data.permissions) },
  { title: "Status", value: (share) => [data.statuses[share[STATUS]], data.ages[share[AGE]]], rank: () => (share) => urgency[share[STATUS]], draw: statusCell },
  { title: "Message", value: (share) => data.messages[share[MESSAGE]], rank: ranking(MESSAGE, () => data.messages), left: !data.messages.some(Boolean) },
  { title: "Until", value: (share) => data.ends[share[END]], rank: ranking(END, () => data.ends), left: !data.ends.some(Boolean) },
  { title: "Reason", width: 150, value: (share) => data.whys[share[WHY]], rank: ranking(WHY, () => data.whys), left: !data.whys.some(Boolean) },
  { title: "First seen", value: (share) => data.times[share[TIME]].slice(0, 10), rank: ranking(TIME, () => data.times) },
  { title: "Declared", width: 200, value: (share) => share[DECLARED], rank: () => (share) => share[DECLARED], draw: declaredCell, left: !data.declared },
].filter((column) => !column.left);
const NOT_WRAPPED = new Set(["Kind", "Region", "Permission", "Until", "First seen"]);
const list = { sorted: null, rows: [], groups: [], drawn: 0, dimension: null, toggled: new Set() };
function ranking(field, texts) {
  return once(() => {
    const ranked = ranks(texts());
    return (share) => ranked[share[field]];
  });
}

function updateList() {
  list.rows = [];
  matching.forEach((match, index) => match && list.rows.push(index));
  if (list.sorted) {
    const { column, direction } = list.sorted;
    const key = Float64Array.from(shares, COLUMNS[column].rank());
    list.rows.sort((a, b) => direction * (key[a] - key[b]) || a - b);
  }
  list.groups = list.dimension ? groupsOf(list.dimension, list.rows) : [];
  list.drawn = 0;
  document.querySelector("#list thead tr").replaceChildren(...COLUMNS.map(({ title, width }, column) => {
    const head = width ? sized(element("th"), "minWidth", width) : element("th");
    const mine = list.sorted && list.sorted.column === column;
    head.scope = "col";
    head.setAttribute("aria-sort", mine ? (list.sorted.direction > 0 ? "ascending" : "descending") : "none");
    head.append(button(title, "list", column));
    return head;
  }));
  document.querySelectorAll("#list tbody").forEach((body) => body.remove());
  $("list").append(element("tbody"));
  drawList(LIST_STEP);
}

function groupsOf(dimension, rows) {
  const byValue = new Map();
  for (const index of rows) {
    const value = dimension.of(shares[index]);
    if (!byValue.has(value)) byValue.set(value, []);
    byValue.get(value).push(index);
  }
  const ranked = dimension.rank();
  return [...byValue].sort(([a], [b]) => ranked[a] - ranked[b] || a - b).map(([value, members]) => ({ value, members }));
}

// Draws so many more: rows, or groups with the rows of those that are open.
function drawList(more) {
  const all = list.dimension ? list.groups : list.rows;
  const to = Math.min(all.length, list.drawn + more);
  const next = all.slice(list.drawn, to);
  if (list.dimension) $("list").append(...next.map(groupBody));
  else document.querySelector("#list tbody").append(...next.map(listRow));
  list.drawn = to;
  const left = all.length - to;
  const what = list.dimension ? " groups" : "";
  $("list-more").textContent = left ? `${to} of ${all.length}${what}` : all.length ? "" : "Nothing matches.";
  $("list-next").hidden = !left;
}

function groupBody(group) {
  const item = list.dimension.items[group.value];
  const body = element("tbody", "group-of-rows");
  const head = element("th");
  head.colSpan = COLUMNS.length;
  head.scope = "rowgroup";
  const open = isOpen(group);
  const control = element("button");
  control.type = "button";
  control.dataset.group = group.value;
  control.setAttribute("aria-expanded", open);
  control.append(text("b", item.name));
  if (item.full !== item.name) control.append(" ", text("span", item.about, "id quiet"));
  head.append(control, " ", text("span", summary(group.members), "quiet"));
  const row = element("tr");
  row.append(head);
  body.append(row);
  if (open) drawMembers(body, group, LIST_STEP);
  return body;
}
function drawMembers(body, group, more) {
  const there = body.querySelectorAll("tr.member").length;
  const limit = printing ? LIST_ON_PAPER : more;
  body.querySelector("tr.rest")?.remove();
  const next = group.members.slice(there, there + limit).map(listRow);
  next.forEach((row) => row.classList.add("member"));
  body.append(...next);
  const left = group.members.length - there - next.length;
  if (!left) return;
  const rest = element("tr", "rest");
  const cell_ = element("th");
  cell_.colSpan = COLUMNS.length;
  const control = text("button", `Show more: ${left} are left`, "link");
  control.type = "button";
  control.dataset.more = group.value;
  cell_.append(control);
  rest.append(cell_);
  body.append(rest);
}
// Few rows are all in sight; of many, the groups come first.
function isOpen(group) {
  return printing || (list.rows.length <= LIST_STEP) !== list.toggled.has(group.value);
}
function summary(members) {
  let [live, dead, attention] = [0, 0, 0];
  for (const index of members) {
    const state = data.states[data.statuses[shares[index][STATUS]]];
    if (state === "live") live += 1;
    if (state === "dead") dead += 1;
    if (shares[index][REASONS] & urgent) attention += 1;
  }
  const counts = [[members.length, members.length === 1 ? "share" : "shares"], [live, "live"], [dead, "dead"], [attention, "needing attention"]];
  return counts.filter(([number], position) => number || !position).map(([number, what]) => `${number} ${what}`).join(" · ");
}

function listRow(index) {
  const row = element("tr");
  row.append(...COLUMNS.map(({ title, value, draw }) => {
    const said = value(shares[index]);
    return draw ? draw(said) : text("td", said, NOT_WRAPPED.has(title) ? "nowrap" : "");
  }));
  return row;
}
function named(owner) {
  const box = element("td");
  box.append(text("bdi", owner.name));
  if (owner.about) box.append(" ", text("span", owner.about, "id quiet"));
  return box;
}
function principalCell(principal) {
  const box = element("td");
  if (principal.full !== principal.id) box.append(text("b", principal.name), " ");
  box.append(text("code", principal.full === principal.id ? principal.id : principal.about));
  return box;
}
function statusCell([status, age]) {
  const box = element("td", "nowrap");
  const sign = element("span", "mark");
  sign.dataset.s = status;
  sign.setAttribute("aria-hidden", "true");
  box.append(sign, ` ${status}`);
  if (age) box.append(" ", text("span", age, "quiet age"));
  return box;
}
function declaredCell(entry) {
  const box = element("td");
  if (entry < 0) {
    box.append(text("span", "not declared", "quiet"));
    return box;
  }
  const link = element("a");
  link.href = `#declared-${entry}`;
  link.append(text("code", data.declared[entry]));
  box.append(link);
  return box;
}
