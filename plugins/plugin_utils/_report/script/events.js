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
  const group = target.closest("[data-group]");
  if (group) toggleGroup(Number(group.dataset.group), group);
  const rest = target.closest("[data-more]");
  if (rest) drawMembers(rest.closest("tbody"), list.groups.find(({ value }) => value === Number(rest.dataset.more)), LIST_STEP);
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
  Object.assign(filter, { words: [], statuses: new Set(), reason: -1, only: new Map() });
  document.querySelectorAll("[data-only]").forEach((choice) => (choice.selectedIndex = 0));
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
document.addEventListener("change", ({ target }) => {
  const dimension = DIMENSIONS.find(({ name }) => name === target.dataset.only);
  if (!dimension) return;
  if (target.value) filter.only.set(dimension, Number(target.value));
  else filter.only.delete(dimension);
  matrix.scrollTop = 0;
  applyFilter();
});
$("group").addEventListener("change", () => {
  list.dimension = DIMENSIONS.find(({ name }) => name === $("group").value) || null;
  list.toggled.clear();
  // Headings stand between rows, so what is grouped goes down the page.
  if (groupedBy(ofResources) && layout.rows !== ofResources) {
    swap();
    offerOrders();
  }
  matrix.scrollTop = 0;
  update();
});
function toggleGroup(value, control) {
  list.toggled[list.toggled.has(value) ? "delete" : "add"](value);
  const body = groupBody(list.groups.find((group) => group.value === value));
  control.closest("tbody").replaceWith(body);
  body.querySelector("button").focus({ preventScroll: true });
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
  printing = true;
  $("matrix-view").hidden = !fits;
  $("matrix-on-paper").hidden = fits;
  $("list-view").hidden = false;
  update();
  if (fits) drawMatrix(true);
  if (!list.dimension) drawList(LIST_ON_PAPER - list.drawn);
});
window.addEventListener("afterprint", () => {
  $("matrix-on-paper").hidden = true;
  printing = false;
  for (const group of closed) group.open = false;
  show(onScreen);
});

for (const chip of document.querySelectorAll("[data-status]")) {
  chip.disabled = false;
  chip.setAttribute("aria-pressed", "false");
}
document.querySelectorAll("[data-reason]").forEach((only) => (only.hidden = false));
$("tools").hidden = false;
offerFilters();
offerOrders();
// What many accounts share with a few is read account by account.
if (severalOwners && resources.length > 100 * principals.length) {
  $("group").value = "owner";
  list.dimension = DIMENSIONS.find(({ name }) => name === "owner");
  show("list");
}
applyFilter();
