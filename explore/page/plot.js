// The picture: a window on the plane of two parameters, moved by hand, wheel and keys.
//
// The canvas has what E is made of, the drawing above it everything that people put there.

import { paint, segments } from "./contour.js";
import { drawn, node } from "./marks.js";
import { rounded, shown, ticks } from "./numbers.js";

const EDGE = { left: 58, right: 12, top: 10, bottom: 46 };
const STILL = 5; // pixels within which a press is a click

export class Plot {
  // `on` is told of a window moved by hand, of a point picked, and of where the cross is.
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.canvas = root.querySelector("canvas");
    this.drawing = root.querySelector("svg");
    this.names = ["x", "y"];
    this.window = [[-1, 1], [-1, 1]];
    this.isCurve = false;
    this.field = null;
    this.marks = {};
    this.cross = null;
    this.pointers = new Map();
    new ResizeObserver(() => this.draw()).observe(root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    root.addEventListener("pointerdown", (event) => this.press(event));
    root.addEventListener("pointermove", (event) => this.move(event));
    root.addEventListener("pointerup", (event) => this.release(event, true));
    root.addEventListener("pointercancel", (event) => this.release(event, false));
    // Two fingers are for the picture, one is for the page.
    root.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
    root.addEventListener("blur", () => this.setCross(null));
  }

  show(changes) {
    Object.assign(this, changes);
    this.draw();
  }

  // Values of E, and their level lines, made once.
  setField(field) {
    this.field = field;
    if (field && !this.isCurve) field.lines = field.levels.map((level) => segments(field, level));
    this.draw();
  }

  get frame() {
    const { clientWidth, clientHeight } = this.root;
    const left = clientWidth < 480 ? EDGE.left - 12 : EDGE.left;
    return {
      left,
      top: EDGE.top,
      width: Math.max(40, clientWidth - left - EDGE.right),
      height: Math.max(40, clientHeight - EDGE.top - EDGE.bottom),
    };
  }

  // A point of the plane in pixels.
  pixel([x, y]) {
    const { left, top, width, height } = this.frame;
    const [[x0, x1], [y0, y1]] = this.window;
    return [left + ((x - x0) / (x1 - x0)) * width, top + ((y1 - y) / (y1 - y0)) * height];
  }

  // The point of the plane at a pixel.
  point([px, py]) {
    const { left, top, width, height } = this.frame;
    const [[x0, x1], [y0, y1]] = this.window;
    return [x0 + ((px - left) / width) * (x1 - x0), y1 - ((py - top) / height) * (y1 - y0)];
  }

  draw() {
    const frame = this.frame;
    this.paint(frame);
    const { clientWidth, clientHeight } = this.root;
    this.drawing.setAttribute("viewBox", `0 0 ${clientWidth} ${clientHeight}`);
    this.drawing.replaceChildren(
      ...axes(this, frame),
      ...drawn(this, frame),
      ...(this.cross ? [crosshair(this.pixel(this.cross), frame)] : []),
    );
  }

  paint(frame) {
    const ratio = window.devicePixelRatio || 1;
    const { canvas, field } = this;
    canvas.style.left = `${frame.left}px`;
    canvas.style.top = `${frame.top}px`;
    canvas.style.width = `${frame.width}px`;
    canvas.style.height = `${frame.height}px`;
    canvas.width = Math.round(frame.width * ratio);
    canvas.height = Math.round(frame.height * ratio);
    if (!field || this.isCurve || field.values.length === 0) return;
    const [[x0, x1], [y0, y1]] = field.window;
    const toGrid = (px, py) => {
      const [x, y] = this.point([frame.left + (px / canvas.width) * frame.width, frame.top + (py / canvas.height) * frame.height]);
      return [((x - x0) / (x1 - x0)) * (field.columns - 1), ((y - y0) / (y1 - y0)) * (field.rows - 1)];
    };
    const style = getComputedStyle(this.root);
    const color = (name) => style.getPropertyValue(name).trim().split(/[ ,]+/).map(Number);
    const context = canvas.getContext("2d");
    paint(context, canvas.width, canvas.height, field, toGrid, color("--low"), color("--high"));
    context.strokeStyle = `rgb(${color("--level").join(" ")})`;
    context.lineWidth = 0.75 * ratio;
    const back = ([gx, gy]) => {
      const x = x0 + (gx / (field.columns - 1)) * (x1 - x0);
      const y = y0 + (gy / (field.rows - 1)) * (y1 - y0);
      const [px, py] = this.pixel([x, y]);
      return [(px - frame.left) * ratio, (py - frame.top) * ratio];
    };
    context.beginPath();
    for (const line of field.lines) {
      for (let at = 0; at < line.length; at += 4) {
        context.moveTo(...back([line[at], line[at + 1]]));
        context.lineTo(...back([line[at + 2], line[at + 3]]));
      }
    }
    context.stroke();
  }

  zoom(factor, center = this.middle()) {
    const about = ([lo, hi], c) => [c + (lo - c) * factor, c + (hi - c) * factor];
    const [wide, high] = [about(this.window[0], center[0]), this.isCurve ? this.window[1] : about(this.window[1], center[1])];
    const isSensible = ([lo, hi]) => hi - lo > 1e-9 * Math.max(Math.abs(lo), Math.abs(hi)) && hi - lo < 1e9;
    if (isSensible(wide) && isSensible(high)) this.moved([wide, high]);
  }

  middle() {
    return this.cross ?? this.window.map(([lo, hi]) => (lo + hi) / 2);
  }

  moved(next) {
    this.window = next;
    this.draw();
    this.on.window(next);
  }

  pan(dx, dy) {
    const { width, height } = this.frame;
    const by = ([lo, hi], part) => [lo + (hi - lo) * part, hi + (hi - lo) * part];
    const up = this.isCurve ? this.window[1] : by(this.window[1], dy / height);
    this.moved([by(this.window[0], -dx / width), up]);
  }

  pick(pixel) {
    this.on.pick(this.point(pixel).map((value, axis) => rounded(value, this.window[axis])));
  }

  setCross(cross) {
    this.cross = cross;
    this.draw();
    if (cross) this.on.cross(cross);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = steps[event.key];
    if (step) {
      const part = event.shiftKey ? 1 / 200 : 1 / 40;
      const from = this.cross ?? this.marks.at ?? this.window.map(([lo, hi]) => (lo + hi) / 2);
      const cross = from.map((value, axis) => {
        const [lo, hi] = this.window[axis];
        return value + step[axis] * part * (hi - lo);
      });
      // The window follows the cross.
      const next = this.window.map(([lo, hi], axis) => {
        const over = Math.max(0, cross[axis] - hi) - Math.max(0, lo - cross[axis]);
        return [lo + over, hi + over];
      });
      if (next.some(([lo], axis) => lo !== this.window[axis][0])) this.moved(next);
      this.setCross(cross);
    } else if (event.key === "Enter" && this.cross) {
      this.on.pick(this.cross.map((value, axis) => rounded(value, this.window[axis])));
    } else if (event.key === "+" || event.key === "=") {
      this.zoom(1 / 1.5);
    } else if (event.key === "-") {
      this.zoom(1.5);
    } else if (event.key === "0") {
      this.on.home();
    } else if (event.key === "Escape") {
      this.setCross(null);
    } else {
      return;
    }
    event.preventDefault();
  }

  // A page is scrolled through: the wheel zooms only where the plot was chosen before, or with the key for it.
  wheel(event) {
    if (document.activeElement !== this.root && !event.ctrlKey) return;
    event.preventDefault();
    this.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300))), this.point(this.local(event)));
  }

  local(event) {
    const box = this.root.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  press(event) {
    if (event.button !== 0) return;
    this.root.setPointerCapture(event.pointerId);
    const at = this.local(event);
    this.pointers.set(event.pointerId, { start: at, at, isMoved: false, kind: event.pointerType });
  }

  move(event) {
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) return;
    const at = this.local(event);
    const others = [...this.pointers.values()].filter((other) => other !== pointer);
    const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    pointer.isMoved ||= apart(at, pointer.start) > STILL;
    if (others.length === 1) {
      const fixed = others[0];
      fixed.isMoved = true;
      this.zoom(apart(pointer.at, fixed.at) / Math.max(1, apart(at, fixed.at)), this.point(fixed.at));
      this.pan((at[0] - pointer.at[0]) / 2, (at[1] - pointer.at[1]) / 2);
    } else if (pointer.isMoved && pointer.kind !== "touch") {
      this.pan(at[0] - pointer.at[0], at[1] - pointer.at[1]);
    }
    pointer.at = at;
  }

  release(event, isDone) {
    const pointer = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (pointer && isDone && !pointer.isMoved) this.pick(pointer.at);
  }
}

function axes(plot, { left, top, width, height }) {
  const [across, up] = plot.window;
  const list = [];
  const text = (x, y, content, anchor, extra = {}) => node("text", { x, y, "text-anchor": anchor, ...extra }, content);
  list.push(node("rect", { class: "frame", x: left, y: top, width, height }));
  for (const tick of ticks(across, width / 90)) {
    const [x] = plot.pixel([tick.value, 0]);
    list.push(node("line", { class: "tick", x1: x, x2: x, y1: top + height, y2: top + height + 5 }));
    list.push(text(x, top + height + 19, tick.text, "middle", { class: "number" }));
  }
  for (const tick of ticks(up, height / 70)) {
    const [, y] = plot.pixel([0, tick.value]);
    list.push(node("line", { class: "tick", x1: left - 5, x2: left, y1: y, y2: y }));
    list.push(text(left - 9, y + 4, tick.text, "end", { class: "number" }));
  }
  list.push(text(left + width / 2, top + height + 38, plot.names[0], "middle", { class: "name" }));
  const [x, y] = [13, top + height / 2];
  list.push(text(x, y, plot.names[1], "middle", { class: "name", transform: `rotate(-90 ${x} ${y})` }));
  return list;
}

function crosshair([x, y], { left, top, width, height }) {
  return node("g", { class: "crosshair" }, [
    node("line", { x1: left, x2: left + width, y1: y, y2: y }),
    node("line", { x1: x, x2: x, y1: top, y2: top + height }),
    node("circle", { cx: x, cy: y, r: 5 }),
  ]);
}

export function spoken(plot, value) {
  const [x, y] = plot.cross.map((at) => shown(at, 4));
  const where = plot.isCurve ? `${plot.names[0]} ${x}` : `${plot.names[0]} ${x}, ${plot.names[1]} ${y}`;
  return value === null ? where : `${where}, E about ${shown(value, 3)}`;
}
