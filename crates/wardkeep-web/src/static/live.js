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

// A page that shows records is told when some of them changed; it says so and moves nothing. A browser keeps few
// connections to one place, so a page that nobody looks at holds none.
const news = one("[data-news]");
let source = null, over = !news;
const look = () => {
  if (document.hidden || over) { source?.close(); source = null; return; }
  if (source) return;
  source = new EventSource(news.dataset.news);
  on("news", ({ data }) => { const line = one("p", news); one("span", line).textContent = data; line.hidden = false; }, source);
  on("end", () => { over = true; look(); }, source);
};
on("visibilitychange", look);
look();

// Charts: the words of the mark under the pointer or the focus.
for (const type of ["pointerover", "focusin"]) on(type, ({ target }) => {
  const figure = target.closest?.("[data-chart]");
  if (!figure) return;
  const words = target.closest("[data-tip]")?.dataset.tip, tip = one(".tip", figure);
  if (words && tip.textContent !== words) tip.textContent = words;
});
