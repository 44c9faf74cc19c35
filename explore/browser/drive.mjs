// Uses every feature of the page as people would, and looks whether it did what it should.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { chromium } = createRequire(`${process.env.MODULES}/`)("playwright-core");
const [address, pictures] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: process.env.BROWSER,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const DESKTOP = { viewport: { width: 1100, height: 900 } };
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const complaints = [];

async function open(options, fragment = "", prepare = async () => {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: address.replace(/\/$/, "") });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.on("pageerror", (error) => complaints.push(error.stack));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("request", (request) => request.url().startsWith(address) || complaints.push(`asked for ${request.url()}`));
  await prepare(page);
  await page.goto(address + fragment);
  return page;
}

async function step(name, work) {
  try {
    await work();
    console.log(`ok   ${name}`);
  } catch (error) {
    console.log(`FAIL ${name}\n${error.stack}`);
    process.exitCode = 1;
  }
}

const type = async (page, text) => page.fill("#formula", text);
const example = async (page, name) => page.selectOption("#example", { label: name });
const math = (page) => page.locator("#formulas").textContent();
const until = (page, check, argument) => page.waitForFunction(check, argument);
const point = (page) => page.$$eval("#parameters .parameter input[type=number]:not(.bound)", (fields) => fields.map((field) => Number(field.value)));
const ticks = (page) => page.$$eval("#plot text.number", (list) => list.map((text) => text.textContent));
const canvas = (page) => page.$eval("#plot canvas", (node) => node.toDataURL());
// All questions are answered, and all that was put off is done.
const settled = (page) => until(page, () => document.documentElement.dataset.pending === "0");
const fragment = async (page) => {
  await settled(page);
  return page.evaluate(() => location.hash);
};
const painted = (page) => until(page, () => {
  const node = document.querySelector("#plot canvas");
  const { data } = node.getContext("2d").getImageData(0, 0, node.width, node.height);
  const shades = new Set();
  for (let at = 0; at < data.length; at += 4 * 97) shades.add(data[at] * 65536 + data[at + 1] * 256 + data[at + 2]);
  return shades.size >= 8;
});
const click = async (page, across, up) => {
  // Tall formulas push the picture down.
  await page.locator("#plot").scrollIntoViewIfNeeded();
  const box = await page.locator("#plot").boundingBox();
  await page.mouse.click(box.x + box.width * across, box.y + box.height * (1 - up));
};

const page = await open(DESKTOP);

await step("opens with an example, its formulas and its picture", async () => {
  await until(page, () => document.querySelectorAll("#formulas math").length >= 3);
  assert.match(await math(page), /∂/);
  await until(page, () => document.querySelectorAll("#plot .run .line").length === 2);
  await painted(page);
  assert.deepEqual(await page.$$eval("#plot text.name", (list) => list.map((text) => text.textContent)), ["x", "y"]);
  assert.ok((await ticks(page)).includes("−1"));
  assert.ok((await page.locator("#legend .band").count()) > 8);
});
await step("every control has a name", async () => {
  const nameless = await page.$$eval("button, input, select, textarea, [tabindex='0']", (list) =>
    list.filter((node) => !(node.getAttribute("aria-label") || node.labels?.length || node.textContent.trim())).map((node) => node.outerHTML));
  assert.deepEqual(nameless, []);
});

await step("typesets as you type", async () => {
  await type(page, "x^2 + sin(y)");
  await until(page, () => document.querySelector("#formulas").textContent.includes("cos"));
  assert.equal(await page.inputValue("#example"), "");
});
await step("underlines a mistake and carries out its fix", async () => {
  await type(page, "x^2 + sqr(y)");
  await page.waitForSelector("#underlines mark");
  assert.equal(await page.textContent("#underlines mark"), "sqr");
  assert.equal(await page.getAttribute("#formula", "aria-invalid"), "true");
  await page.screenshot({ path: `${pictures}/mistake.png` });
  await page.click("#complaints button");
  assert.equal(await page.inputValue("#formula"), "x^2 + sqrt(y)");
  await until(page, () => document.querySelectorAll("#underlines mark").length === 0);
});
await step("says where E has no value", async () => {
  await type(page, "ln(x - 100) + y");
  await until(page, () => document.querySelector("#status").textContent.includes("no value anywhere"));
});

await step("clicks pick a point, with its model and axes", async () => {
  await example(page, "Himmelblau: four minima");
  await until(page, () => document.querySelectorAll("#plot .run .line").length === 2);
  await click(page, 0.6, 0.7);
  await until(page, () => document.querySelectorAll("#plot .axis").length === 2);
  const [x, y] = await point(page);
  assert.ok(x > 0 && x < 3 && y > 0 && y < 5, `${x}, ${y}`);
  assert.ok((await page.getAttribute("#plot .model", "d")).length > 100);
  assert.match(await page.textContent("#point"), /not stationary/);
  assert.equal(await page.locator("#axes-table tbody tr").count(), 2);
});
await step("takes Newton steps to a stationary point", async () => {
  await page.fill("#parameters input >> nth=0", "3.1");
  await page.fill("#parameters input >> nth=1", "2.1");
  for (let count = 0; count < 5; count += 1) {
    const before = (await point(page)).join();
    await settled(page);
    if (!(await page.locator("#newton").count())) break;
    await page.click("#newton");
    await settled(page);
    if ((await point(page)).join() === before) break;
  }
  await until(page, () => document.querySelector("#point").textContent.includes("minimum"));
});
await step("keys move a cross, pick, zoom and reset", async () => {
  await page.focus("#farther");
  for (let count = 0; count < 3; count += 1) await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "plot");
  const before = await point(page);
  for (let count = 0; count < 4; count += 1) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowUp");
  await until(page, () => /^x .*, y .*, E about/.test(document.querySelector("#status").textContent));
  await page.keyboard.press("Enter");
  const after = await point(page);
  assert.ok(Math.abs(after[0] - (before[0] - 1.2)) < 0.01 && Math.abs(after[1] - (before[1] + 0.3)) < 0.01, `${before} to ${after}`);
  const wide = await ticks(page);
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  assert.notDeepEqual(await ticks(page), wide);
  await page.keyboard.press("0");
  assert.deepEqual(await ticks(page), wide);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#plot .crosshair").count(), 0);
});
await step("drags pan, the wheel zooms", async () => {
  const start = await fragment(page);
  const box = await page.locator("#plot").boundingBox();
  await page.mouse.move(box.x + 300, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 380, box.y + 260, { steps: 5 });
  await page.mouse.up();
  const panned = await fragment(page);
  assert.notEqual(panned, start);
  await page.mouse.wheel(0, -240);
  assert.notEqual(await fragment(page), panned);
  await page.click("#home");
  assert.equal(await fragment(page), start);
});
await step("walks down with every method, and says why each ends", async () => {
  await page.click("#all");
  await until(page, () => document.querySelectorAll("#runs tr.under").length === 13);
  await until(page, () => document.querySelectorAll("#plot .run .line").length === 13);
  const reasons = await page.$$eval("#runs tr.under", (rows) => rows.map((row) => row.textContent));
  for (const reason of reasons) assert.match(reason, /(converged|diverged|stalled|limit|allowed).*; .*\d+ (E|∇E|H)/);
  assert.equal(await page.locator("#methods button[aria-pressed=true]").count(), 13);
  await page.click("#none");
  await until(page, () => document.querySelectorAll("#plot .run").length === 0);
  await page.click("#methods button >> nth=0");
  await until(page, () => document.querySelectorAll("#plot .run .line").length === 1);
});
await step("certifies the stationary points of the window", async () => {
  await page.click("#search");
  await until(page, () => document.querySelector("#summary")?.textContent.startsWith("9 stationary points"));
  const count = (kind) => page.locator(`#plot .stationary.${kind}`).count();
  assert.deepEqual([await count("minimum"), await count("saddle"), await count("maximum")], [4, 4, 1]);
  await page.click("#stationary button >> nth=8");
  await until(page, () => document.querySelector("#point").textContent.includes("maximum"));
  await page.screenshot({ path: `${pictures}/desktop.png`, fullPage: true });
});
await step("a link brings everything back", async () => {
  const other = await open(DESKTOP, await fragment(page));
  await until(other, () => document.querySelector("#summary")?.textContent.startsWith("9 stationary points"));
  await until(other, () => document.querySelectorAll("#plot .run .line").length === 1);
  assert.deepEqual(await point(other), await point(page));
  assert.equal(await other.inputValue("#formula"), await page.inputValue("#formula"));
  await other.context().close();
});
await step("a search without end is cut, and says so", async () => {
  await type(page, "(x^2 + y^2 - 1)^2");
  await until(page, () => document.querySelector("#cut"));
  assert.match(await page.textContent("#cut"), /time .* ran out/);
  assert.ok((await page.locator("#plot .undecided").count()) > 0);
  await page.screenshot({ path: `${pictures}/undecided.png`, fullPage: true });
});
await step("copies the generated Rust", async () => {
  await page.click("#copy");
  await until(page, () => document.querySelector("#copied").textContent.startsWith("Copied"));
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /pub mod error_function/);
  await page.click("#code-part summary");
  assert.match(await page.textContent("#code"), /pub fn value_gradient_hessian/);
});

await step("fits data pasted as a table", async () => {
  await example(page, "Decay, fitted to data");
  await until(page, () => document.querySelector("#runs tr.converged")?.textContent.includes("Least squares"));
  await page.fill("#data", "x,y\n1,two");
  await until(page, () => document.querySelector("#complaints").textContent.includes("row 1 of column y is two"));
  await page.fill("#data", "x\ty\n0\t3\n1\t2\n2\t1.5");
  await until(page, () => document.querySelector("#complaints").textContent === "");
  await page.screenshot({ path: `${pictures}/fit.png`, fullPage: true });
});
await step("shows a plane of more parameters, the others at sliders", async () => {
  await example(page, "Rosenbrock in four parameters");
  await until(page, () => document.querySelectorAll("#parameters input[type=range]").length === 2);
  await until(page, () => document.querySelectorAll("#plot .axis").length === 2);
  await settled(page);
  const before = await canvas(page);
  await page.locator("#parameters input[type=range] >> nth=0").fill("1.5");
  await settled(page);
  assert.notEqual(await canvas(page), before);
  assert.equal((await point(page))[2], 1.5);
  await page.selectOption("#across", "2");
  await until(page, () => document.querySelector("#plot text.name").textContent === "w[2]");
  await page.selectOption("#up", "2");
  await until(page, () => [...document.querySelectorAll("#plot text.name")].map((text) => text.textContent).join() === "w[1],w[2]");
  await painted(page);
  await page.screenshot({ path: `${pictures}/four.png`, fullPage: true });
});
await step("shows a curve of one parameter", async () => {
  await type(page, "x^4 - x^2 + 0.3*x");
  await until(page, () => document.querySelector("#plot .curve"));
  await page.click("#search");
  await until(page, () => document.querySelectorAll("#plot .stationary").length === 3);
  await click(page, 0.7, 0.5);
  await until(page, () => document.querySelector("#plot .model"));
  await page.screenshot({ path: `${pictures}/curve.png`, fullPage: true });
});
await step("a degenerate point is drawn as what it is", async () => {
  await example(page, "Monkey saddle");
  await until(page, () => document.querySelector("#point").textContent.includes("degenerate"));
  await page.click("#search");
  await until(page, () => document.querySelector("#stationary").textContent.includes("undecided: degenerate"));
});

await step("late answers never overwrite newer ones", async () => {
  const late = await open(DESKTOP, "", (other) => other.addInitScript(() => {
    const plain = window.fetch.bind(window);
    // Answers about x^6 come a second late, and cannot be called off.
    window.fetch = async (target, options) => {
      const { signal, ...rest } = options;
      window.asked = (window.asked ?? 0) + Number(String(options.body).includes("x^6"));
      const response = await plain(target, rest);
      if (String(options.body).includes("x^6")) await new Promise((resume) => setTimeout(resume, 1000));
      window.answered = (window.answered ?? 0) + Number(String(options.body).includes("x^6"));
      return response;
    };
  }));
  await until(late, () => document.querySelectorAll("#plot .run .line").length === 2);
  await type(late, "x^6 + y^2");
  await until(late, () => window.asked > 0);
  await type(late, "cosh(x) + y^2");
  await until(late, () => document.querySelector("#formulas").textContent.includes("cosh"));
  await until(late, () => window.answered === window.asked);
  await settled(late);
  assert.match(await math(late), /cosh/);
  assert.doesNotMatch(await math(late), /6/);
  await late.context().close();
});

for (const [name, options] of [["phone", PHONE], ["phone-dark", { ...PHONE, colorScheme: "dark" }], ["desktop-dark", { ...DESKTOP, colorScheme: "dark" }]]) {
  await step(`looks right: ${name}`, async () => {
    const other = await open(options);
    await until(other, () => document.querySelectorAll("#plot .run .line").length === 2);
    if (options.hasTouch) {
      const box = await other.locator("#plot").boundingBox();
      await other.locator("#plot").scrollIntoViewIfNeeded();
      await other.locator("#plot").tap({ position: { x: box.width * 0.6, y: box.height * 0.3 } });
      await until(other, () => Number(document.querySelector("#parameters input").value) > 0);
      const before = await ticks(other);
      const { x, y } = await other.locator("#plot").boundingBox();
      const fingers = (apart) => [{ x: x + 180 - apart, y: y + 150, id: 0 }, { x: x + 180 + apart, y: y + 150, id: 1 }];
      const session = await other.context().newCDPSession(other);
      const touch = (type, touchPoints) => session.send("Input.dispatchTouchEvent", { type, touchPoints });
      await touch("touchStart", fingers(20));
      for (const apart of [30, 45, 60, 80]) await touch("touchMove", fingers(apart));
      await touch("touchEnd", []);
      assert.notDeepEqual(await ticks(other), before, "two fingers zoom");
      await other.click("#home");
    }
    await other.click("#search");
    await until(other, () => document.querySelector("#summary"));
    const [scroll, inner] = await other.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(scroll <= inner, `${scroll} is wider than ${inner}`);
    await other.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    await other.context().close();
  });
}

await step("nothing was complained of, nobody else was asked", async () => assert.deepEqual(complaints, []));
await step("says so when the server is gone", async () => {
  process.kill(Number(process.env.SERVER));
  // It is gone once nobody takes a connection.
  while (await fetch(address).then(() => true, () => false)) await new Promise(setImmediate);
  await type(page, "x^2");
  await until(page, () => document.querySelector("#complaints").textContent.includes("there was no answer"));
});
await browser.close();
