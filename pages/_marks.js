// Mounted by _marks.py. Trigger: code (which was chosen). The state outlives this module, which may be loaded again.
const our = (window.fabricMarks ??= { send: () => {}, started: false, shown: "" });

const rests = (list, code) => list.split(" ").includes(code);

function choose(code) {
  for (const link of document.querySelectorAll("a[data-shows]")) {
    if (link.dataset.shows === code) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  for (const mark of document.querySelectorAll("mark[data-for]")) mark.classList.toggle("fb-on", rests(mark.dataset.for, code));
  for (const each of document.querySelectorAll("[data-alone]")) each.hidden = !rests(each.dataset.alone, code);
}

function onClick(event) {
  const link = event.target.closest && event.target.closest("a[data-shows]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return; // a new tab, as everywhere
  event.preventDefault();
  choose(link.dataset.shows);
  reveal(0);
  if (location.href === link.href) return;
  history.pushState({}, "", link.href);
  our.send("code", link.dataset.shows);
}

// The first mark comes into view, within each frame that scrolls.
function reveal(tries) {
  const mark = document.querySelector("mark.fb-on");
  if (!mark) return tries > 0 ? void setTimeout(() => reveal(tries - 1), 60) : undefined;
  for (let frame = mark.parentElement; frame && frame !== document.body; frame = frame.parentElement) {
    if (frame.scrollHeight <= frame.clientHeight || !/auto|scroll/.test(getComputedStyle(frame).overflowY)) continue;
    if (frame.contains(document.querySelector("a[data-shows]"))) break; // the page itself stays
    frame.scrollTop += mark.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
  }
}

const asked = () => new URLSearchParams(location.search).get("code") || "";

export default function (component) {
  our.send = component.setTriggerValue;
  if (!our.started) {
    our.started = true;
    document.addEventListener("click", onClick);
    window.addEventListener("popstate", () => choose(asked()));
  }
  if (our.shown !== location.search) {
    our.shown = location.search;
    if (asked()) reveal(20);
  }
}
