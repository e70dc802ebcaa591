// What-if: as a slider moves, the server's answer takes the place of the last one.
import { one, on, all, later, page } from "./dom.js";

for (const form of all("form[data-ask]")) {
  const place = one("[data-answer]", form.parentElement);
  let asked = 0;
  const ask = later(async () => {
    const mine = ++asked;
    const found = await page(`${form.dataset.ask}?${new URLSearchParams(new FormData(form))}`).catch(() => null);
    const next = found && one("[data-answer]", found);
    if (next && mine === asked) place.replaceChildren(...document.importNode(next, true).childNodes);
  }, 30);
  on("input", ({ target }) => { one("output span", target.parentElement).textContent = target.value; ask(); }, form);
}
