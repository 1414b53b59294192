// What to show: the tables of the page's data, by number.

const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
// From what matters most to what matters least: the order of statuses where something is sorted by them.
const URGENCY = ["FAILED", "EXPIRED", "REJECTED", "REVOKED", "PENDING", "ASSOCIATING", "ASSOCIATED", "ACCEPTED"];

const LIST_STEP = 200;
const LIST_ON_PAPER = 3000;
const COLUMNS_ON_PAPER = 24;
const CELLS_ON_PAPER = 6000;
let printing = false;

const RESOURCE = 0, PRINCIPAL = 1, STATUS = 2, PERMISSION = 3, MESSAGE = 4, TIME = 5, AGE = 6, REASONS = 7;
const END = 8, WHY = 9, DECLARED = 10;
const shares = data.shares;
const [severalOwners, severalRegions] = [data.owners.length > 1, data.regions.length > 1];
const KIND = 1, OWNER = 4, REGION = 5;

const owners = data.owners.map(([name, account]) => ({
  name: name || account,
  about: name === account ? "" : account,
  full: name && name !== account ? [name, account].filter(Boolean).join(" ") : account,
}));
const resources = data.resources.map(([name, kind, id, arn, owner, region]) => ({
  name: name || id,
  about: [kind, severalOwners ? owners[owner].name : "", severalRegions ? data.regions[region] : ""].filter(Boolean).join(" · "),
  id: arn || id,
  text: [name, kind, id, arn, ...data.owners[owner], data.regions[region]].join("\n").toLowerCase(),
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
// Reasons that need attention: those that are only noted are left out.
const urgent = data.reasons.reduce((bits, [, , level], reason) => (level === "note" ? bits : bits | (1 << reason)), 0);

// The place of each text among all of them in their order. Equal ones share theirs.
function ranks(texts) {
  const different = [...new Set(texts)].sort((a, b) => collator.compare(a, b) || (a < b ? -1 : 1));
  const rank = new Map();
  different.forEach((text, position) => {
    const before = different[position - 1];
    rank.set(text, position && collator.compare(before, text) === 0 ? rank.get(before) : position);
  });
  return Int32Array.from(texts, (text) => rank.get(text));
}

// Called when it is first needed, and not again.
function once(make) {
  let made;
  return () => (made === undefined ? (made = make()) : made);
}

// What shares can be filtered and grouped by, each where it has more than one value.
const kinds = [...new Set(data.resources.map((resource) => resource[KIND]))];
const kindOf = Int32Array.from(data.resources, (resource) => kinds.indexOf(resource[KIND]));
const DIMENSIONS = [
  { name: "owner", items: owners, ofResource: (index) => data.resources[index][OWNER] },
  { name: "region", items: plain(data.regions), ofResource: (index) => data.resources[index][REGION] },
  { name: "kind", items: plain(kinds), ofResource: (index) => kindOf[index] },
  { name: "principal", items: principals },
].filter((dimension) => dimension.items.length > 1);
for (const dimension of DIMENSIONS) {
  const { ofResource } = dimension;
  dimension.of = ofResource ? (share) => ofResource(share[RESOURCE]) : (share) => share[PRINCIPAL];
  dimension.rank = once(() => ranks(dimension.items.map((item) => item.full)));
}
function plain(texts) {
  return texts.map((text) => ({ name: text || "unknown", about: "", full: text || "unknown" }));
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
    name: by(once(() => ranks(items.map((item) => item.name)))),
    ID: by(once(() => ranks(items.map((item) => item.id)))),
    "most dead": (a, b) => attention[b] - attention[a] || a - b,
    "most shares": (a, b) => count[b] - count[a] || a - b,
  };
  return { title, items, position, orders, order: "as given", shown: new Uint8Array(items.length) };
}
function by(ranked) {
  return (a, b) => ranked()[a] - ranked()[b] || a - b;
}
const ofResources = side("Resource", resources, RESOURCE);
const ofPrincipals = side("Principal", principals, PRINCIPAL);

// A cell has the share that says most about access: a live one before a dead one.
const cells = new Map();
const several = new Map();
shares.forEach((share, index) => {
  const cell = share[RESOURCE] * principals.length + share[PRINCIPAL];
  const there = cells.get(cell);
  if (there !== undefined) several.set(cell, [...(several.get(cell) || [there]), index]);
  if (there === undefined || urgency[share[STATUS]] > urgency[shares[there][STATUS]]) cells.set(cell, index);
});
