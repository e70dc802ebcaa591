// Keys of a list, and the selection count. Single letters can be turned off in the list of keys.
import { one, on, all, fill } from "./dom.js";

const help = one("#keys"), off = "wardkeep-keys-off";
const single = () => !localStorage.getItem(off);
const box = help && one("[data-single-keys]", help);
if (box) {
  box.checked = single();
  on("change", () => box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"), box);
}

const rows = () => all("[data-rows] tbody tr").filter((row) => one("a, input", row));
const here = () => document.activeElement?.closest?.("[data-rows] tbody tr");
const step = (by) => {
  const list = rows(), at = list.indexOf(here());
  const row = list[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1)];
  const place = row && (one("th a", row) ?? one("a, input", row));
  place?.focus();
  row?.scrollIntoView({ block: "nearest" });
};

const acts = {
  "?": () => help?.showModal(),
  "/": () => (one("[data-slash]") ?? one("[data-palette]"))?.focus(),
  j: () => step(1),
  k: () => step(-1),
  x: () => one(".pick", here() ?? document.createElement("i"))?.click(),
  e: () => { const to = here()?.dataset.edit; to ? location.assign(to) : one('[data-key="e"]')?.click(); },
};
on("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]") || !single()) return;
  const act = acts[event.key];
  if (act) { event.preventDefault(); act(); }
});

// A click anywhere in a row opens it, unless one marks text or means something else in it.
on("click", (event) => {
  const row = event.target.closest?.("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, summary") || String(getSelection())) return;
  location.assign(row.dataset.href);
});

for (const form of all("form[data-select]")) {
  const every = one("[data-pick-all]", form), picks = all(".pick[name]", form), count = one("[data-count]", form);
  const tell = () => {
    const n = picks.filter((pick) => pick.checked).length;
    count.textContent = fill(count.dataset.count, { n });
    every.checked = n > 0 && n === picks.length;
    every.indeterminate = n > 0 && n < picks.length;
  };
  let last;
  every.hidden = false;
  on("click", ({ target, shiftKey }) => {
    if (!picks.includes(target)) return;
    if (shiftKey && last) {
      const [a, b] = [picks.indexOf(last), picks.indexOf(target)].sort((x, y) => x - y);
      for (const pick of picks.slice(a, b + 1)) pick.checked = target.checked;
    }
    last = target;
  }, form);
  on("change", ({ target }) => { if (target === every) for (const pick of picks) pick.checked = every.checked; tell(); }, form);
  on("reset", () => setTimeout(tell), form);
  tell();
}
