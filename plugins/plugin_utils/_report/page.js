"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  // From what matters most to what matters least: the order of statuses where something is sorted by them.
  const URGENCY = ["FAILED", "EXPIRED", "REJECTED", "REVOKED", "PENDING", "ASSOCIATING", "ASSOCIATED", "ACCEPTED"];
  const LIST_STEP = 200;
  const LIST_ON_PAPER = 3000;
  const COLUMNS_ON_PAPER = 24;
  const CELLS_ON_PAPER = 6000;

  // What to show, by number

  const RESOURCE = 0, PRINCIPAL = 1, STATUS = 2, PERMISSION = 3, MESSAGE = 4, TIME = 5, AGE = 6, REASONS = 7;
  const shares = data.shares;
  const differ = (field) => new Set(data.resources.map((resource) => resource[field])).size > 1;
  const [owners, regions] = [differ(4), differ(5)];

  const resources = data.resources.map(([name, kind, id, arn, owner, region]) => ({
    name: name || id,
    about: [kind, owners ? owner : "", regions ? region : ""].filter(Boolean).join(" · "),
    id: arn || id,
    kind,
    owner,
    text: [name, kind, id, arn, owner, region].join("\n").toLowerCase(),
  }));
  const principals = data.principals.map(([id, kind, account, name]) => {
    const own = id.slice(id.indexOf(":") + 1);
    const person = kind === "user" || kind === "role";
    return {
      name: person ? own : name || id,
      about: person ? [account, name].filter(Boolean).join(" ") : name ? id : kind,
      full: person ? `${own} of ${name ? `${name} ` : ""}${account}` : name ? `${name} ${id}` : id,
      id,
      text: [id, kind, account, name].join("\n").toLowerCase(),
    };
  });

  const urgency = data.statuses.map((status) => {
    const position = URGENCY.indexOf(status);
    return position < 0 ? URGENCY.length : position;
  });

  function ranks(texts) {
    const order = texts.map((_text, index) => index).sort((a, b) => collator.compare(texts[a], texts[b]) || a - b);
    const ranked = new Int32Array(texts.length);
    order.forEach((index, position) => {
      const before = order[position - 1];
      ranked[index] = position && collator.compare(texts[before], texts[index]) === 0 ? ranked[before] : position;
    });
    return ranked;
  }

  // One of the matrix's two sides: what stands along it, and the orders it can have.
  function side(title, items, position) {
    const attention = new Int32Array(items.length);
    const count = new Int32Array(items.length);
    for (const share of shares) {
      count[share[position]] += 1;
      if (urgency[share[STATUS]] < 4) attention[share[position]] += 1;
    }
    const orders = {
      "as given": (a, b) => a - b,
      name: by(ranks(items.map((item) => item.name))),
      ID: by(ranks(items.map((item) => item.id))),
      "most dead": (a, b) => attention[b] - attention[a] || a - b,
      "most shares": (a, b) => count[b] - count[a] || a - b,
    };
    return { title, items, position, orders, order: "as given", shown: new Uint8Array(items.length) };
  }
  function by(ranked) {
    return (a, b) => ranked[a] - ranked[b] || a - b;
  }
  const ofResources = side("Resource", resources, RESOURCE);
  const ofPrincipals = side("Principal", principals, PRINCIPAL);

  // A cell has the share that says most about access: a live one before a dead one.
  const cells = new Int32Array(resources.length * principals.length);
  const several = new Map();
  shares.forEach((share, index) => {
    const cell = share[RESOURCE] * principals.length + share[PRINCIPAL];
    const there = cells[cell] - 1;
    if (there >= 0) several.set(cell, [...(several.get(cell) || [there]), index]);
    if (there < 0 || urgency[share[STATUS]] > urgency[shares[there][STATUS]]) cells[cell] = index + 1;
  });

  // Filter

  const matching = new Uint8Array(shares.length);
  const filter = { words: [], statuses: new Set(), reason: -1 };
  let found = shares.length;

  function applyFilter() {
    const { words, statuses, reason } = filter;
    const has = (texts) => words.map((word) => Uint8Array.from(texts, (text) => (text.includes(word) ? 1 : 0)));
    const lower = (texts) => texts.map((text) => text.toLowerCase());
    const tables = [
      has(resources.map((resource) => resource.text)),
      has(principals.map((principal) => principal.text)),
      has(data.statuses.map((status) => `${status} ${data.states[status] || "unknown"}`.toLowerCase())),
      has(lower(data.permissions)),
      has(lower(data.messages)),
    ];
    const wanted = Uint8Array.from(data.statuses, (status) => (!statuses.size || statuses.has(status) ? 1 : 0));
    const narrowed = words.length > 0 || statuses.size > 0 || reason >= 0;
    ofResources.shown.fill(narrowed ? 0 : 1);
    ofPrincipals.shown.fill(narrowed ? 0 : 1);
    found = 0;
    for (let index = 0; index < shares.length; index += 1) {
      const share = shares[index];
      let match = wanted[share[STATUS]] && (reason < 0 || share[REASONS] & (1 << reason)) ? 1 : 0;
      for (let word = 0; match && word < words.length; word += 1) {
        match = 0;
        for (let table = 0; table < tables.length && !match; table += 1) match = tables[table][word][share[table]];
      }
      matching[index] = match;
      if (match) {
        found += 1;
        ofResources.shown[share[RESOURCE]] = 1;
        ofPrincipals.shown[share[PRINCIPAL]] = 1;
      }
    }
    // A resource that is shared with nobody can still be looked for.
    if (words.length && !statuses.size && reason < 0) {
      resources.forEach((_resource, index) => {
        if (words.every((_word, word) => tables[0][word][index])) ofResources.shown[index] = 1;
      });
    }
    $("reset").hidden = !narrowed;
    const across = `${count(ofResources)} resources × ${count(ofPrincipals)} principals`;
    const only = reason >= 0 ? `, ${data.reasons[reason][1].toLowerCase()} only` : "";
    $("found-text").textContent = `${found} of ${shares.length} shares, ${across}${only}`;
    update();
  }
  function count(ofSide) {
    return ofSide.shown.reduce((sum, shown) => sum + shown, 0);
  }

  // Matrix

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

  function ordered(ofSide) {
    const indexes = [];
    ofSide.shown.forEach((shown, index) => shown && indexes.push(index));
    return ofSide.order === "as given" ? indexes : indexes.sort(ofSide.orders[ofSide.order]);
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
        const share = cells[cellOf(row, column)] - 1;
        return share < 0 ? (direction > 0 ? 99 : -1) : urgency[shares[share][STATUS]];
      };
      drawn.rows.sort((a, b) => direction * (rank(a) - rank(b)) || a - b);
    }
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
    const index = cells[at] - 1;
    if (index < 0) return box;
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
    const found_ = several.get(cellOf(row, column)) || [cells[cellOf(row, column)] - 1];
    const [resource, principal] = layout.rows === ofResources ? [row, column] : [column, row];
    const said = found_.map((index) => (index < 0 ? "not shared" : sentence(shares[index]))).join("; ");
    detail.replaceChildren(
      text("b", resources[resource].name), ` (${resources[resource].about}) → `,
      text("b", principals[principal].full), ": ", text("b", said),
    );
  }
  function sentence(share) {
    return [
      data.statuses[share[STATUS]], data.permissions[share[PERMISSION]], data.ages[share[AGE]], data.messages[share[MESSAGE]],
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

  // List

  const COLUMNS = [
    ["Resource", (share) => resources[share[RESOURCE]].name, by_(RESOURCE, resources, "name")],
    ["Kind", (share) => resources[share[RESOURCE]].kind, by_(RESOURCE, resources, "kind")],
    ["Owner", (share) => resources[share[RESOURCE]].owner, by_(RESOURCE, resources, "owner")],
    ["Principal", (share) => principals[share[PRINCIPAL]], by_(PRINCIPAL, principals, "full")],
    ["Permission", (share) => data.permissions[share[PERMISSION]], by_(PERMISSION, data.permissions)],
    ["Status", (share) => [data.statuses[share[STATUS]], data.ages[share[AGE]]], (share) => urgency[share[STATUS]]],
    ["Message", (share) => data.messages[share[MESSAGE]], by_(MESSAGE, data.messages)],
    ["First seen", (share) => data.times[share[TIME]].slice(0, 10), by_(TIME, data.times)],
  ];
  const NOT_WRAPPED = new Set(["Kind", "Permission", "First seen"]);
  const list = { sorted: null, rows: [], drawn: 0 };
  function by_(field, items, property) {
    const ranked = ranks(items.map((item) => (property ? item[property] : item)));
    return (share) => ranked[share[field]];
  }

  function updateList() {
    list.rows = [];
    matching.forEach((match, index) => match && list.rows.push(index));
    if (list.sorted) {
      const { column, direction } = list.sorted;
      const key = Float64Array.from(shares, COLUMNS[column][2]);
      list.rows.sort((a, b) => direction * (key[a] - key[b]) || a - b);
    }
    list.drawn = 0;
    document.querySelector("#list thead tr").replaceChildren(...COLUMNS.map(([title], column) => {
      const head = element("th");
      const mine = list.sorted && list.sorted.column === column;
      head.scope = "col";
      head.setAttribute("aria-sort", mine ? (list.sorted.direction > 0 ? "ascending" : "descending") : "none");
      head.append(button(title, "list", column));
      return head;
    }));
    document.querySelector("#list tbody").replaceChildren();
    drawList(LIST_STEP);
  }

  function drawList(more) {
    const to = Math.min(list.rows.length, list.drawn + more);
    const rows = list.rows.slice(list.drawn, to).map((index) => {
      const row = element("tr");
      row.append(...COLUMNS.map(([title, value]) => listCell(title, value(shares[index]))));
      return row;
    });
    document.querySelector("#list tbody").append(...rows);
    list.drawn = to;
    const left = list.rows.length - to;
    $("list-more").textContent = left ? `${to} of ${list.rows.length}` : list.rows.length ? "" : "Nothing matches.";
    $("list-next").hidden = !left;
  }
  function listCell(title, value) {
    if (title === "Principal") {
      const box = element("td");
      if (value.full !== value.id) box.append(text("b", value.name), " ");
      box.append(text("code", value.full === value.id ? value.id : value.about));
      return box;
    }
    if (title !== "Status") return text("td", value, NOT_WRAPPED.has(title) ? "nowrap" : "");
    const [status, age] = value;
    const box = element("td", "nowrap");
    const sign = element("span", "mark");
    sign.dataset.s = status;
    sign.setAttribute("aria-hidden", "true");
    box.append(sign, ` ${status}`);
    if (age) box.append(" ", text("span", age, "quiet age"));
    return box;
  }

  // Pieces

  function element(name, className = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    return made;
  }
  function text(name, content, className = "") {
    const made = element(name, className);
    made.textContent = content;
    return made;
  }
  function sized(made, property, pixels) {
    made.style[property] = `${pixels}px`;
    return made;
  }
  function button(content, sort, index = 0) {
    const made = text("button", content);
    made.type = "button";
    made.dataset.sort = sort;
    made.dataset.index = index;
    return made;
  }

  // What people do

  function update() {
    if (!$("matrix-view").hidden) updateMatrix();
    if (!$("list-view").hidden) updateList();
  }
  function show(view) {
    for (const one of ["matrix", "list"]) {
      $(`${one}-view`).hidden = one !== view;
      $(`view-${one}`).setAttribute("aria-pressed", one === view);
    }
    document.querySelector(".orders").hidden = view !== "matrix";
    update();
  }
  function offerOrders() {
    for (const [id, ofSide] of [["row-order", layout.rows], ["column-order", layout.columns]]) {
      $(id).replaceChildren(...Object.keys(ofSide.orders).map((order) => text("option", order === "as given" ? "kind" : order)));
      $(id).selectedIndex = Object.keys(ofSide.orders).indexOf(ofSide.order);
    }
  }
  function next(sorted, column) {
    if (!sorted || sorted.column !== column) return { column, direction: 1 };
    return sorted.direction > 0 ? { column, direction: -1 } : null;
  }
  function sort({ sort: what, index }) {
    const column = Number(index);
    if (what === "list") {
      list.sorted = next(list.sorted, column);
      updateList();
    } else {
      layout.sorted = what === "column" ? next(layout.sorted, column) : null;
      if (what === "corner") layout.rows.order = layout.rows.order === "name" ? "as given" : "name";
      offerOrders();
      updateMatrix();
    }
    const again = document.querySelector(`button[data-sort="${what}"][data-index="${index}"]`);
    if (again) again.focus({ preventScroll: true });
  }

  document.addEventListener("click", ({ target }) => {
    const sorter = target.closest("[data-sort]");
    if (sorter) sort(sorter.dataset);
    const only = target.closest("[data-reason]");
    if (only) {
      filter.reason = Number(only.dataset.reason);
      applyFilter();
      $("shares").scrollIntoView();
      $("filter").focus({ preventScroll: true });
    }
    const chip = target.closest("[data-status]");
    if (chip) {
      const pressed = chip.getAttribute("aria-pressed") !== "true";
      chip.setAttribute("aria-pressed", pressed);
      filter.statuses[pressed ? "add" : "delete"](chip.dataset.status);
      applyFilter();
    }
  });
  $("filter").addEventListener("input", () => {
    filter.words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    matrix.scrollTop = 0;
    matrix.scrollLeft = 0;
    applyFilter();
  });
  $("reset").addEventListener("click", () => {
    $("filter").value = "";
    Object.assign(filter, { words: [], statuses: new Set(), reason: -1 });
    document.querySelectorAll("[data-status]").forEach((chip) => chip.setAttribute("aria-pressed", "false"));
    applyFilter();
    $("filter").focus();
  });
  $("view-matrix").addEventListener("click", () => show("matrix"));
  $("view-list").addEventListener("click", () => show("list"));
  $("list-next").addEventListener("click", () => drawList(LIST_STEP));
  $("swap").addEventListener("click", () => {
    swap();
    offerOrders();
    updateMatrix();
  });
  for (const [id, which] of [["row-order", "rows"], ["column-order", "columns"]]) {
    $(id).addEventListener("change", () => {
      layout[which].order = Object.keys(layout[which].orders)[$(id).selectedIndex];
      if (which === "rows") layout.sorted = null;
      updateMatrix();
    });
  }
  let waiting = false;
  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      drawMatrix();
    });
  }
  matrix.addEventListener("scroll", soon, { passive: true });
  window.addEventListener("resize", soon);
  matrix.addEventListener("mouseover", ({ target }) => describe(position(target)));
  matrix.addEventListener("focusin", ({ target }) => {
    const at = position(target);
    if (at) drawn.active = at;
    describe(at);
  });
  matrix.addEventListener("keydown", move);

  // On paper: the matrix where it fits, and the list in any case.
  let onScreen = "matrix";
  let closed = [];
  window.addEventListener("beforeprint", () => {
    onScreen = $("matrix-view").hidden ? "list" : "matrix";
    const fits = count(layout.columns) <= COLUMNS_ON_PAPER && count(layout.columns) * count(layout.rows) <= CELLS_ON_PAPER;
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const group of closed) group.open = true;
    $("matrix-view").hidden = !fits;
    $("matrix-on-paper").hidden = fits;
    $("list-view").hidden = false;
    update();
    if (fits) drawMatrix(true);
    drawList(LIST_ON_PAPER - list.drawn);
  });
  window.addEventListener("afterprint", () => {
    $("matrix-on-paper").hidden = true;
    for (const group of closed) group.open = false;
    show(onScreen);
  });

  for (const chip of document.querySelectorAll("[data-status]")) {
    chip.disabled = false;
    chip.setAttribute("aria-pressed", "false");
  }
  document.querySelectorAll("[data-reason]").forEach((only) => (only.hidden = false));
  $("tools").hidden = false;
  offerOrders();
  applyFilter();
})();
