// Mounted on every page by _browser.py. `data`: code | forget (the cookie), source (what is opened; null where a part of
// the page knows it), beside (whether there is such a part), live (label of a field that filters while typing), kept
// (label and address part of a field whose every answer is a step back). Mounted again
// within the part that opens sources: part, source; and within the patient finder: into (which opening of it is shown).
// Triggers: go (what a link asks for), within (the query of a link within the page), failed (the cookie was not set).
// The state outlives this module, which may be loaded again.
const our = (window.fabricBrowser ??= {
  send: () => {}, beside: null, opened: "", byHand: false, live: "", kept: null, cookie: "", timer: 0, typed: -1e9, sent: -1e9, channel: null, leaving: "", into: 0, asked: 0, acted: 0, scrolled: 0, held: null, heldAt: "", place: "", started: false,
});

// The patient finder is for typing at once. The dialog takes the focus for itself while it opens, and on a busy machine
// its field is made anew: the focus is given until it has stayed for half a second, or the reader went elsewhere.
function intoFinder(stayed = 0, tries = 600) {
  if (our.acted > our.asked || stayed > 10 || tries <= 0) return;
  const field = document.querySelector('[role="dialog"] .st-key-finder input');
  const there = field && document.activeElement === field;
  if (field && !there) field.focus();
  setTimeout(() => intoFinder(there ? stayed + 1 : 0, tries - 1), 50);
}

// Enter opens the patient where just one has the name, else goes to the first found: of what was typed, not of a part of it.
function fromFinder(field, since, tries = 100) {
  if (our.acted > since || tries <= 0 || !field.isConnected) return;
  const words = field.value.trim();
  const found = [...document.querySelectorAll('[role="dialog"] [data-words]')].find((list) => list.dataset.words === words);
  if (!found) return void setTimeout(() => fromFinder(field, since, tries - 1), 50);
  const links = found.querySelectorAll("a[data-fabric]");
  links[0]?.focus();
  if (words && "one" in found.dataset) links[0].click();
}

function onClick(event) {
  our.leaving = "";
  const link = event.target.closest?.("a[data-fabric], a[data-within]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return; // a new tab, as everywhere
  event.preventDefault();
  if ("within" in link.dataset) return our.send("within", link.search || "?");
  clearTimeout(our.timer); // what was typed must not call the reader back
  our.byHand = true;
  const now = performance.now(), stays = link.pathname === location.pathname;
  const act = stays ? () => follow(link.dataset.fabric, link) : () => leave(link.href);
  whenCalm(act, now - our.typed < 2000 ? 4 : !stays && now - our.sent < 2000 ? 2 : 0);
}

// The page's frame; where questions are asked it is another one.
const SCROLLERS = '[data-testid="stMain"], [data-testid="stAppScrollToBottomContainer"]';

// A source is opened by the part of the page that shows it, where there is one; else by the page.
const SOURCE = new Set(["open", "at"]);
function follow(asked, link = null) {
  our.sent = performance.now();
  const part = our.beside && Object.keys(JSON.parse(asked)).every((name) => SOURCE.has(name));
  if (!part) return our.send("go", asked);
  mark(link);
  if (link) hold(link, link.getBoundingClientRect().top, performance.now());
  our.beside("go", asked);
}

// A source takes room from the text beside it, which is broken anew: what was clicked stays where it was, also where the
// source is slow to come.
function hold(link, top, since, until = since + 3000) {
  const now = performance.now();
  if (!resting()) until = Math.max(until, now + 1000);
  if (now > until || Math.max(our.acted, our.scrolled) > since || !link.isConnected) return;
  const off = link.getBoundingClientRect().top - top;
  if (Math.abs(off) > 1) document.querySelector(SCROLLERS)?.scrollBy(0, off);
  requestAnimationFrame(() => hold(link, top, since, until));
}

// Which link's source is opened: the page itself isn't drawn again for that.
function mark(link) {
  for (const other of document.querySelectorAll("a[data-source][aria-current]")) other.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
}

function onInput(event) {
  const field = event.target;
  if (field instanceof HTMLInputElement && field.closest('[role="dialog"]')) our.typed = our.acted = performance.now();
  if (!(field instanceof HTMLInputElement) || !our.live || field.getAttribute("aria-label") !== our.live) return;
  our.typed = performance.now();
  clearTimeout(our.timer);
  our.timer = setTimeout(() => {
    const options = { key: "Enter", code: "Enter", keyCode: 13, which: 13, bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent("keydown", options));
  }, 250);
}

// What was just typed is answered first: of two requests at once Streamlit would forget the one or the other. And a page
// is left only when it has its last change of the address: that would come to the next page's, whose search is a question.
function whenCalm(act, calm) {
  if (calm <= 0) return act();
  setTimeout(() => whenCalm(act, resting() ? calm - 1 : 4), 40);
}

function resting() {
  return document.querySelector('[data-testid="stApp"]')?.getAttribute("data-test-script-state") === "notRunning";
}

// To another page, as if by the history, which Streamlit follows.
function leave(href) {
  history.pushState({}, "", href);
  window.dispatchEvent(new PopStateEvent("popstate"));
  document.querySelector(SCROLLERS)?.scrollTo(0, 0); // Streamlit keeps the place of the page before
  const mine = (our.leaving = href);
  setTimeout(() => arrived(mine), 1000);
}

// Under load an answer to what was typed can still win. Then the page is loaded, which nothing can overtake.
function arrived(href) {
  if (our.leaving !== href) return; // the reader went elsewhere meanwhile
  if (!resting()) return void setTimeout(() => arrived(href), 200);
  our.leaving = "";
  const links = [...document.querySelectorAll("a[data-fabric]")].filter((link) => !link.closest('[role="dialog"]'));
  const still = links.some((link) => link.href === href);
  if (still || location.pathname !== new URL(href).pathname) window.location.assign(href);
}

// Streamlit writes a field's value over the present address. The step of the history is put in once it is answered: a change
// of the address holds up what comes next, which would be the question.
function onCommit(event) {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !our.kept || field.getAttribute("aria-label") !== our.kept[0]) return;
  const held = new URLSearchParams(location.search).get(our.kept[1]) || "";
  const before = location.href;
  if (field.value !== held) setTimeout(() => toStep(before, location.href), 0);
}

function toStep(before, after) {
  whenCalm(() => {
    if (location.href !== after || before === after) return; // the reader went on meanwhile
    history.replaceState({}, "", before);
    history.pushState({}, "", after);
  }, 4);
}

function onKey(event) {
  if (event.key === "Enter" && event.isTrusted) onCommit(event);
  if (event.key === "Tab") acted();
  if (event.key === "Enter" && event.isTrusted && event.target.closest?.('[role="dialog"] .st-key-finder')) fromFinder(event.target, performance.now());
  our.scrolled = performance.now(); // by the arrows, too
  if (event.key !== "Escape" || !our.opened || event.defaultPrevented) return;
  if (document.querySelector(AWAY)) return;
  follow(JSON.stringify({ open: null, at: null }));
}

// What is drawn anew keeps the reader: the link that had the focus, by its address; or the first button of the part, where
// that part's key begins with "keeps-focus". A popover stands elsewhere in the document, and belongs to where the focus was
// before.
const AWAY = '[data-testid="stPopoverBody"], [role="dialog"], [role="listbox"]';
function onFocus(event) {
  our.held = event.target;
  our.heldAt = location.pathname;
  if (event.target.closest?.(AWAY)) return;
  const place = event.target.closest?.('[class*="st-key-keeps-focus-"]');
  our.place = place ? [...place.classList].find((name) => name.startsWith("st-key-keeps-focus-")) : "";
}

// Looked at again and again: on a busy machine what had the focus may go, or be drawn twice, long after the run has ended.
function keepFocus() {
  const held = our.held;
  if (!held || held.isConnected || document.activeElement !== document.body) return;
  if (our.heldAt !== location.pathname) return void (our.held = null);
  const links = held.href ? [...document.querySelectorAll("a[href]")] : [];
  const again = links.find((link) => link.href === held.href && link.getClientRects().length);
  if (again) return again.focus({ preventScroll: true });
  if (!our.place || !resting()) return;
  document.querySelector(`.${CSS.escape(our.place)} button:not([disabled])`)?.focus({ preventScroll: true });
}

function onPointer(event) {
  acted();
  if (our.held && !our.held.contains(event.target)) our.held = null; // what is clicked takes the focus, or nothing does
}

function acted() {
  our.acted = performance.now();
}

function start() {
  our.started = true;
  document.addEventListener("pointerdown", onPointer, true);
  document.addEventListener("wheel", () => { our.scrolled = performance.now(); }, { capture: true, passive: true });
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("focusout", onCommit, true);
  document.addEventListener("focusin", onFocus, true);
  setInterval(keepFocus, 150);
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  // A page out of the back/forward cache may be older than the sign-out.
  window.addEventListener("popstate", (event) => { if (event.isTrusted) our.leaving = ""; });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  if ("BroadcastChannel" in window) {
    our.channel = new BroadcastChannel("fabric-session");
    our.channel.onmessage = () => window.location.reload();
  }
}
if (!our.started) start();

function cookie(data) {
  if (data.code) {
    const body = JSON.stringify({ code: data.code });
    fetch("/auth/session", { method: "POST", headers: { "Content-Type": "application/json" }, body })
      .then((answer) => { if (answer.ok) window.location.reload(); else our.send("failed", "1"); })
      .catch(() => our.send("failed", "1"));
  } else if (data.forget) {
    for (const key of Object.keys(localStorage)) if (key.startsWith("fabric-draft:")) localStorage.removeItem(key);
    // Where the reader goes elsewhere meanwhile the request is cut off; then they must not be called back.
    fetch("/auth/session", { method: "DELETE", keepalive: true }).then(() => {
      if (our.channel) our.channel.postMessage("out");
      window.location.replace("/");
    }, () => {});
  }
}

function whenThere(find, act, tries = 40) {
  const found = find();
  if (found) act(found);
  else if (tries > 0) setTimeout(() => whenThere(find, act, tries - 1), 50);
}

function inView(element, box) {
  const inner = element.getBoundingClientRect(), outer = box.getBoundingClientRect();
  box.scrollTop += inner.top - outer.top - outer.height / 4;
}

// Back to where the reader was, also after the list is drawn anew.
function giveBack(selector, tries = 12) {
  if (document.activeElement === document.body) document.querySelector(selector)?.focus();
  if (tries > 0 && !our.opened) setTimeout(() => giveBack(selector, tries - 1), 100);
}

function show(source) {
  const before = our.opened;
  our.opened = source;
  if (source && source !== before) {
    const find = () => document.querySelector(`.fb-document[data-source="${CSS.escape(source)}"]`);
    whenThere(find, (box) => {
      const place = box.querySelector(".fb-passage mark") || box.querySelector(".fb-passage") || box.querySelector("mark");
      if (place) inView(place, box);
      if (our.byHand) box.focus({ preventScroll: true });
      const card = document.querySelector(".fb-card a[data-source][aria-current]")?.closest(".fb-card");
      if (card && our.byHand) card.scrollIntoView({ block: "nearest" });
      our.byHand = false;
    });
  } else if (!source && before) {
    mark(null);
    giveBack(`a[data-source="${CSS.escape(before)}"]`);
  }
}

export default function (component) {
  const { data, setTriggerValue } = component;
  if (data?.part) {
    our.beside = setTriggerValue;
    show(data.source || "");
    return;
  }
  if (data?.into) {
    if (data.into === our.into) return;
    our.into = data.into;
    our.asked = performance.now();
    return intoFinder();
  }
  our.send = setTriggerValue;
  if (!data) return;
  if (!data.beside) our.beside = null;
  our.live = data.live || "";
  our.kept = data.kept;
  const key = JSON.stringify([data.code, data.forget]);
  if (key !== our.cookie) {
    our.cookie = key;
    cookie(data);
  }
  if (typeof data.source === "string") show(data.source);
}
