// Live parts: a server-sent event says that something changed, the page is asked for again, and the parts that
// carry data-live are put in the place of the old ones. The server stays the only one who writes markup.
import { one, on, all, page, later } from "./dom.js";

const refresh = later(async () => {
  const fresh = await page(location.href).catch(() => null);
  for (const part of fresh ? all("[data-live]") : []) {
    const next = fresh.getElementById(part.id);
    if (next && !part.contains(document.activeElement)) part.replaceWith(document.importNode(next, true));
  }
}, 300);
for (const place of new Set(all("[data-live]").map((part) => part.dataset.live))) {
  const source = new EventSource(place);
  on("message", refresh, source);
  on("done", () => { source.close(); refresh(); }, source);
}

// Charts: the words of the mark under the pointer or the focus.
for (const type of ["pointerover", "focusin"]) on(type, ({ target }) => {
  const figure = target.closest?.("[data-chart]");
  if (!figure) return;
  const words = target.closest("[data-tip]")?.dataset.tip, tip = one(".tip", figure);
  if (words && tip.textContent !== words) tip.textContent = words;
});
