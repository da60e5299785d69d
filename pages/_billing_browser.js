// Mounted by _billing_browser.py. `data`: selected (what is marked in the documents). Trigger: go (the query of a link
// within the page). The state outlives this module, which may be loaded again.
const our = (window.fabricBilling ??= { send: () => {}, selected: "", started: false });

function onClick(event) {
  const link = event.target.closest && event.target.closest("a[data-billing]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return; // a new tab, as everywhere
  event.preventDefault();
  if (link.dataset.billing === "code") {
    our.selected = ""; // the same one again: show it again
    for (const other of document.querySelectorAll("a[data-billing][aria-current]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true"); // the page itself isn't drawn again for that
  }
  our.send("go", new URL(link.href).search || "?");
}

// The first mark of what is selected comes into view, within the documents' own frame.
function reveal(selected, tries) {
  const frame = document.querySelector(".st-key-billing-documents");
  const mark = frame && frame.querySelector(`[data-selected="${CSS.escape(selected)}"] mark`);
  if (mark) {
    const frames = [mark.closest(".fb-document"), frame].filter(Boolean);
    for (const each of frames) {
      each.scrollTop += mark.getBoundingClientRect().top - each.getBoundingClientRect().top - each.clientHeight / 3;
    }
  } else if (tries > 0) {
    setTimeout(() => reveal(selected, tries - 1), 60);
  }
}

export default function (component) {
  our.send = component.setTriggerValue;
  if (!our.started) {
    our.started = true;
    document.addEventListener("click", onClick);
  }
  const selected = component.data.selected || "";
  if (selected && selected !== our.selected) reveal(selected, 20);
  our.selected = selected;
}
