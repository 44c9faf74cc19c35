// What the answers say, as text and tables.

import { mixed } from "./contour.js";
import { element, prose } from "./editor.js";
import { node } from "./marks.js";
import { place, shown } from "./numbers.js";

export function formulas(root, answer) {
  const parts = [["", answer.error], ["Gradient", answer.gradient], ["Hessian", answer.hessian], ["where", answer.where]];
  const made = [];
  for (const [title, math] of parts) {
    if (math === "") continue;
    const formula = element("div", { class: "formula", tabindex: "0", role: "group", "aria-label": title || "Error function" });
    // The engine's own text: names and numbers, never what was typed.
    formula.innerHTML = math;
    made.push(element("div", { class: title === "" ? "whole" : "part" }, ...(title === "" ? [] : [element("h3", {}, title)]), formula));
  }
  if (answer.left_out > 0) made.push(element("p", { class: "quiet" }, `${answer.left_out} more entries are left out here.`));
  for (const remark of answer.remarks) made.push(element("p", { class: "quiet" }, ...prose(remark)));
  root.replaceChildren(...made);
}

// Colors and the values between them; every other value where there is little room.
export function legend(root, levels, style) {
  if (levels.length === 0) {
    root.replaceChildren();
    return;
  }
  const color = (name) => style.getPropertyValue(name).trim().split(/[ ,]+/).map(Number);
  const bands = Array.from({ length: levels.length + 1 }, (_, at) => {
    const band = element("span", { class: "band" });
    band.style.background = `rgb(${mixed(color("--low"), color("--high"), at / levels.length).join(" ")})`;
    if (at > 0 && at % 3 === 1) band.append(element("span", {}, shown(levels[at - 1], 2)));
    return band;
  });
  root.replaceChildren(element("span", { class: "name" }, "E"), ...bands);
}

export function point(root, answer, names, go) {
  const facts = element("dl", { class: "facts" });
  const fact = (name, ...content) => facts.append(element("dt", {}, name), element("dd", {}, ...content));
  fact("kind", answer.kind_in_words);
  fact("E", shown(answer.value, 10));
  fact("∇E", `${place(answer.gradient)}, length ${shown(answer.gradient_norm, 4)}`);
  fact("condition", answer.condition_number === null ? "∞: H is singular" : shown(answer.condition_number, 4));
  if (answer.newton_step) {
    const button = element("button", { type: "button", class: "link", id: "newton" }, "take it");
    button.addEventListener("click", () => go(answer.at.map((w, at) => w + answer.newton_step[at])));
    fact("Newton step", `${place(answer.newton_step)} `, button);
  } else {
    fact("Newton step", "none: H is singular");
  }
  const head = element("tr", {}, element("th", { scope: "col" }, "curvature λ"));
  for (const name of names) head.append(element("th", { scope: "col" }, `u along ${name}`));
  const body = answer.eigenvalues.map((value, at) => {
    const row = element("tr", {}, element("td", {}, shown(value)));
    for (const part of answer.eigenvectors[at]) row.append(element("td", {}, shown(Math.abs(part) < 1e-15 ? 0 : part, 4)));
    return row;
  });
  const table = element("table", { id: "axes-table" }, element("caption", {}, "Principal axes of H"), element("thead", {}, head), element("tbody", {}, ...body));
  root.replaceChildren(facts, scrolling(table, "Principal axes"));
}

export function failure(root, text) {
  root.replaceChildren(element("p", { class: "quiet" }, ...prose(text)));
}

export function swatch(number) {
  return node("svg", { class: `swatch run-${number}`, viewBox: "0 0 24 12", "aria-hidden": "true" }, node("line", { x1: 0, x2: 24, y1: 7, y2: 7 }));
}

// One entry per run: `title`, `number`, and an answer that may still be missing.
export function runs(root, list) {
  if (list.length === 0) {
    failure(root, "Choose methods to see the paths they take from the point.");
    return;
  }
  const head = ["method", "steps", "evals", "E"].map((name) => element("th", { scope: "col" }, name));
  const rows = list.flatMap(({ title, number, answer }) => {
    const name = element("td", {}, swatch(number), `${number} ${title}`);
    if (!answer) return [element("tr", {}, name, element("td", { colspan: "3" }, "…"))];
    if (answer.refused) {
      return [element("tr", {}, name, element("td", { colspan: "3" })), under(answer.complaints.map(({ message }) => message).join("; "))];
    }
    const { values, gradients, hessians, products } = answer.evaluations;
    const total = values + gradients + hessians + products;
    const counts = [[values, "E"], [gradients, "∇E"], [hessians, "H"], [products, "H·v"]];
    const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`).join(", ");
    const kind = answer.kind && answer.kind !== "not stationary" ? `${answer.kind} at` : "at";
    return [
      element("tr", { class: answer.converged ? "converged" : "" }, name, element("td", {}, String(answer.iterations)), element("td", {}, String(total)), element("td", {}, shown(answer.value, 4))),
      under(`${answer.reason}; ${kind} ${place(answer.minimizer)}; ${told}`),
    ];
  });
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
  root.replaceChildren(scrolling(table, "Runs"));
}

function under(text) {
  return element("tr", { class: "under" }, element("td", { colspan: "4" }, text));
}

// Undecided boxes beyond this number are counted.
const LISTED = 5;

const SYMBOLS = {
  minimum: () => node("circle", { cx: 8, cy: 8, r: 5 }),
  maximum: () => node("path", { d: "M8 2L14 13L2 13Z" }),
  saddle: () => node("path", { d: "M3 3L13 13M3 13L13 3" }),
  undecided: () => node("rect", { x: 3, y: 3, width: 10, height: 10 }),
};

function symbol(kind) {
  return node("svg", { class: `symbol ${kind}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, SYMBOLS[kind]());
}

// A value known between bounds; where they have zero between them, digits of their middle say nothing.
function enclosed([lo, hi]) {
  if (lo === null || hi === null) return "undefined";
  return lo <= 0 && hi >= 0 ? `0 ± ${shown(Math.max(-lo, hi), 2)}` : shown((lo + hi) / 2);
}

const WHY = {
  degenerate: "H may be singular there",
  kink: "E may have a kink or a jump there",
  domain: "E or a derivative may be undefined there",
  border: "at the border of the window",
  budget: "time ran out before it was looked at closely",
};

export function stationary(root, answer, go) {
  const { points, undecided, undecided_count: open } = answer;
  const count = points.length === 1 ? "1 stationary point is certified" : `${points.length} stationary points are certified`;
  const rest = open === 0 ? "; there is no other in the window." : `; any other lies in ${open === 1 ? "the box that is" : `one of ${open} boxes that are`} undecided.`;
  const made = [element("p", { id: "summary" }, count + rest)];
  if (answer.cut) {
    made.push(element("p", { id: "cut" }, ...prose(`The time for one answer ran out with ${shown(Math.floor(1e4 * answer.decided) / 100, 4)} % of the window decided: make the window smaller, or start \`hesse serve\` with a larger \`--budget\`.`)));
  }
  const head = ["kind", "E", "place"].map((name) => element("th", { scope: "col" }, name));
  const rows = points.flatMap((found) => {
    const button = element("button", { type: "button", class: "link" }, place(found.at));
    button.addEventListener("click", () => go(found.at));
    const width = Math.max(...found.enclosure.map(([lo, hi]) => hi - lo));
    return [
      element("tr", {}, element("td", {}, symbol(found.kind), found.kind_in_words), element("td", {}, enclosed(found.value_enclosure)), element("td", {}, button)),
      element("tr", { class: "under" }, element("td", { colspan: "3" }, `enclosed within ${shown(width, 2)}; curvatures ${found.eigenvalues.map((value) => shown(value, 4)).join(", ")}`)),
    ];
  });
  const shownBoxes = undecided.slice(0, LISTED).flatMap(({ box, reason }) => [
    element("tr", {}, element("td", {}, symbol("undecided"), `undecided: ${reason}`), element("td", {}), element("td", {}, place(box.map(([lo, hi]) => (lo + hi) / 2)))),
    element("tr", { class: "under" }, element("td", { colspan: "3" }, `a box ${shown(Math.max(...box.map(([lo, hi]) => hi - lo)), 2)} wide; ${WHY[reason] ?? reason}`)),
  ]);
  if (points.length + undecided.length > 0) {
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows, ...shownBoxes));
    made.push(scrolling(table, "Stationary points"));
  }
  if (open > LISTED) made.push(element("p", { class: "quiet" }, `and ${open - LISTED} more undecided boxes`));
  const { at, value } = answer.global_minimum;
  if (value[0] !== null && value[1] !== null) {
    const width = value[1] - value[0];
    const isClose = width <= 1e-6 * Math.max(1, Math.abs(value[1]));
    const least = isClose ? `is ${shown(value[1], 8)} (proved${width > 0 ? ` to within ${shown(width, 2)}` : ""}), near` : `lies between ${shown(value[0], 4)} and ${shown(value[1], 4)}, the latter near`;
    made.push(element("p", { id: "global" }, `The least value in the window, its border included, ${least} ${place(at)}.`));
  }
  root.replaceChildren(...made);
}

// A table that may be wider than the page scrolls by itself, with keys too.
function scrolling(table, name) {
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": name }, table);
}
