// Mounted by _drafts_browser.py in the editor. `data`:
//   user, draft, base, rev: whose text of which draft, and the version and change that it rests on;
//   epoch: changes where the server changed the text; ack: the last message that it has kept; saved: when, in words;
//   readonly; again: whether sections can be made again; sections: [{key, title, part, text, hint, html, doubts, earlier}].
// Triggers: typed (JSON {draft, base, rev, seq, tab, texts}), act ("verb key").
// What is typed stays in localStorage until the server has confirmed it. The state outlives this module.
const our = (window.fabricDrafts ??= {
  send: () => {}, started: false, draft: "", epoch: "", dirty: {}, sent: {}, seq: 0, ack: 0, tab: "", timer: 0, retry: 0, editing: {}, data: null, root: null,
});
const REST = 700, AGAIN = 4000; // milliseconds: after the last key; until a message that was not confirmed is sent again
our.tab ||= Math.random().toString(36).slice(2) + Date.now().toString(36);

const place = () => `fabric-draft:${our.data.user}:${our.data.draft}`;

function remember() {
  try {
    if (Object.keys(our.dirty).length) {
      localStorage.setItem(place(), JSON.stringify({ base: our.base, rev: our.data.rev, texts: our.dirty, at: Date.now() }));
    } else {
      localStorage.removeItem(place());
    }
  } catch { /* no room, or not allowed: the server's copy is what there is */ }
}

function recall() {
  try {
    const held = JSON.parse(localStorage.getItem(place()) || "null");
    return held && typeof held.texts === "object" ? held : null;
  } catch { return null; }
}

function flush() {
  clearTimeout(our.timer);
  clearTimeout(our.retry);
  if (!our.root?.isConnected || !Object.keys(our.dirty).length) return;
  our.seq = Math.max(our.seq + 1, Date.now());
  our.sent = { seq: our.seq, texts: { ...our.dirty } };
  const { draft } = our.data;
  our.send("typed", JSON.stringify({ draft, base: our.base, rev: our.data.rev, seq: our.seq, tab: our.tab, texts: our.dirty }));
  our.retry = setTimeout(() => { told(true); flush(); }, AGAIN);
}

function confirm(seq) {
  if (!seq || seq === our.ack) return;
  our.ack = seq;
  if (seq !== our.sent.seq) return;
  clearTimeout(our.retry);
  for (const [key, text] of Object.entries(our.sent.texts)) if (our.dirty[key] === text) delete our.dirty[key];
  our.sent = {};
  remember();
  if (Object.keys(our.dirty).length) our.timer = setTimeout(flush, REST);
}

// Beside the title: whether the text is safe.
function told(lost) {
  const line = our.root?.querySelector(".fd-kept");
  if (!line) return;
  const waiting = Object.keys(our.dirty).length > 0;
  const text = waiting
    ? lost || !navigator.onLine ? "Not saved – will be sent when the connection is back" : "Saving…"
    : our.data.saved || "";
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("fd-lost", waiting && (lost || !navigator.onLine));
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 4}px`;
}

function edit(key, on) {
  our.editing[key] = on;
  draw();
  const field = our.root.querySelector(`[data-section="${CSS.escape(key)}"] textarea`);
  if (on && field) { field.focus(); field.setSelectionRange(field.value.length, field.value.length); }
  if (!on) { flush(); our.root.querySelector(`[data-section="${CSS.escape(key)}"] .fd-edit`)?.focus(); }
}

function element(tag, attributes = {}, ...inner) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made[name] = value;
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inner);
  return made;
}

function built(section) {
  const { key } = section;
  const box = element("section", { class: "fd-section", "data-section": key, "aria-label": section.title || "Text" });
  const title = element("h2", {}, section.title || "Text");
  const tools = element("span", { class: "fd-tools" });
  const sr = () => element("span", { class: "fb-sr" }, ` ${section.title}`);
  if (!our.data.readonly) {
    tools.append(element("button", { type: "button", class: "fd-edit", onclick: () => edit(key, !our.editing[key]) }, "Edit", sr()));
    if (our.data.again) {
      tools.append(element("button", { type: "button", class: "fd-again", title: "From the record as it is now; its present text can be got back",
        onclick: () => { flush(); our.editing[key] = false; our.send("act", `again ${key}`); } }, "Make again", sr()));
    }
    tools.append(element("button", { type: "button", class: "fd-earlier", onclick: () => our.send("act", `earlier ${key}`) }, "Earlier text", sr()));
  }
  const field = element("textarea", { "aria-label": `Text of ${section.title || "the note"}`, spellcheck: "true", rows: "2", placeholder: section.hint || undefined,
    oninput: () => {
      our.dirty[key] = field.value;
      grow(field);
      remember();
      told(false);
      clearTimeout(our.timer);
      our.timer = setTimeout(flush, REST);
    },
    onblur: flush,
    onkeydown: (event) => {
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); edit(key, false); }
    } });
  field.value = our.dirty[key] ?? section.text;
  const doubts = element("div", { class: "fd-doubts", "aria-live": "polite" });
  box.append(element("div", { class: "fd-head" }, title, tools), element("div", { class: "fd-view" }), field, doubts);
  return box;
}

function draw() {
  const { data, root } = our;
  let list = root.querySelector(".fd-list");
  const keys = data.sections.map((s) => s.key).join("\n");
  const shape = `${data.draft}\n${data.readonly}\n${data.again}\n${keys}`;
  if (!list || list.shape !== shape) {
    root.replaceChildren(element("div", { class: "fd-kept", role: "status" }));
    list = element("div", { class: "fd-list" });
    list.shape = shape;
    let part = "";
    for (const section of data.sections) {
      if (section.part && section.part !== part) {
        part = section.part;
        list.append(element("div", { class: "fd-part" }, part));
      }
      list.append(built(section));
    }
    root.append(list);
  }
  for (const section of data.sections) {
    const box = list.querySelector(`[data-section="${CSS.escape(section.key)}"]`);
    const field = box.querySelector("textarea");
    const editing = !!our.editing[section.key] && !data.readonly;
    const text = our.dirty[section.key] ?? section.text;
    if (our.fresh || (field.value !== text && document.activeElement !== field)) field.value = text;
    const view = box.querySelector(".fd-view");
    if (view.held !== section.html) { view.held = section.html; view.innerHTML = section.html; }
    const doubts = box.querySelector(".fd-doubts");
    const said = editing ? section.doubts : "";
    if (doubts.held !== said) { doubts.held = said; doubts.innerHTML = said; }
    view.hidden = editing;
    field.hidden = !editing;
    const button = box.querySelector(".fd-edit");
    if (button) {
      const label = editing ? "Done" : "Edit";
      if (button.firstChild.textContent !== label) button.firstChild.textContent = label;
      button.setAttribute("aria-expanded", String(editing));
    }
    const earlier = box.querySelector(".fd-earlier");
    if (earlier) earlier.hidden = !section.earlier;
    if (editing) grow(field);
  }
  our.fresh = false;
  told(false);
}

function take(data) {
  const other = data.draft !== our.draft;
  if (other) {
    clearTimeout(our.timer);
    clearTimeout(our.retry);
    Object.assign(our, { draft: data.draft, dirty: {}, sent: {}, editing: {}, epoch: data.epoch, base: data.base, ack: data.ack || 0, fresh: true });
    our.data = data;
    const held = recall();
    if (held) {
      our.dirty = held.texts;
      our.base = held.base || data.base;
      our.data = { ...data, rev: held.rev ?? data.rev };
      for (const key of Object.keys(held.texts)) our.editing[key] = true;
      our.timer = setTimeout(flush, 100);
    }
    if (data.sections.length === 1 && !data.sections[0].text && !data.readonly) our.editing[data.sections[0].key] = true;
  } else {
    our.data = data;
    confirm(data.ack);
    if (data.epoch !== our.epoch) {
      our.epoch = data.epoch;
      our.fresh = true;
    }
    if (!Object.keys(our.dirty).length) our.base = data.base;
  }
}

function start() {
  our.started = true;
  // Before the link is followed: what was typed goes first.
  document.addEventListener("click", (event) => event.target.closest?.("a[data-within]") && flush(), true);
  window.addEventListener("online", () => flush());
  window.addEventListener("offline", () => our.data && told(true));
  window.addEventListener("pagehide", () => our.data && remember());
}
if (!our.started) start();

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  our.send = setTriggerValue;
  let root = parentElement.querySelector(".fd-editor");
  const anew = !root;
  if (anew) {
    root = document.createElement("div");
    root.className = "fd-editor";
    parentElement.append(root);
  }
  our.root = root;
  take(data);
  draw();
  if (anew && Object.keys(our.dirty).length) { // typed before the page was left
    clearTimeout(our.timer);
    our.timer = setTimeout(flush, 100);
  }
}
