// Why panels and other small pages open beside the page they belong to. The link stays a link: with a modifier
// key, without scripts, or when the page cannot be had, it is simply followed.
import { one, on, page } from "./dom.js";

const sheet = one("#sheet"), body = one("#sheet-body");
on("click", async (event) => {
  const link = event.target.closest?.("a[data-sheet]");
  if (!link || !sheet || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    const found = one("[data-panel]", await page(link.href));
    if (!found) throw new Error("no panel");
    body.replaceChildren(document.importNode(found, true));
    body.scrollTop = 0;
    if (!sheet.open) sheet.showModal();
  } catch { location.assign(link.href); }
});
if (sheet) on("click", (event) => { if (event.target === sheet) sheet.close(); }, sheet);

// The user menu closes like any menu.
on("click", (event) => { for (const menu of document.querySelectorAll("details[data-drop][open]")) if (!menu.contains(event.target)) menu.open = false; });
on("keydown", (event) => {
  const menu = event.key === "Escape" && one("details[data-drop][open]");
  if (menu) { menu.open = false; one("summary", menu).focus(); }
});
