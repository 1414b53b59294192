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
