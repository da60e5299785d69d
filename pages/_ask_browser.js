// Mounted by _ask_browser.py. `data.turns`: how many questions are shown.
const our = (window.fabricAsk ??= { turns: -1 });

function whenThere(find, act, tries = 40) {
  const found = find();
  if (found) act(found);
  else if (tries > 0) setTimeout(() => whenThere(find, act, tries - 1), 50);
}

// Whoever is somewhere else on the page is left there.
function focusField() {
  whenThere(() => document.querySelector('[data-testid="stChatInputTextArea"]:not(:disabled)'), (field) => {
    if (document.activeElement === document.body) field.focus({ preventScroll: true });
  });
}

// Only the page's own scroller: scrollIntoView would also move the frame, which has no way back.
function toTop(turn) {
  for (let box = turn.parentElement; box; box = box.parentElement) {
    if (!/auto|scroll/.test(getComputedStyle(box).overflowY)) continue;
    box.scrollTop += turn.getBoundingClientRect().top - box.getBoundingClientRect().top - 140; // below the banner
    return;
  }
}

// The text that opens is what is copied; where the browser does not let it, it is there to be selected.
function copyOpened(event) {
  const summary = event.target.closest?.(".fb-copy summary");
  if (!summary || summary.parentElement.open) return;
  navigator.clipboard?.writeText(summary.nextElementSibling.textContent).then(() => {
    const name = summary.textContent;
    summary.textContent = "Copied";
    setTimeout(() => { summary.textContent = name; }, 2500);
  }, () => {});
}

if (!our.listens) {
  our.listens = true;
  document.addEventListener("click", copyOpened);
}

export default function (component) {
  const turns = component.data?.turns ?? 0;
  if (turns === our.turns) return;
  const grown = turns > Math.max(our.turns, 0);
  our.turns = turns;
  focusField();
  if (!grown) return;
  whenThere(() => document.querySelectorAll(".fb-turn")[turns - 1], (turn) => {
    requestAnimationFrame(() => toTop(turn));
  });
}
