// The page: what is shown, what is asked, and what becomes of the answers.

import { Channel, reason } from "./ask.js";
import { levels } from "./contour.js";
import { Descents } from "./descents.js";
import { Editor, element } from "./editor.js";
import { EXAMPLES } from "./examples.js";
import { rounded, shown } from "./numbers.js";
import * as parameters from "./parameters.js";
import { Plot, spoken } from "./plot.js";
import { Later, begun, done } from "./pending.js";
import * as results from "./results.js";
import { fitted, read, written } from "./state.js";

const FINE = [180, 140];
const COARSE = [72, 56];
const MUCH = 3e7; // additions for a picture, beyond which it is coarse
const by = (id) => document.getElementById(id);
const channels = { derive: new Channel(), contour: new Channel(), point: new Channel(), stationary: new Channel(), code: new Channel() };

let state = { formula: "", data: "", names: [], axes: [], ranges: [], at: [], methods: [], isSearched: false };
let home = []; // the bounds that the parameters began with
let accepted = null; // the formula and data of the last answer that was no refusal
let work = 0; // what E costs at one point
let model = null;
let found = null;

const editor = new Editor(by("formula"), by("underlines"), by("complaints"), typed);
const plot = new Plot(by("plot"), {
  window: (window) => { setWindow(window); moving(); },
  pick: (at) => pick(state.axes.reduce((w, axis, k) => (isCurve() && k === 1 ? w : replaced(w, axis, at[k])), state.at)),
  cross: () => announce(),
  home: () => reset(),
});

const descents = new Descents(by("methods"), by("runs"), {
  request: () => ({ ...accepted, from: state.at }),
  chosen: (methods) => { state.methods = methods; save(); },
  draw: () => marks(),
});

// ---- The formula ----

const typing = new Later(120, derive);
function typed() {
  state.formula = editor.value;
  state.data = by("data").value;
  by("example").value = "";
  typing.ask();
}

async function derive() {
  save();
  const { formula, data } = state;
  by("formulas").setAttribute("aria-busy", "true");
  const answer = await channels.derive.ask({ ask: "derive", formula, data });
  if (!answer) return;
  by("formulas").removeAttribute("aria-busy");
  by("formulas").classList.toggle("stale", Boolean(answer.refused));
  editor.show(answer.refused ? answer.complaints : []);
  if (answer.refused) return;
  const isNew = accepted?.formula !== formula || accepted?.data !== data;
  accepted = { formula, data };
  state = fitted(state, answer.parameters);
  if (String(home.names) !== String(state.names)) home = Object.assign([...state.ranges], { names: state.names });
  work = answer.work;
  results.formulas(by("formulas"), answer);
  if (isNew) forget();
  descents.offer(answer.methods, state.methods);
  state.methods = descents.names;
  arrange();
  refresh();
  if (state.isSearched) search();
}

// What was found for another formula.
function forget() {
  [model, found] = [null, null];
  for (const channel of [channels.contour, channels.point, channels.stationary, channels.code]) channel.forget();
  descents.forget();
  plot.marks = {};
  plot.setField(null);
  results.failure(by("stationary"), "Find every stationary point in the window, and its kind, with proof that there is no other.");
  by("code").textContent = "";
  by("copied").textContent = "";
  if (by("code-part").open) generate();
}

// ---- The picture ----

const isCurve = () => state.names.length === 1;

function setWindow(window) {
  state.ranges = state.ranges.map((range, at) => {
    const axis = state.axes.indexOf(at);
    return axis < 0 ? range : window[axis];
  });
  save();
}

let last = 0;
const settling = new Later(160, () => contour(FINE));
function moving() {
  const now = performance.now();
  if (now - last > 80) {
    last = now;
    contour(COARSE);
  }
  settling.ask();
}

async function contour(wanted) {
  const size = work * FINE[0] * FINE[1] > MUCH ? COARSE : wanted;
  const window = state.axes.map((axis) => state.ranges[axis]);
  const { axes, at } = state;
  const answer = await channels.contour.ask({ ask: "contour", ...accepted, axes, at, window, size: isCurve() ? [400, 1] : size });
  if (!answer) return;
  if (answer.refused) {
    say(reason(answer));
    return;
  }
  const rows = Math.floor(answer.values.length / answer.columns);
  // Where time ran out, the upper rows are missing.
  const top = isCurve() || rows < 2 ? window[1] : [window[1][0], window[1][0] + ((window[1][1] - window[1][0]) * (rows - 1)) / (answer.rows - 1)];
  const field = { ...answer, rows, window: [window[0], top], levels: isCurve() ? [] : levels(answer.values) };
  if (!answer.values.some((value) => value !== null)) say("E has no value anywhere in this window.");
  else say(answer.cut ? "The time for one answer ran out: part of the picture is missing." : "");
  if (isCurve()) plot.window = [plot.window[0], heights(answer.values)];
  plot.setField(field);
  marks();
  results.legend(by("legend"), field.levels, getComputedStyle(by("plot")));
}

// Bounds for the values of a curve, leaving out the steepest ends.
function heights(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return [-1, 1];
  const [lo, hi] = [sorted[0], sorted[Math.floor(0.96 * (sorted.length - 1))]];
  const margin = 0.08 * (hi - lo) || 1;
  return [lo - margin, hi + margin];
}

function say(text) {
  if (by("status").textContent !== text) by("status").textContent = text;
}

const speaking = new Later(120, speak);
function announce() {
  speaking.ask();
}

function speak() {
  const { cross, field } = plot;
  if (!cross) return;
  let value = null;
  if (field && field.values.length > 0) {
    const part = ([lo, hi], at, count) => Math.max(0, Math.min(count - 1, Math.round(((at - lo) / (hi - lo)) * (count - 1))));
    const row = isCurve() ? 0 : part(field.window[1], cross[1], field.rows);
    value = field.values[row * field.columns + part(field.window[0], cross[0], field.columns)];
  }
  say(spoken(plot, value));
}

function reset() {
  state.ranges = [...home];
  arrange();
  moving();
  save();
}

// Selects, fields and sliders for the parameters.
function arrange() {
  const { names, axes, ranges, at } = state;
  by("axes").hidden = names.length < 3;
  for (const [k, id] of [[0, "across"], [1, "up"]]) {
    by(id).replaceChildren(...names.map((name, value) => element("option", { value }, name)));
    by(id).value = axes[k];
  }
  plot.show({
    names: isCurve() ? [names[0], "E"] : axes.map((axis) => names[axis]),
    isCurve: isCurve(),
    window: axes.map((axis) => ranges[axis]),
  });
  by("plot").setAttribute("aria-label", isCurve() ? `Curve of E over ${names[0]}` : `Contour plot of E over ${names[axes[0]]} and ${names[axes[1]]}`);
  parameters.fields(by("parameters"), state, {
    set: (k, value) => pick(replaced(state.at, k, value), false),
    bound: (k, range) => { state.ranges = replaced(state.ranges, k, range); save(); },
  });
}

// ---- The point ----

function replaced(list, at, value) {
  return list.map((old, k) => (k === at ? value : old));
}

// `isOutside`: the fields do not show it yet.
function pick(at, isOutside = true) {
  const isOtherPlane = at.some((w, k) => w !== state.at[k] && !state.axes.includes(k));
  state.at = at;
  if (isOutside) parameters.show(by("parameters"), at);
  model = null;
  save();
  marks();
  if (isOtherPlane) moving();
  inspect();
  descents.walk();
}

async function inspect() {
  const { at, axes } = state;
  const answer = await channels.point.ask({ ask: "point", ...accepted, at, axes });
  if (!answer) return;
  if (answer.refused) {
    results.failure(by("point"), reason(answer));
    return;
  }
  model = answer;
  results.point(by("point"), answer, state.names, (to) => pick(to.map((w) => Number(w.toPrecision(12)))));
  marks();
}

// ---- Stationary points ----

async function search() {
  state.isSearched = true;
  save();
  const box = state.ranges;
  by("stationary").replaceChildren(element("p", { class: "quiet" }, "Searching…"));
  by("stationary").setAttribute("aria-busy", "true");
  const answer = await channels.stationary.ask({ ask: "stationary", ...accepted, box });
  if (!answer) return;
  by("stationary").removeAttribute("aria-busy");
  if (answer.refused) {
    results.failure(by("stationary"), reason(answer));
    return;
  }
  found = answer;
  results.stationary(by("stationary"), answer, (at) => pick(at.map((w) => Number(w.toPrecision(12)))));
  marks();
}

// ---- What stands on the picture ----

let isDrawing = false;
function marks() {
  if (isDrawing) return;
  isDrawing = true;
  begun(marks);
  requestAnimationFrame(() => {
    isDrawing = false;
    plot.show({ marks: standing() });
    done(marks);
  });
}

function standing() {
  const { axes, at } = state;
  if (state.names.length === 0) return {};
  const flat = (point, value) => (isCurve() ? [point[0], value] : axes.map((axis) => point[axis]));
  const here = isCurve() ? [at[0], model?.value ?? NaN] : flat(at);
  const runs = descents.chosen.filter(({ answer }) => answer && !answer.refused).map(({ title, number, part, answer }) => {
    const points = answer.path.map((point, k) => flat(point, answer.values[k]));
    return { points, number, part, title: `${title}: ${answer.iterations} steps, E = ${shown(answer.value)}` };
  });
  return {
    at: here.every(Number.isFinite) ? here : null,
    runs,
    model: model && {
      at: here,
      value: model.value,
      gradient: axes.map((axis) => model.gradient[axis]),
      hessian: [model.hessian[axes[0]][axes[0]], model.hessian[axes[0]][axes[1]], model.hessian[axes[1]][axes[1]]],
      axes: model.plane.eigenvalues.map((curvature, k) => ({ curvature, axis: model.plane.eigenvectors[k] })),
      step: !isCurve() && model.newton_step && axes.map((axis) => model.newton_step[axis]),
    },
    searched: found && {
      box: flat(found.box, plot.window[1]),
      points: found.points.map((point) => ({ ...point, whole: point.at, at: flat(point.at, point.value) })),
      undecided: found.undecided.map((open) => ({ ...open, box: isCurve() ? open.box : flat(open.box) })),
    },
  };
}

// ---- Rust ----

async function generate() {
  const answer = await channels.code.ask({ ask: "generate", ...accepted });
  if (!answer) return null;
  by("code").textContent = answer.refused ? reason(answer) : answer.rust;
  return answer.refused ? null : answer.rust;
}

async function copy() {
  const rust = await generate();
  if (rust === null) return;
  try {
    await navigator.clipboard.writeText(rust);
    by("copied").textContent = `Copied ${rust.split("\n").length - 1} lines: the module needs the crate hesse.`;
  } catch {
    by("code-part").open = true;
    getSelection().selectAllChildren(by("code"));
    by("copied").textContent = "This browser does not let pages copy: the text below is selected.";
  }
}

// ---- The whole page ----

function refresh() {
  contour(FINE);
  inspect();
  descents.walk();
}

let saved = "";
const saving = new Later(150, () => {
  saved = written(state);
  history.replaceState(null, "", saved);
});
function save() {
  saving.ask();
}

function load(next) {
  typing.forget();
  state = { ...next, names: [] };
  home = [];
  accepted = null;
  editor.value = state.formula;
  by("data").value = state.data;
  by("data-part").open = state.data.trim() !== "";
  derive();
}

function example(at) {
  const { formula, data = "", ranges, at: start, methods: names } = EXAMPLES[at];
  load({ formula, data, axes: [], ranges, at: start, methods: names, isSearched: false });
}

by("example").append(...EXAMPLES.map(({ name }, value) => element("option", { value }, name)));
by("example").addEventListener("change", () => by("example").value !== "" && example(Number(by("example").value)));
by("data").addEventListener("input", typed);
by("closer").addEventListener("click", () => plot.zoom(1 / 1.5));
by("farther").addEventListener("click", () => plot.zoom(1.5));
by("home").addEventListener("click", reset);
by("center").addEventListener("click", () => {
  plot.moved(state.axes.map((axis, k) => {
    const [lo, hi] = plot.window[k];
    return isCurve() && k === 1 ? [lo, hi] : [state.at[axis] - (hi - lo) / 2, state.at[axis] + (hi - lo) / 2];
  }));
});
for (const [k, id] of [[0, "across"], [1, "up"]]) {
  by(id).addEventListener("change", () => {
    const axis = Number(by(id).value);
    // Choosing the other axis swaps them.
    state.axes = state.axes[1 - k] === axis ? [state.axes[1], state.axes[0]] : replaced(state.axes, k, axis);
    plot.setField(null);
    arrange();
    refresh();
    save();
  });
}
by("all").addEventListener("click", () => descents.all());
by("none").addEventListener("click", () => descents.choose([]));
by("search").addEventListener("click", search);
by("copy").addEventListener("click", copy);
by("code-part").addEventListener("toggle", () => by("code-part").open && by("code").textContent === "" && generate());
addEventListener("hashchange", () => {
  const next = read(location.hash);
  if (next && location.hash !== saved) load(next);
});

const given = read(location.hash);
if (given) {
  load(given);
} else {
  by("example").value = "0";
  example(0);
}
