// Journeys through the sample organisation in headless Chromium: sign in by the one-time link, look at every kind of
// page in light and dark at desk and telephone width, check each with axe. Screenshots land in `out/`.
//
//   node run.mjs            starts the program built by `cargo build` (WARDKEEP_BIN names another)
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const target = process.env.CARGO_TARGET_DIR ?? "../../target";
const program = process.env.WARDKEEP_BIN ?? join(target, "debug", "wardkeep");
const onCi = process.env.CI === "true";

for (const [what, path] of [["Chromium", CHROMIUM], ["the program", program]]) {
  if (!existsSync(path)) {
    console.log(`skipped: ${what} is missing at ${path}`);
    process.exit(onCi ? 1 : 0);
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const out = new URL("out/", import.meta.url).pathname;
mkdirSync(out, { recursive: true });
let passed = 0;
const failures = [];
function expect(fine, what) {
  if (fine) passed += 1;
  else {
    failures.push(what);
    console.log(`FAILED ${what}`);
  }
}

/** Starts the sample organisation and waits for its sign-in link. */
async function demo() {
  const data = mkdtempSync(join(tmpdir(), "wardkeep-browser-"));
  const child = spawn(program, ["demo", "--data", data, "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const link = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no sign-in link in ten minutes:\n${said}`)), 600_000);
    const hear = (chunk) => {
      said += chunk;
      const found = said.match(/https?:\/\/[^\s]*\/(?:link|sign-in|start|welcome)[^\s]*/);
      if (found) {
        clearTimeout(late);
        resolve(found[0]);
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`the program ended with ${code}:\n${said}`)));
  });
  return { child, data, link };
}

async function check(page, name) {
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  const serious = result.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  const where = serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join("; ")}`);
  expect(serious.length === 0, `axe ${name}: ${where.join(" | ")}`);
}

async function journey(browser, origin, state, width, scheme) {
  const context = await browser.newContext({
    storageState: state,
    viewport: { width, height: 900 },
    colorScheme: scheme,
    bypassCSP: true, // axe is injected; the policy itself is tested without this
  });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  const see = async (name, path) => {
    const answer = await page.goto(origin + path, { waitUntil: "load" });
    expect(answer.status() === 200, `${path} answers ${answer.status()}`);
    await page.screenshot({ path: join(out, `${name}-${width}-${scheme}.png`), fullPage: true });
    await check(page, `${name} ${width} ${scheme}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide <= 1, `${path} at ${width} scrolls sideways by ${wide} px`);
  };
  await see("today", "/today");
  for (const register of ["risks", "assets", "controls", "people"]) await see(`list-${register}`, `/${register}`);
  for (const [name, path] of [["risk", "/risks/RSK-0001"], ["control", "/controls/CTL-0001"], ["asset", "/assets/AST-0001"]]) {
    await see(`detail-${name}`, path);
  }
  await see("history", "/risks/RSK-0001/history");
  await see("form", "/risks/new");
  await see("search", "/search?q=backup");
  await see("design", "/design");
  for (const [name, path] of DETECT) await see(`detect-${name}`, path);
  for (const [name, path] of RISK) await see(`risk-${name}`, path);
  expect(faults.length === 0, `scripts ran without error at ${width} ${scheme}: ${faults.join("; ")}`);
  await context.close();
}

/** The pages of log records, rules and indicators. */
const DETECT = [
  ["records", "/events"], ["newest", "/events/live"], ["kept", "/events/stored"], ["rules", "/rules"], ["rule", "/rules/RUL-0019"],
  ["coverage", "/rules/coverage"], ["write", "/rules/write"], ["indicators", "/indicators-of-compromise"],
  ["indicator", "/indicators-of-compromise/IND-0001"], ["alert", "/alerts/ALR-0001"],
];

/** The pages of risk in money, with the sample's figures and with made-up ones in every state. */
const RISK = [
  ["portfolio", "/risk"], ["one", "/risk/RSK-0001"], ["investments", "/risk/investments"], ["appetite", "/risk/appetite"],
  ["estimates", "/risk/estimates"], ["matrix", "/risk/matrix"], ["library", "/risk/library"], ["why", "/risk/why/mean"],
  ...["portfolio", "nothing", "risk", "investments", "appetite", "estimates", "matrix", "run"].map((n) => [`made-up-${n}`, `/design/risk/${n}`]),
];

/** A slider moves the figures without a new page, moving it back gives the first ones, and paper shows every chart. */
async function whatIf(browser, origin, state) {
  const context = await browser.newContext({ storageState: state, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const refused = [];
  page.on("console", (line) => line.text().includes("Content Security Policy") && refused.push(line.text()));
  await page.goto(`${origin}/risk/RSK-0001`, { waitUntil: "load" });
  const slider = page.locator(".sliders input[type=range]").first();
  if (await slider.count()) {
    const answer = page.locator("[data-answer]");
    const move = async (value) => {
      const before = await answer.innerText();
      await slider.evaluate((s, v) => { s.value = v; s.dispatchEvent(new Event("input", { bubbles: true })); }, value);
      await page.waitForFunction((old) => document.querySelector("[data-answer]").innerText !== old, before, { timeout: 10_000 }).catch(() => {});
      return answer.innerText();
    };
    const now = await slider.getAttribute("data-now"), far = await slider.getAttribute("min");
    const moved = await move(far);
    const back = await move(now);
    expect(moved !== back && /\d/.test(moved), "a slider moves the figures");
    expect((await move(far)) === moved, "the same position gives the same figures");
    expect((await move(now)) === back, "moving it back gives the first figures");
    const plain = await context.request.get(`${origin}/risk/RSK-0001?${encodeURIComponent(await slider.getAttribute("name"))}=${far}`);
    const first = moved.split("\n")[0];
    expect((await plain.text()).includes(first), "the form without scripts answers the same");
  }
  expect(refused.length === 0, `the content security policy holds: ${refused.join("; ")}`);
  await page.emulateMedia({ media: "print" });
  for (const [name, path] of RISK) {
    await page.goto(origin + path, { waitUntil: "load" });
    await page.screenshot({ path: join(out, `risk-${name}-print.png`), fullPage: true });
  }
  await context.close();
}

/** What only a browser can show: the policy holds, the palette works by keyboard, errors lead to their fields. */
async function behaviour(browser, origin, state) {
  const context = await browser.newContext({ storageState: state, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const refused = [];
  page.on("console", (line) => line.text().includes("Content Security Policy") && refused.push(line.text()));
  await page.goto(`${origin}/today`, { waitUntil: "load" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("assets");
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(out, "palette.png") });
  await page.keyboard.press("Enter");
  await page.waitForURL(/assets/, { timeout: 5_000 }).catch(() => {});
  expect(page.url().includes("asset"), `the palette leads to the assets, not to ${page.url()}`);
  await page.goto(`${origin}/risks/new`, { waitUntil: "load" });
  const form = page.locator("main form").last();
  await form.evaluate((f) => (f.noValidate = true));
  await form.locator("button[type=submit], button:not([type])").last().click();
  await page.waitForLoadState("load");
  const said = await page.locator("main").innerText();
  expect(/missing|needs|enter/i.test(said), "an empty form says what is missing");
  await page.screenshot({ path: join(out, "form-errors-1440.png"), fullPage: true });
  expect(refused.length === 0, `the content security policy holds: ${refused.join("; ")}`);
  await context.close();
}

const started = await demo();
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
try {
  const origin = new URL(started.link).origin;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(started.link, { waitUntil: "load" });
  await page.screenshot({ path: join(out, "sign-in.png") });
  await page.locator("main form button").last().click();
  await page.waitForLoadState("load");
  expect(!new URL(page.url()).pathname.includes("sign-in"), `the link signs in, and does not end at ${page.url()}`);
  const state = await context.storageState();
  await context.close();
  for (const [width, scheme] of [[1440, "light"], [1440, "dark"], [390, "light"]]) {
    await journey(browser, origin, state, width, scheme);
  }
  await behaviour(browser, origin, state);
  await whatIf(browser, origin, state);
} catch (error) {
  failures.push(String(error));
  console.log(error);
} finally {
  await browser.close();
  started.child.removeAllListeners("exit");
  started.child.kill("SIGTERM");
  rmSync(started.data, { recursive: true, force: true });
}
console.log(`browser: ${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
