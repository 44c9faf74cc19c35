// What stands on the picture: the quadratic model, its axes, paths, stationary points, the point picked.

import { levels, segments } from "./contour.js";
import { place, shown } from "./numbers.js";

export function node(name, attributes = {}, content = []) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...(Array.isArray(content) ? content : [content]));
  return made;
}

// Everything within the frame; what is wanted stands in `plot.marks`.
export function drawn(plot, frame) {
  const { marks } = plot;
  const clip = node("clipPath", { id: "inside" }, node("rect", { x: frame.left, y: frame.top, width: frame.width, height: frame.height }));
  const list = [];
  if (plot.isCurve && plot.field) list.push(curve(plot));
  if (marks.searched) list.push(...searched(plot, marks.searched));
  if (marks.model) list.push(...model(plot, frame, marks.model));
  const labels = [];
  for (const run of marks.runs ?? []) list.push(path(plot, run, labels));
  for (const point of marks.searched?.points ?? []) list.push(stationary(plot, point));
  list.push(...labels.map(({ number, x, y }) => node("g", { class: `run run-${number}` }, node("text", { x: x + 7, y: y - 8, class: "label" }, String(number)))));
  if (marks.at) {
    const [x, y] = plot.pixel(marks.at);
    list.push(node("g", { class: "picked" }, [
      node("circle", { class: "halo", cx: x, cy: y, r: 7 }),
      node("circle", { cx: x, cy: y, r: 7 }),
      node("circle", { class: "dot", cx: x, cy: y, r: 1.8 }),
    ]));
  }
  return [clip, node("g", { "clip-path": "url(#inside)" }, list)];
}

function curve(plot) {
  const { field } = plot;
  const [lo, hi] = field.window[0];
  let text = "";
  field.values.forEach((value, at) => {
    if (value === null) return;
    const isStart = at === 0 || field.values[at - 1] === null;
    const [x, y] = plot.pixel([lo + ((hi - lo) * at) / (field.columns - 1), value]);
    text += `${isStart ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return node("path", { class: "curve", d: text });
}

// A path with a number where it ends, so that it can be told without its color.
function path(plot, { points, number, title, part }, labels) {
  const all = points.map((point) => plot.pixel(point));
  const count = Math.max(1, Math.ceil(all.length * part));
  const seen = all.slice(0, count);
  // A method that begins anew at the start has not walked back there.
  const isStart = (at) => at === 0 || points[at].every((w, k) => w === points[0][k]);
  const d = seen.map(([x, y], at) => `${isStart(at) ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
  const dots = seen.length <= 60 ? seen.map(([cx, cy]) => node("circle", { cx, cy, r: 2.2 })) : [];
  let [x, y] = seen[seen.length - 1];
  // Numbers of paths with one end stand side by side.
  const wide = (other) => (other > 9 ? 21 : 13);
  const isTaken = (other) => Math.abs(other.y - y) < 12 && x - other.x < wide(other.number) && other.x - x < wide(number);
  while (labels.some(isTaken)) x += 7;
  labels.push({ number, x, y });
  return node("g", { class: `run run-${number}`, "data-points": points.length }, [
    node("title", {}, title),
    node("path", { class: "halo", d }),
    node("path", { class: "line", d }),
    ...dots,
  ]);
}

function stationary(plot, point) {
  const [x, y] = plot.pixel(point.at);
  const shapes = {
    minimum: node("circle", { cx: x, cy: y, r: 5 }),
    maximum: node("path", { d: `M${x} ${y - 6}L${x + 6} ${y + 5}L${x - 6} ${y + 5}Z` }),
    saddle: node("path", { d: `M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x - 5} ${y + 5}L${x + 5} ${y - 5}` }),
  };
  const shape = shapes[point.kind];
  const halo = shape.cloneNode();
  halo.setAttribute("class", "halo");
  const title = `${point.kind_in_words} at ${place(point.whole)}, E = ${shown(point.value)}`;
  return node("g", { class: `stationary ${point.kind}` }, [node("title", {}, title), halo, shape]);
}

function searched(plot, { box, undecided }) {
  const rectangle = (name, [[x0, x1], [y0, y1]], least) => {
    const [left, top] = plot.pixel([x0, y1]);
    const [right, bottom] = plot.pixel([x1, y0]);
    const grow = (length) => Math.max(0, (least - length) / 2);
    const [dx, dy] = [grow(right - left), grow(bottom - top)];
    return node("rect", { class: name, x: left - dx, y: top - dy, width: right - left + 2 * dx, height: bottom - top + 2 * dy });
  };
  return [
    ...(plot.isCurve ? [] : [rectangle("searched", box, 0)]),
    ...undecided.map((open) => {
      const made = rectangle("undecided", plot.isCurve ? [open.box[0], plot.window[1]] : open.box, 10);
      made.append(node("title", {}, `undecided: ${open.reason}`));
      return made;
    }),
  ];
}

// Level lines of the model near the point, its principal axes scaled by curvature, and the Newton step.
function model(plot, frame, { at, value, gradient, hessian, axes, step }) {
  const list = [];
  const [x, y] = plot.pixel(at);
  const reach = 0.3 * Math.min(frame.width, frame.height);
  const [h00, h01, h11] = hessian;
  const modelled = (dx, dy) => value + gradient[0] * dx + gradient[1] * dy + 0.5 * (h00 * dx * dx + 2 * h01 * dx * dy + h11 * dy * dy);
  const size = 81;
  const corner = plot.point([x - reach, y + reach]);
  const far = plot.point([x + reach, y - reach]);
  const along = (axis, part) => corner[axis] + (far[axis] - corner[axis]) * part - at[axis];
  const lengths = axes.map(({ curvature, axis }) => {
    // Pixels per unit along the axis.
    const [px, py] = plot.pixel([at[0] + axis[0], at[1] + axis[1]]);
    return { curvature, unit: Math.hypot(px - x, py - y), dx: px - x, dy: py - y };
  });
  // The longest axis has about the reach of the model; the others follow from their curvatures.
  const rises = lengths.filter(({ curvature }) => curvature !== 0).map(({ curvature, unit }) => 0.5 * Math.abs(curvature) * (reach / unit) ** 2);
  const rise = rises.length > 0 ? 0.64 * Math.min(...rises) : 0;
  if (plot.isCurve) {
    let d = "";
    for (let column = 0; column < size; column += 1) {
      const dx = along(0, column / (size - 1));
      const [px, py] = plot.pixel([at[0] + dx, modelled(dx, 0)]);
      d += `${column === 0 ? "M" : "L"}${px.toFixed(1)} ${py.toFixed(1)}`;
    }
    return [node("path", { class: "model", d })];
  }
  const values = [];
  const inside = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      values.push(modelled(along(0, column / (size - 1)), along(1, row / (size - 1))));
      const [u, v] = [(2 * column) / (size - 1) - 1, (2 * row) / (size - 1) - 1];
      if (u * u + v * v < 1) inside.push(values[values.length - 1]);
    }
  }
  let d = "";
  for (const level of levels(inside, 6)) {
    const line = segments({ columns: size, rows: size, values }, level);
    const to = (gx, gy) => [x - reach + (gx / (size - 1)) * 2 * reach, y + reach - (gy / (size - 1)) * 2 * reach];
    for (let k = 0; k < line.length; k += 4) {
      const [a, b] = [to(line[k], line[k + 1]), to(line[k + 2], line[k + 3])];
      if (Math.hypot(a[0] - x, a[1] - y) > reach || Math.hypot(b[0] - x, b[1] - y) > reach) continue;
      d += `M${a[0].toFixed(1)} ${a[1].toFixed(1)}L${b[0].toFixed(1)} ${b[1].toFixed(1)}`;
    }
  }
  list.push(node("circle", { class: "reach", cx: x, cy: y, r: reach }));
  list.push(node("path", { class: "model", d }));
  for (const { curvature, unit, dx, dy } of lengths) {
    const length = curvature === 0 ? reach : Math.min(reach, Math.sqrt((2 * rise) / Math.abs(curvature)) * unit);
    const [ux, uy] = [(dx / unit) * length, (dy / unit) * length];
    const sign = curvature > 0 ? "up" : curvature < 0 ? "down" : "flat";
    list.push(node("line", { class: `axis ${sign}`, x1: x - ux, y1: y - uy, x2: x + ux, y2: y + uy }, node("title", {}, `curvature ${shown(curvature)}`)));
  }
  if (step && Math.hypot(...step) > 0) {
    const [px, py] = plot.pixel([at[0] + step[0], at[1] + step[1]]);
    const length = Math.hypot(px - x, py - y);
    if (length > 12) {
      const [ux, uy] = [(px - x) / length, (py - y) / length];
      const [bx, by] = [px - 9 * ux, py - 9 * uy];
      const head = `M${px} ${py}L${bx - 4 * uy} ${by + 4 * ux}L${bx + 4 * uy} ${by - 4 * ux}Z`;
      list.push(node("g", { class: "newton" }, [
        node("title", {}, "Newton step"),
        node("line", { x1: x, y1: y, x2: bx, y2: by }),
        node("path", { d: head }),
      ]));
    }
  }
  return list;
}
