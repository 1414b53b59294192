// What the page does. Its data are columns: "items" has each distinct value once, as [name, about, full, search], and
// "of" the item of each share; in "of_resource", of each resource. Names are other people's: they only become text.
"use strict";
(() => {
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const LIST_STEP = 200, LIST_MOST = 3000, COLUMNS_ON_PAPER = 24;

function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const columns = {};
for (const [key, { items, of, of_resource: ofResource }] of Object.entries(data.columns)) {
  const named = items.map(([name, about = "", full = name, search = full]) => ({ name, about, full, search: search.toLowerCase() }));
  columns[key] = { key, items: named, ofResource, of: Int32Array.from(of || columns.resource.of, (one) => (of ? one : ofResource[one])), ranks: {} };
}
const { resource, principal, status, owner, region, attention } = columns;
const total = resource.of.length;
const plural = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
const at = (column, share) => column.items[column.of[share]];

// The place of each item of the column among all of them, in the order of their texts.
function ranks(column, text) {
  if (!column.ranks[text]) {
    const texts = column.items.map((item) => item[text]);
    const sorted = [...new Set(texts)].sort((a, b) => collator.compare(a, b) || (a < b ? -1 : 1));
    const places = new Map(sorted.map((one, place) => [one, place]));
    column.ranks[text] = Int32Array.from(texts, (one) => places.get(one));
  }
  return column.ranks[text];
}
const inOrder = (column, text = "full") => (a, b) => ranks(column, text)[a] - ranks(column, text)[b] || a - b;

// ---- Filter and groups

const DIMENSIONS = [owner, region, columns.kind, principal].filter((column) => column.items.length > 1);
const SEARCHED = [resource, principal, status, columns.permission_type, columns.status_message, columns.until, columns.reason];
const matching = new Uint8Array(total);
const filter = { words: [], statuses: new Set(), reason: "", only: new Map() };
let group = null;

// One of the matrix's two sides.
function side(title, column) {
  const [inactive, shares] = [new Int32Array(column.items.length), new Int32Array(column.items.length)];
  column.of.forEach((item, share) => {
    shares[item] += 1;
    if (at(status, share).about === "inactive") inactive[item] += 1;
  });
  const orders = {
    kind: (a, b) => a - b,
    name: inOrder(column, "name"),
    ID: inOrder(column, "search"),
    "most inactive": (a, b) => inactive[b] - inactive[a] || a - b,
    "most shares": (a, b) => shares[b] - shares[a] || a - b,
  };
  return { title, column, orders, order: "kind", shown: new Uint8Array(column.items.length) };
}
const ofResources = side("Resource", resource);
const ofPrincipals = side("Principal", principal);
const count = ({ shown }) => shown.reduce((sum, one) => sum + one, 0);

function applyFilter() {
  const { words, statuses, reason, only } = filter;
  const test = (column, passes) => ({ of: column.of, good: Uint8Array.from(column.items, (item, index) => (passes(item, index) ? 1 : 0)) });
  // Each condition is a list of tests of which one has to pass.
  const conditions = words.map((word) => SEARCHED.map((column) => test(column, ({ search, about }) => search.includes(word) || about === word)));
  if (statuses.size) conditions.push([test(status, ({ name }) => statuses.has(name))]);
  if (reason) conditions.push([test(attention, ({ name }) => name.split(" ").includes(reason))]);
  for (const [column, wanted] of only) conditions.push([test(column, (_item, index) => index === wanted)]);
  ofResources.shown.fill(conditions.length ? 0 : 1);
  ofPrincipals.shown.fill(conditions.length ? 0 : 1);
  let found = 0;
  for (let share = 0; share < total; share += 1) {
    matching[share] = conditions.every((tests) => tests.some(({ of, good }) => good[of[share]])) ? 1 : 0;
    if (!matching[share]) continue;
    found += 1;
    ofResources.shown[resource.of[share]] = 1;
    ofPrincipals.shown[principal.of[share]] = 1;
  }
  // A resource without shares can still be found.
  if (conditions.length && !statuses.size && !reason && !only.has(principal)) {
    resource.items.forEach(({ search }, index) => {
      const fits = [...only].every(([column, wanted]) => column.ofResource[index] === wanted);
      if (fits && words.every((word) => search.includes(word))) ofResources.shown[index] = 1;
    });
  }
  $("reset").hidden = !conditions.length;
  const label = reason ? `, ${data.reasons[reason].toLowerCase()} only` : "";
  const sides = [plural(count(ofResources), "resource"), plural(count(ofPrincipals), "principal")].join(" × ");
  $("found-text").textContent = `${found} of ${plural(total, "share")}, ${sides}${label}`;
  update();
}

function offerFilters() {
  for (const column of DIMENSIONS) {
    const counts = new Int32Array(column.items.length);
    for (const item of column.of) counts[item] += 1;
    const order = column.items.map((_item, index) => index).sort(inOrder(column));
    const options = order.map((index) => node("option", { value: index }, `${column.items[index].full} (${counts[index]})`));
    const choice = node("select", { "data-only": column.key }, node("option", { value: "" }, `every ${column.key}`), ...options);
    $("choices").append(node("label", {}, `${column.key} `, choice));
    $("group").append(node("option", { value: column.key }, column.key));
  }
  $("choices").hidden = $("grouping").hidden = !DIMENSIONS.length;
}

// ---- The list: a row for each share, in groups if wanted. A closed group has no rows in the document.

const LIST = [
  { title: "Resource", column: resource, by: "name", wide: true },
  { title: "Kind", column: columns.kind },
  { title: "Owner", column: owner, wide: true, draw: namedCell, left: owner.items.length < 2 },
  { title: "Region", column: region, left: region.items.length < 2 },
  { title: "Principal", column: principal, wide: true, draw: namedCell },
  { title: "Permission", column: columns.permission_type },
  { title: "Status", column: status, byItem: true, draw: statusCell },
  { title: "Message", column: columns.status_message, wraps: true },
  { title: "Until", column: columns.until },
  { title: "Reason", column: columns.reason, wraps: true, wide: true },
  { title: "First seen", column: columns.first_seen },
  { title: "Declared", column: columns.declared, wraps: true, wide: true, byItem: true, draw: declaredCell, left: !data.has_declaration },
].filter(({ column, left }) => !left && column.items.some(({ name }) => name));
const list = { sorted: null, rows: [], groups: [], limit: LIST_STEP, toggled: new Set() };
let printing = false;

function updateList() {
  list.rows = [];
  matching.forEach((match, share) => match && list.rows.push(share));
  if (list.sorted) {
    const { column, by = "full", byItem } = LIST[list.sorted.column];
    const key = byItem ? column.of : column.of.map((item) => ranks(column, by)[item]);
    list.rows.sort((a, b) => list.sorted.direction * (key[a] - key[b]) || a - b);
  }
  const byItem = new Map();
  for (const share of group ? list.rows : []) {
    if (!byItem.has(group.of[share])) byItem.set(group.of[share], []);
    byItem.get(group.of[share]).push(share);
  }
  list.groups = [...byItem.keys()].sort(group ? inOrder(group) : undefined).map((item) => ({ item, members: byItem.get(item) }));
  list.limit = LIST_STEP;
  drawList();
}
function drawList() {
  const heads = LIST.map(({ title, wide }, index) => (
    node("th", { scope: "col", class: wide ? "wide" : "", "aria-sort": direction(list.sorted, index) }, sorter(title, "list", index))
  ));
  const all = group ? list.groups : list.rows;
  const some = all.slice(0, printing ? LIST_MOST : list.limit);
  const bodies = group ? some.map(groupBody) : [node("tbody", {}, ...some.map(listRow))];
  $("list").replaceChildren(node("thead", {}, node("tr", {}, ...heads)), ...bodies);
  const left = all.length > some.length;
  $("list-more").textContent = left ? `${some.length} of ${all.length}${group ? " groups" : ""}` : all.length ? "" : "Nothing matches.";
  $("list-next").hidden = !left;
}
function groupBody({ item, members }) {
  const { name, about, full } = group.items[item];
  // Few rows are all visible; of many, the groups come first.
  const open = printing || (list.rows.length <= LIST_STEP) !== list.toggled.has(item);
  const control = node("button", { type: "button", "data-group": item, "aria-expanded": open }, node("b", {}, name));
  if (full !== name) control.append(" ", node("span", { class: "id quiet" }, about));
  const head = node("th", { colspan: LIST.length, scope: "rowgroup" }, control, " ", node("span", { class: "quiet" }, summary(members)));
  const rows = open ? members.slice(0, LIST_MOST).map(listRow) : [];
  const rest = `The first ${LIST_MOST} of ${members.length}. Filter them to see the others.`;
  if (open && members.length > LIST_MOST) rows.push(node("tr", {}, node("td", { colspan: LIST.length, class: "quiet" }, rest)));
  return node("tbody", { class: "group-of-rows" }, node("tr", {}, head), ...rows);
}
function summary(members) {
  const number = (test, what) => {
    const found = members.filter(test).length;
    return found ? `${found} ${what}` : "";
  };
  return [
    plural(members.length, "share"),
    ...["active", "inactive"].map((state) => number((share) => at(status, share).about === state, state)),
    number((share) => at(attention, share).about, "needing attention"),
  ].filter(Boolean).join(" · ");
}

function listRow(share) {
  return node("tr", {}, ...LIST.map(({ column, draw, wraps }) => {
    const item = at(column, share);
    return draw ? draw(item, share) : node("td", { class: wraps || column === resource ? "" : "nowrap" }, item.name);
  }));
}
function namedCell({ name, about, full }) {
  return node("td", {}, ...(full === name ? [node("code", {}, name)] : [node("b", {}, name), " ", node("code", {}, about)]));
}
function statusCell({ name }, share) {
  const box = node("td", { class: "nowrap" }, node("span", { class: "mark", "data-s": name, "aria-hidden": true }), ` ${name}`);
  const age = at(columns.pending_age, share).name;
  if (age) box.append(" ", node("span", { class: "quiet age" }, age));
  return box;
}
function declaredCell({ name, about }) {
  const link = about ? node("a", { href: `#declared-${about}` }, node("code", {}, name)) : node("code", {}, name);
  return node("td", {}, name ? link : node("span", { class: "quiet" }, "not declared"));
}

// ---- The matrix: only what is in view is in the document

const matrix = $("matrix");
const layout = { rows: ofResources, columns: ofPrincipals, sorted: null };
const drawn = { rows: [], columns: [], window: "", active: null };
// The shares of each cell. It shows the last, which gives most access.
const cells = new Map();
for (let share = 0; share < total; share += 1) {
  const key = resource.of[share] * principal.items.length + principal.of[share];
  const shares = [...(cells.get(key) || []), share];
  cells.set(key, shares.sort((a, b) => status.of[a] - status.of[b] || b - a));
}
const shown = (key) => cells.get(key)?.at(-1);
function swap() {
  [layout.rows, layout.columns, layout.sorted] = [layout.columns, layout.rows, null];
}
function cellOf(row, column) {
  const [one, other] = layout.rows === ofResources ? [row, column] : [column, row];
  return one * principal.items.length + other;
}
const isGrouped = (ofSide) => ofSide === ofResources && group && group.ofResource;

// What is shown along a side in its order; where resources are grouped, one group after the other.
function ordered(ofSide) {
  const indexes = [];
  ofSide.shown.forEach((one, index) => one && indexes.push(index));
  indexes.sort(ofSide.orders[ofSide.order]);
  if (layout.sorted && ofSide === layout.rows) {
    const { column, direction: way } = layout.sorted;
    const last = way > 0 ? Infinity : -Infinity;
    const rank = new Map(indexes.map((row) => [row, status.of[shown(cellOf(row, column))] ?? last]));
    indexes.sort((a, b) => (rank.get(a) === rank.get(b) ? 0 : way * (rank.get(a) - rank.get(b))));
  }
  const place = isGrouped(ofSide) && ranks(group, "full");
  return place ? indexes.sort((a, b) => place[group.ofResource[a]] - place[group.ofResource[b]]) : indexes;
}
function updateMatrix() {
  drawn.columns = ordered(layout.columns);
  drawn.rows = ordered(layout.rows);
  // The heading of a group is -1 - its item.
  if (isGrouped(layout.rows)) {
    const [of, rows] = [group.ofResource, drawn.rows];
    drawn.rows = rows.flatMap((row, place) => (of[row] === of[rows[place - 1]] ? [row] : [-1 - of[row], row]));
  }
  for (const choice of document.querySelectorAll("[data-order]")) {
    const { orders, order } = layout[choice.dataset.order];
    choice.replaceChildren(...Object.keys(orders).map((one) => node("option", {}, one)));
    choice.value = order;
  }
  Object.assign(drawn, { window: "", active: null });
  drawMatrix();
}
function measure() {
  const wide = matrix.clientWidth || document.documentElement.clientWidth - 48;
  const number = Math.max(1, drawn.columns.length);
  const roomy = 200 + number * 106 <= wide; // An account ID needs that much.
  const first = roomy ? Math.min(300, wide - number * 106) : Math.max(150, Math.min(300, Math.round(wide * 0.3)));
  const width = roomy ? Math.min(150, Math.floor((wide - first) / number)) : 36;
  return { first, roomy, width, height: roomy ? 48 : 38 };
}
function inView(start, size, item, number) {
  if (printing) return [0, number];
  const step = 4; // Drawn again only after so many rows or columns, with as many to spare on both sides.
  const from = Math.max(0, (Math.floor(start / item / step) - 1) * step);
  return [from, Math.min(number, (Math.ceil((start + size) / item / step) + 1) * step)];
}
function drawMatrix() {
  if ($("matrix-view").hidden) return;
  const { first, roomy, width, height } = measure();
  const { rows, columns: across } = drawn;
  const [top, bottom] = inView(matrix.scrollTop, matrix.clientHeight || 700, height, rows.length);
  const [left, right] = inView(matrix.scrollLeft, matrix.clientWidth || 1400, width, across.length);
  const view = [top, bottom, left, right, first, width].join();
  if (view === drawn.window) return;
  drawn.window = view;
  const focused = matrix.contains(document.activeElement) && document.activeElement.localName === "td";
  const [before, after] = [left * width, (across.length - right) * width];
  const padded = (tag, middle) => [before && pad(tag), ...middle, after && pad(tag)].filter(Boolean);

  const widths = [first, before, ...Array(right - left).fill(width), after].filter(Boolean);
  const corner = node("th", { class: "corner", scope: "col" }, layout.rows.title);
  const heads = across.slice(left, right).map((item, place) => columnHead(item, left + place));
  const body = node("tbody");
  if (top) body.append(padRow(top * height));
  for (let row = top; row < bottom; row += 1) {
    const line = node("tr", { height, "aria-rowindex": row + 2 });
    const heading = rows[row] < 0 && group.items[-1 - rows[row]];
    const members = heading ? [] : across.slice(left, right).map((item, place) => cell(rows[row], item, row, left + place, roomy));
    if (heading) line.append(node("th", { class: "group-head", scope: "rowgroup", colspan: widths.length }, label(heading)));
    else line.append(node("th", { scope: "row" }, label(layout.rows.column.items[rows[row]])), ...padded("td", members));
    body.append(line);
  }
  if (bottom < rows.length) body.append(padRow((rows.length - bottom) * height));
  const table = node(
    "table",
    {
      class: roomy ? "roomy" : "dense", role: "grid", width: first + across.length * width, "aria-rowcount": rows.length + 1,
      "aria-colcount": across.length + 1, "aria-label": `${layout.rows.title}s by ${layout.columns.title.toLowerCase()}`,
    },
    node("colgroup", {}, ...widths.map((one) => node("col", { width: one }))),
    node("thead", {}, node("tr", { "aria-rowindex": 1 }, corner, ...padded("th", heads))),
    body,
  );
  if (!rows.length) matrix.replaceChildren(node("p", { class: "empty" }, "Nothing matches."));
  else matrix.replaceChildren(table, ...(across.length ? [] : [node("p", { class: "empty" }, "Not shared.")]));
  const active = activeCell() || matrix.querySelector("td[data-at]");
  if (active) active.tabIndex = 0;
  if (focused && activeCell()) activeCell().focus({ preventScroll: true });
}
const pad = (tag) => node(tag, { class: "pad", "aria-hidden": true });
const padRow = (height) => node("tr", { height, "aria-hidden": true }, pad("td"));
function label({ name, about, full }) {
  const parts = [node("b", {}, name), " ", node("span", { class: "id" }, about)];
  return node("span", { class: "label", title: `${name}\n${about}\n${full}` }, ...parts);
}
function columnHead(item, place) {
  const control = sorter(label(layout.columns.column.items[item]), "column", item);
  control.classList.add("turned");
  return node("th", { scope: "col", "aria-colindex": place + 2, "aria-sort": direction(layout.sorted, item) }, control);
}
function cell(row, column, rowPlace, columnPlace, roomy) {
  const box = node("td", { "data-at": `${rowPlace} ${columnPlace}`, "aria-colindex": columnPlace + 2, tabindex: -1 });
  const key = cellOf(row, column);
  const share = shown(key);
  if (share === undefined) return box;
  const { name, about } = at(status, share);
  const permission = at(columns.permission_type, share).name;
  const matches = cells.get(key).some((one) => matching[one]);
  box.className = `${about}${matches ? "" : " faded"}`;
  box.setAttribute("aria-label", [name, permission].filter(Boolean).join(", "));
  box.append(node("span", { class: "mark", "data-s": name, "data-p": permission, "aria-hidden": true }), ...(roomy ? [name] : []));
  return box;
}
const activeCell = () => drawn.active && matrix.querySelector(`td[data-at="${drawn.active.join(" ")}"]`);
const placeOf = (target) => target.closest?.("td[data-at]")?.dataset.at.split(" ").map(Number);

function describe(place) {
  if (!place) return;
  const key = cellOf(drawn.rows[place[0]], drawn.columns[place[1]]);
  const texts = (cells.get(key) || []).map(sentence).join("; ") || "not shared";
  const { name, about } = resource.items[Math.floor(key / principal.items.length)];
  const { full } = principal.items[key % principal.items.length];
  $("detail").replaceChildren(node("b", {}, name), ` (${about}) → `, node("b", {}, full), ": ", node("b", {}, texts));
}
function sentence(share) {
  const text = (key) => at(columns[key], share).name;
  const texts = ["status", "permission_type", "pending_age", "status_message"].map(text);
  const until = text("until") && `until ${text("until")}`;
  return [...texts, until, text("reason"), `first seen ${text("first_seen")}`].filter(Boolean).join(" · ");
}
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
function move(event) {
  const [place, step] = [placeOf(event.target), MOVES[event.key]];
  if (!place || !step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const to = [place[0] + step[0], place[1] + step[1]];
  if (drawn.rows[to[0]] < 0) to[0] += step[0]; // The heading of a group.
  matrix.querySelector(`td[data-at="${to.join(" ")}"]`)?.focus();
}

// ---- What people do

function update() {
  if (!$("matrix-view").hidden) updateMatrix();
  if (!$("list-view").hidden) updateList();
}
function show(view) {
  for (const one of ["matrix", "list"]) {
    $(`${one}-view`).hidden = one !== view;
    document.querySelector(`[data-view=${one}]`).setAttribute("aria-pressed", one === view);
  }
  document.querySelector(".orders").hidden = view !== "matrix";
  update();
}
function sorter(content, sort, index) {
  return node("button", { type: "button", "data-sort": sort, "data-index": index }, content);
}
const direction = (sorted, column) => (sorted?.column !== column ? "none" : sorted.direction > 0 ? "ascending" : "descending");
function sort({ sort: what, index }) {
  const next = (sorted) => (
    sorted?.column !== Number(index) ? { column: Number(index), direction: 1 } : sorted.direction > 0 ? { ...sorted, direction: -1 } : null
  );
  if (what === "list") list.sorted = next(list.sorted);
  else layout.sorted = next(layout.sorted);
  update();
  document.querySelector(`button[data-sort="${what}"][data-index="${index}"]`)?.focus({ preventScroll: true });
}
function groupBy(key) {
  group = columns[key] || null;
  list.toggled.clear();
  // Headings stand between rows, so grouped resources go down the page.
  if (isGrouped(ofResources) && layout.rows !== ofResources) swap();
  update();
}
function toggle(set, value) {
  if (!set.delete(value)) set.add(value);
}

const CLICKS = {
  sort: (button) => sort(button.dataset),
  reason({ dataset }) {
    filter.reason = dataset.reason;
    applyFilter();
    $("shares").scrollIntoView();
    $("filter").focus({ preventScroll: true });
  },
  status(chip) {
    toggle(filter.statuses, chip.dataset.status);
    chip.setAttribute("aria-pressed", filter.statuses.has(chip.dataset.status));
    applyFilter();
  },
  group(control) {
    const item = Number(control.dataset.group);
    toggle(list.toggled, item);
    const body = groupBody(list.groups.find((one) => one.item === item));
    control.closest("tbody").replaceWith(body);
    body.querySelector("button").focus({ preventScroll: true });
  },
  next() {
    list.limit += LIST_STEP;
    drawList();
  },
  view: ({ dataset }) => show(dataset.view),
  swap() {
    swap();
    update();
  },
};
document.addEventListener("click", ({ target }) => {
  for (const [name, act] of Object.entries(CLICKS)) {
    const control = target.closest(`button[data-${name}]`);
    if (control) return act(control);
  }
});
$("filter").addEventListener("input", () => {
  filter.words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  matrix.scrollTop = matrix.scrollLeft = 0;
  applyFilter();
});
$("reset").addEventListener("click", () => {
  $("filter").value = "";
  Object.assign(filter, { words: [], statuses: new Set(), reason: "", only: new Map() });
  document.querySelectorAll("[data-only]").forEach((choice) => (choice.selectedIndex = 0));
  document.querySelectorAll("[data-status]").forEach((chip) => chip.setAttribute("aria-pressed", "false"));
  applyFilter();
  $("filter").focus();
});
document.addEventListener("change", ({ target }) => {
  const { only, order } = target.dataset;
  matrix.scrollTop = 0;
  if (only) {
    if (target.value) filter.only.set(columns[only], Number(target.value));
    else filter.only.delete(columns[only]);
    applyFilter();
  } else if (order) {
    layout[order].order = target.value;
    if (order === "rows") layout.sorted = null;
    updateMatrix();
  } else if (target.id === "group") {
    groupBy(target.value);
  }
});
// drawMatrix() does nothing where the same rows and columns are in view.
for (const [target, name] of [[matrix, "scroll"], [window, "resize"]]) {
  target.addEventListener(name, () => requestAnimationFrame(drawMatrix), { passive: true });
}
matrix.addEventListener("mouseover", ({ target }) => describe(placeOf(target)));
matrix.addEventListener("focusin", ({ target }) => {
  drawn.active = placeOf(target) || drawn.active;
  describe(drawn.active);
});
matrix.addEventListener("keydown", move);

// On paper: all of the matrix where it fits, else the list.
let onScreen = "matrix", closed = [];
window.addEventListener("beforeprint", () => {
  onScreen = $("matrix-view").hidden ? "list" : "matrix";
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const one of closed) one.open = true;
  printing = true;
  show(count(layout.columns) > COLUMNS_ON_PAPER ? "list" : onScreen);
});
window.addEventListener("afterprint", () => {
  printing = false;
  for (const one of closed) one.open = false;
  show(onScreen);
});

for (const chip of document.querySelectorAll("[data-status]")) {
  chip.disabled = false;
  chip.setAttribute("aria-pressed", "false");
}
document.querySelectorAll("[data-reason], #tools").forEach((one) => (one.hidden = false));
// The longer side goes down the page.
const [many, few] = [principal.items.length, resource.items.length];
if (many > 2 * few || (many > few && many > 40)) swap();
offerFilters();
// What many accounts share with a few is read account by account.
if (owner.items.length > 1 && resource.items.length > 100 * principal.items.length) {
  $("group").value = "owner";
  show("list");
  groupBy("owner");
}
applyFilter();
})();
