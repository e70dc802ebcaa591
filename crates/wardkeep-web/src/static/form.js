// Forms: drafts that survive a reload, pickers that search, estimates that say what they mean.
import { one, on, all, make, ask, later, fill } from "./dom.js";

const prefix = "draft:";
const kept = (control) => control.name && control.name !== "csrf" && !["password", "file", "hidden", "submit"].includes(control.type);
const read = (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };

function restore(form, values) {
  const seen = {};
  for (const control of form.elements) {
    if (!kept(control)) continue;
    const list = values[control.name];
    if (!list) continue;
    if (control.type === "checkbox" || control.type === "radio") control.checked = list.includes(control.value);
    else control.value = list[seen[control.name] = (seen[control.name] ?? -1) + 1] ?? control.value;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const form of all("form[data-draft]")) {
  const key = prefix + form.dataset.draft, draft = read(key);
  const collect = () => {
    const values = {};
    for (const control of form.elements) {
      if (!kept(control)) continue;
      const list = values[control.name] ??= [];
      if (!["checkbox", "radio"].includes(control.type) || control.checked) list.push(control.value);
    }
    return values;
  };
  // What the server sent back with errors is newer than the draft.
  if (draft && !one(".summary", form) && JSON.stringify(draft.values) !== JSON.stringify(collect())) restore(form, draft.values);
  const save = later(() => sessionStorage.setItem(key, JSON.stringify({ values: collect() })), 250);
  on("input", save, form);
  on("submit", () => sessionStorage.setItem(key, JSON.stringify({ values: collect(), sent: true })), form);
}

// A draft that was sent is dropped once a page without its form follows: it was saved then. Sign-in is no such page.
if (!one("[data-guest]")) {
  const shown = all("form[data-draft]").map((form) => prefix + form.dataset.draft);
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix) && !shown.includes(key) && read(key)?.sent) sessionStorage.removeItem(key);
}
on("submit", (event) => {
  if (event.target.matches("[data-forget]")) for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
});

// After a refusal the summary is read first.
if (all("form.form").length === 1) one("[data-focus]")?.focus();

// Link pickers: suggestions from the server as one types.
on("input", later(async ({ target }) => {
  const place = target.dataset?.search, list = target.list;
  if (!place || !list || target.value.length < 2) return;
  if ([...list.options].some((option) => option.value === target.value)) return add(target);
  const found = await ask(`${place}${place.includes("?") ? "&" : "?"}q=${encodeURIComponent(target.value)}`).catch(() => null);
  if (found) list.replaceChildren(...found.slice(0, 50).map(({ label, hint }) => make("option", { value: label, label: hint })));
}, 120));

// In a picker for several, what was picked becomes a chip and the control is free again.
function add(input) {
  const chips = input.parentElement.querySelector("[data-chips]");
  if (!chips) return;
  const [, key, name] = input.value.match(/^(\S+)\s*(.*)$/) ?? [];
  if (!all("input", chips).some((chip) => chip.value === key)) {
    const tick = make("input", { type: "checkbox", name: chips.dataset.chips, value: key });
    tick.checked = true;
    chips.append(make("label", { class: "chip" }, tick, make("span", {}, make("span", { class: "quiet" }, key), ` ${name}`)));
  }
  input.value = "";
}

// Estimates: "between 0.2 and 4 times a year, most likely 1".
function say(box) {
  const [low, likely, high] = all("input", box).map((input) => input.value.trim());
  const figures = [low, likely, high].map((text) => Number(text.replace(/[\s_,]/g, "")));
  const output = box.parentElement.querySelector("output");
  if (![low, likely, high].every(Boolean) || figures.some(Number.isNaN)) output.textContent = "";
  else if (figures[0] > figures[1] || figures[1] > figures[2]) output.textContent = box.dataset.order;
  else output.textContent = fill(box.dataset.say, { low, likely, high, unit: `${one("select", box)?.value ?? ""} ${box.dataset.estimate}`.trim() });
}
on("input", ({ target }) => {
  const box = target.closest?.("[data-estimate]");
  if (box) say(box); else if (target.matches?.("form")) all("[data-estimate]", target).forEach(say);
});
