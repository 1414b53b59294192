// Which shares are shown, and what stands along the sides of the matrix.

const matching = new Uint8Array(shares.length);
const filter = { words: [], statuses: new Set(), reason: -1, only: new Map() };
let found = shares.length;

function applyFilter() {
  const { words, statuses, reason, only } = filter;
  const has = (texts) => words.map((word) => Uint8Array.from(texts, (text) => (text.includes(word) ? 1 : 0)));
  const lower = (texts) => texts.map((text) => text.toLowerCase());
  const tables = [
    [RESOURCE, has(resources.map((resource) => resource.text))],
    [PRINCIPAL, has(principals.map((principal) => principal.text))],
    [STATUS, has(data.statuses.map((status) => `${status} ${data.states[status] || "unknown"}`.toLowerCase()))],
    [PERMISSION, has(lower(data.permissions))],
    [MESSAGE, has(lower(data.messages))],
    [END, has(lower(data.ends))],
    [WHY, has(lower(data.whys))],
  ];
  const wanted = Uint8Array.from(data.statuses, (status) => (!statuses.size || statuses.has(status) ? 1 : 0));
  const chosen = [...only].filter(([dimension]) => dimension.ofResource);
  const ofChosen = (index) => chosen.every(([dimension, value]) => dimension.ofResource(index) === value);
  const inPlace = chosen.length ? Uint8Array.from(resources, (_resource, index) => (ofChosen(index) ? 1 : 0)) : null;
  const principal = [...only].find(([dimension]) => !dimension.ofResource)?.[1];
  const narrowed = words.length > 0 || statuses.size > 0 || reason >= 0 || only.size > 0;
  ofResources.shown.fill(narrowed ? 0 : 1);
  ofPrincipals.shown.fill(narrowed ? 0 : 1);
  found = 0;
  for (let index = 0; index < shares.length; index += 1) {
    const share = shares[index];
    let match = wanted[share[STATUS]] && (reason < 0 || share[REASONS] & (1 << reason)) ? 1 : 0;
    if (inPlace && !inPlace[share[RESOURCE]]) match = 0;
    if (principal !== undefined && share[PRINCIPAL] !== principal) match = 0;
    for (let word = 0; match && word < words.length; word += 1) {
      match = 0;
      for (let table = 0; table < tables.length && !match; table += 1) match = tables[table][1][word][share[tables[table][0]]];
    }
    matching[index] = match;
    if (match) {
      found += 1;
      ofResources.shown[share[RESOURCE]] = 1;
      ofPrincipals.shown[share[PRINCIPAL]] = 1;
    }
  }
  // A resource that is shared with nobody can still be looked for.
  if (narrowed && !statuses.size && reason < 0 && principal === undefined) {
    resources.forEach((_resource, index) => {
      if ((!inPlace || inPlace[index]) && words.every((_word, word) => tables[0][1][word][index])) ofResources.shown[index] = 1;
    });
  }
  $("reset").hidden = !narrowed;
  const across = `${count(ofResources)} resources × ${count(ofPrincipals)} principals`;
  const why = reason >= 0 ? `, ${data.reasons[reason][1].toLowerCase()} only` : "";
  $("found-text").textContent = `${found} of ${shares.length} shares, ${across}${why}`;
  update();
}
function count(ofSide) {
  return ofSide.shown.reduce((sum, shown) => sum + shown, 0);
}

function offerFilters() {
  const total = (dimension) => {
    const counts = new Int32Array(dimension.items.length);
    for (const share of shares) counts[dimension.of(share)] += 1;
    return counts;
  };
  for (const dimension of DIMENSIONS) {
    const choice = element("select");
    choice.dataset.only = dimension.name;
    const [counts, ranked] = [total(dimension), dimension.rank()];
    const order = dimension.items.map((_item, index) => index).sort((a, b) => ranked[a] - ranked[b] || a - b);
    choice.append(option("", `every ${dimension.name}`));
    choice.append(...order.map((index) => option(index, `${dimension.items[index].full} (${counts[index]})`)));
    const labelled = text("label", `${dimension.name} `);
    labelled.append(choice);
    $("choices").append(labelled);
    $("group").append(option(dimension.name, dimension.name));
  }
  $("choices").hidden = !DIMENSIONS.length;
  $("grouping").hidden = !DIMENSIONS.length;
}
function option(value, content) {
  const made = text("option", content);
  made.value = value;
  return made;
}
