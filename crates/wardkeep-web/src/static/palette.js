// Ctrl-K: go to, search, create. The list comes from /api/v1/palette?q= as [{label, hint, href, kind}].
import { one, on, all, make, ask, later } from "./dom.js";

const box = one("#palette");
if (box) {
  const input = one("input", box), list = one("#palette-list"), state = one(".state", box), help = state.textContent;
  let chosen = -1, waiting;

  const mark = (index) => {
    const rows = all("li", list);
    chosen = rows.length ? (index + rows.length) % rows.length : -1;
    rows.forEach((row, at) => row.setAttribute("aria-selected", at === chosen));
    if (chosen < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", rows[chosen].id);
    rows[chosen].scrollIntoView({ block: "nearest" });
  };

  const fillList = (entries) => {
    list.replaceChildren(...entries.slice(0, 50).map(({ label, hint, href, kind }, at) => {
      const parts = [make("span", { class: "kind" }, box.dataset[kind] ?? kind ?? ""), make("span", {}, label)];
      if (hint) parts.push(make("span", { class: "hint" }, hint));
      return make("li", { role: "option", id: `palette-${at}`, "data-href": href }, ...parts);
    }));
    mark(0);
    state.textContent = entries.length ? help : box.dataset.none;
  };

  // Before anything is typed, and when the server is out of reach: the pages of the navigation.
  const pages = (text) => all("#menu a[href]").map((a) => ({ label: a.firstChild.textContent.trim() || a.textContent.trim(), href: a.getAttribute("href"), kind: "go" }))
    .filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()));

  const look = async () => {
    waiting?.abort();
    waiting = new AbortController();
    const text = input.value.trim();
    if (!text) return fillList(pages(""));
    state.textContent = box.dataset.busy;
    try {
      fillList(await ask(`/api/v1/palette?q=${encodeURIComponent(text)}`, undefined, waiting.signal));
    } catch (error) {
      if (error.name === "AbortError") return;
      fillList(pages(text));
      state.textContent = box.dataset.failed;
    }
  };

  const open = (text = "") => {
    if (box.open) return;
    input.value = text;
    box.showModal();
    input.select();
    look();
  };
  const go = (row) => { if (row) { box.close(); location.assign(row.dataset.href); } };

  on("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  on("input", later(look, 90), input);
  on("keydown", (event) => {
    if (event.key === "ArrowDown") mark(chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) go(all("li", list)[chosen]);
    else return;
    event.preventDefault();
  }, input);
  on("click", (event) => { event.target === box ? box.close() : go(event.target.closest("li")); }, box);
}
