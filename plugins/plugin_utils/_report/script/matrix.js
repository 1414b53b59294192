// The matrix: only what is in sight is in the document.

const matrix = $("matrix");
const layout = { rows: ofResources, columns: ofPrincipals, sorted: null };
// The longer side goes down the page.
if (principals.length > 2 * resources.length || (principals.length > resources.length && principals.length > 40)) swap();
const drawn = { rows: [], columns: [], window: "", active: null };

function swap() {
  [layout.rows, layout.columns, layout.sorted] = [layout.columns, layout.rows, null];
}

function cellOf(row, column) {
  const [resource, principal] = layout.rows === ofResources ? [row, column] : [column, row];
  return resource * principals.length + principal;
}

// What is shown along a side, in its order; where resources are grouped, one group after the other.
function ordered(ofSide) {
  const indexes = [];
  ofSide.shown.forEach((shown, index) => shown && indexes.push(index));
  if (ofSide.order !== "as given") indexes.sort(ofSide.orders[ofSide.order]);
  return inGroups(ofSide, indexes);
}
function inGroups(ofSide, indexes) {
  const dimension = groupedBy(ofSide);
  if (!dimension) return indexes;
  const ranked = dimension.rank();
  const value = dimension.ofResource;
  const place = new Map(indexes.map((index, position) => [index, position]));
  return indexes.sort((a, b) => ranked[value(a)] - ranked[value(b)] || value(a) - value(b) || place.get(a) - place.get(b));
}
function groupedBy(ofSide) {
  return ofSide === ofResources && list.dimension && list.dimension.ofResource ? list.dimension : null;
}
// Rows with the heading of a group before its first: -1 - the value that the group has in common.
function withHeads(indexes) {
  const dimension = groupedBy(layout.rows);
  if (!dimension) return indexes;
  const rows = [];
  let before = -1;
  for (const index of indexes) {
    const value = dimension.ofResource(index);
    if (value !== before) rows.push(-1 - value);
    rows.push(index);
    before = value;
  }
  return rows;
}

function measure() {
  const wide = matrix.clientWidth || document.documentElement.clientWidth - 48;
  const total = Math.max(1, drawn.columns.length);
  const roomy = 200 + total * 106 <= wide; // So much room takes an account ID.
  const first = roomy ? Math.min(300, wide - total * 106) : Math.max(150, Math.min(300, Math.round(wide * 0.3)));
  const width = roomy ? Math.min(150, Math.floor((wide - first) / total)) : 36;
  return { first, roomy, width, height: roomy ? 48 : 38 };
}

function updateMatrix() {
  drawn.rows = ordered(layout.rows);
  drawn.columns = ordered(layout.columns);
  if (layout.sorted) {
    const { column, direction } = layout.sorted;
    const rank = (row) => {
      const share = cells.get(cellOf(row, column));
      return share === undefined ? (direction > 0 ? 99 : -1) : urgency[shares[share][STATUS]];
    };
    drawn.rows.sort((a, b) => direction * (rank(a) - rank(b)) || a - b);
    drawn.rows = inGroups(layout.rows, drawn.rows);
  }
  drawn.rows = withHeads(drawn.rows);
  drawn.window = "";
  drawn.active = null;
  drawMatrix();
}

function inSight(start, size, item, total, all) {
  if (all) return [0, total];
  const step = 4; // Drawn again after so many rows or columns only, with as many to spare on both sides.
  const from = Math.max(0, (Math.floor(start / item / step) - 1) * step);
  return [from, Math.min(total, (Math.ceil((start + size) / item / step) + 1) * step)];
}

function drawMatrix(all = false) {
  if ($("matrix-view").hidden) return;
  const sizes = measure();
  const { rows, columns } = drawn;
  const [top, bottom] = inSight(matrix.scrollTop, matrix.clientHeight || 700, sizes.height, rows.length, all);
  const [left, right] = inSight(matrix.scrollLeft, matrix.clientWidth || 1400, sizes.width, columns.length, all);
  const window_ = [top, bottom, left, right, sizes.first, sizes.width].join();
  if (window_ === drawn.window) return;
  drawn.window = window_;
  const focused = matrix.contains(document.activeElement) && document.activeElement.localName === "td";

  const table = element("table", sizes.roomy ? "roomy" : "dense");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", `${layout.rows.title}s by ${layout.columns.title.toLowerCase()}`);
  table.setAttribute("aria-rowcount", rows.length + 1);
  table.setAttribute("aria-colcount", columns.length + 1);
  table.style.width = `${sizes.first + columns.length * sizes.width}px`;
  const before = left * sizes.width;
  const after = (columns.length - right) * sizes.width;

  const group = element("colgroup");
  const widths = [sizes.first, before, ...Array(right - left).fill(sizes.width), after];
  for (const width of widths) if (width) group.append(sized(element("col"), "width", width));

  const head = element("tr");
  head.setAttribute("aria-rowindex", 1);
  const corner = element("th", "corner");
  corner.scope = "col";
  corner.setAttribute("aria-sort", !layout.sorted && layout.rows.order === "name" ? "ascending" : "none");
  const cornerButton = button(layout.rows.title, "corner");
  corner.append(cornerButton);
  head.append(corner);
  if (before) head.append(pad("th"));
  for (let position = left; position < right; position += 1) head.append(columnHead(columns[position], position));
  if (after) head.append(pad("th"));
  const thead = element("thead");
  thead.append(head);

  const body = element("tbody");
  if (top) body.append(padRow(top * sizes.height));
  for (let position = top; position < bottom; position += 1) {
    const row = sized(element("tr"), "height", sizes.height);
    row.setAttribute("aria-rowindex", position + 2);
    if (rows[position] < 0) {
      row.append(groupHead(-1 - rows[position], right - left + 1 + Boolean(before) + Boolean(after)));
      body.append(row);
      continue;
    }
    const header = element("th");
    header.scope = "row";
    header.append(label(layout.rows.items[rows[position]]));
    row.append(header);
    if (before) row.append(pad("td"));
    for (let column = left; column < right; column += 1) {
      row.append(cell(rows[position], columns[column], position, column, sizes.roomy));
    }
    if (after) row.append(pad("td"));
    body.append(row);
  }
  if (bottom < rows.length) body.append(padRow((rows.length - bottom) * sizes.height));
  table.append(group, thead, body);
  if (rows.length && columns.length) matrix.replaceChildren(table);
  else if (rows.length) matrix.replaceChildren(table, text("p", "Shared with nobody.", "empty"));
  else matrix.replaceChildren(text("p", "Nothing matches.", "empty"));
  const first = matrix.querySelector("td[data-at]");
  const active = activeCell() || first;
  if (active) active.tabIndex = 0;
  if (focused && activeCell()) activeCell().focus({ preventScroll: true });
}

function groupHead(value, span) {
  const item = list.dimension.items[value];
  const head = element("th", "group-head");
  head.scope = "rowgroup";
  head.colSpan = span;
  const box = element("span", "label");
  box.append(text("bdi", item.name));
  if (item.about) box.append(" ", text("span", item.about, "id"));
  head.append(box);
  return head;
}

function columnHead(index, position) {
  const head = element("th");
  head.scope = "col";
  head.setAttribute("aria-colindex", position + 2);
  const { sorted } = layout;
  const mine = sorted && sorted.column === index;
  head.setAttribute("aria-sort", mine ? (sorted.direction > 0 ? "ascending" : "descending") : "none");
  const control = button("", "column", index);
  control.classList.add("turned");
  control.append(label(layout.columns.items[index]));
  control.title = `${layout.columns.items[index].name}\n${layout.columns.items[index].about}\nSort the rows by this column`;
  head.append(control);
  return head;
}

function cell(row, column, rowPosition, columnPosition, roomy) {
  const box = element("td");
  box.dataset.at = `${rowPosition} ${columnPosition}`;
  box.setAttribute("aria-colindex", columnPosition + 2);
  box.tabIndex = -1;
  const at = cellOf(row, column);
  const index = cells.get(at);
  if (index === undefined) return box;
  const share = shares[index];
  const status = data.statuses[share[STATUS]];
  const permission = data.permissions[share[PERMISSION]];
  const sign = element("span", "mark");
  sign.dataset.s = status;
  if (permission) sign.dataset.p = permission;
  sign.setAttribute("aria-hidden", "true");
  box.className = data.states[status] || "unknown";
  if (!(several.get(at) || [index]).some((one) => matching[one])) box.classList.add("faded");
  box.append(sign);
  if (roomy) box.append(status);
  box.setAttribute("aria-label", [status, permission].filter(Boolean).join(", "));
  return box;
}

function label(item) {
  const box = element("span", "label");
  box.append(text("b", item.name), text("span", item.about, "id"));
  box.title = `${item.name}\n${item.about}\n${item.id}`;
  return box;
}
function pad(name) {
  const box = element(name, "pad");
  box.setAttribute("aria-hidden", "true");
  return box;
}
function padRow(height) {
  const row = sized(element("tr"), "height", height);
  row.setAttribute("aria-hidden", "true");
  row.append(pad("td"));
  return row;
}

function activeCell() {
  return drawn.active && matrix.querySelector(`td[data-at="${drawn.active.join(" ")}"]`);
}

function position(target) {
  const box = target.closest && target.closest("td[data-at]");
  return box ? box.dataset.at.split(" ").map(Number) : null;
}

function describe(at) {
  const detail = $("detail");
  matrix.querySelectorAll("thead .hot").forEach((head) => head.classList.remove("hot"));
  if (!at) return;
  const [row, column] = [drawn.rows[at[0]], drawn.columns[at[1]]];
  const head = matrix.querySelector(`thead th[aria-colindex="${at[1] + 2}"]`);
  if (head) head.classList.add("hot");
  const found_ = several.get(cellOf(row, column)) || [cells.get(cellOf(row, column))];
  const [resource, principal] = layout.rows === ofResources ? [row, column] : [column, row];
  const said = found_.map((index) => (index === undefined ? "not shared" : sentence(shares[index]))).join("; ");
  detail.replaceChildren(
    text("b", resources[resource].name), ` (${resources[resource].about}) → `,
    text("b", principals[principal].full), ": ", text("b", said),
  );
}
function sentence(share) {
  return [
    data.statuses[share[STATUS]], data.permissions[share[PERMISSION]], data.ages[share[AGE]], data.messages[share[MESSAGE]],
    data.ends[share[END]] && `until ${data.ends[share[END]]}`, data.whys[share[WHY]],
    `first seen ${data.times[share[TIME]].slice(0, 10)}`,
  ].filter(Boolean).join(" · ");
}

const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0], PageDown: [15, 0],
  Home: [0, -Infinity], End: [0, Infinity],
};
function move(event) {
  const at = position(event.target);
  const step = MOVES[event.key];
  if (!at || !step || event.altKey || event.metaKey) return;
  event.preventDefault();
  const limits = [drawn.rows.length, drawn.columns.length];
  const to = at.map((value, axis) => {
    const far = event.ctrlKey && axis === 0 && Math.abs(step[1]) === Infinity ? step[1] : step[axis];
    return Math.max(0, Math.min(limits[axis] - 1, value + far));
  });
  // Headings of groups are passed over; above the first there is nothing.
  const way = to[0] < at[0] ? -1 : 1;
  while (drawn.rows[to[0]] < 0) to[0] += to[0] === 0 ? 1 : way;
  drawn.active = to;
  const { first, width, height } = measure();
  const header = matrix.querySelector("thead").offsetHeight;
  reach("scrollTop", to[0] * height, height, matrix.clientHeight - header);
  reach("scrollLeft", to[1] * width, width, matrix.clientWidth - first);
  drawMatrix();
  const target = activeCell();
  if (target) target.focus({ preventScroll: true });
}
function reach(property, start, size, space) {
  if (start < matrix[property]) matrix[property] = start;
  else if (start + size > matrix[property] + space) matrix[property] = start + size - space;
}
