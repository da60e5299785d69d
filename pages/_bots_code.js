// Mounted by _bots_code.py: line numbers and indentation of the field in .st-key-bot-code.
// The state outlives this module, which may be loaded again.
const our = (window.fabricCode ??= { started: false });

// Enter keeps the line's indentation, one step more after a colon or an opening bracket. Tab still leaves the field.
function onKey(event) {
  const field = event.target;
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.isComposing) return;
  if (!(field instanceof HTMLTextAreaElement) || !field.closest(".st-key-bot-code") || field.readOnly) return;
  const line = field.value.slice(0, field.selectionStart).split("\n").pop();
  const step = /:\s*$/.test(line) ? "    " : /[{([]\s*$/.test(line) ? "  " : "";
  const indent = line.match(/^[ \t]*/)[0] + step;
  if (!indent) return;
  event.preventDefault();
  event.stopPropagation();
  document.execCommand("insertText", false, `\n${indent}`); // so that undo knows it
}

function number(field) {
  const frame = field.parentElement;
  let rule = frame.querySelector(":scope > .fb-lines");
  if (!rule) {
    rule = document.createElement("div");
    rule.className = "fb-lines";
    rule.setAttribute("aria-hidden", "true");
    rule.append(document.createElement("div"));
    rule.style.paddingTop = getComputedStyle(field).paddingTop;
    frame.append(rule);
    field.addEventListener("scroll", () => { rule.firstChild.style.transform = `translateY(${-field.scrollTop}px)`; });
  }
  const count = field.value.split("\n").length;
  if (rule.count !== count) {
    rule.count = count;
    rule.firstChild.textContent = Array.from({ length: count }, (_, i) => i + 1).join("\n");
  }
  rule.firstChild.style.transform = `translateY(${-field.scrollTop}px)`;
}

function numberAll() {
  document.querySelectorAll(".st-key-bot-code textarea").forEach(number);
}

function start() {
  our.started = true;
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("input", numberAll);
  new MutationObserver(() => requestAnimationFrame(numberAll)).observe(document.body, { childList: true, subtree: true });
}
if (!our.started) start();

export default function () {
  numberAll();
}
