// Mounted by _within.py. Trigger: go (the query of a link within the page).
// The state outlives this module, which may be loaded again.
const our = (window.fabricWithin ??= { send: () => {}, started: false });

function onClick(event) {
  const link = event.target.closest && event.target.closest("a[data-within]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return; // a new tab, as everywhere
  event.preventDefault();
  our.send("go", new URL(link.href).search || "?");
}

if (!our.started) {
  our.started = true;
  document.addEventListener("click", onClick);
}

export default function (component) {
  our.send = component.setTriggerValue;
}
