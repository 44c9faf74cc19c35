// A field for each parameter; where it is not drawn, a slider within bounds too.

import { element } from "./editor.js";
import { brief, rounded } from "./numbers.js";

// `on.set(k, value)` and `on.bound(k, range)` are told of what was entered.
export function fields(root, { names, axes, ranges, at }, on) {
  const rows = names.map((name, k) => {
    const set = (value, input) => {
      for (const other of input.parentElement.querySelectorAll(".value")) if (other !== input) other.value = value;
      on.set(k, value);
    };
    const row = element("div", { class: "parameter" }, element("span", { class: "label" }, name));
    row.append(field({ type: "number", class: "value", value: brief(at[k]) }, name, set));
    if (axes.includes(k)) return row;
    row.classList.add("sliding");
    const range = [...ranges[k]];
    const slide = (value, input) => set(rounded(value, range), input);
    const slider = field({ type: "range", class: "value", min: range[0], max: range[1], value: brief(at[k]) }, `${name}, slider`, slide);
    const bound = (end, word) => field({ type: "number", class: "bound", value: range[end] }, `${word} bound of ${name}`, (value) => {
      const other = range[1 - end];
      if (end === 0 ? value >= other : value <= other) return;
      range[end] = value;
      [slider.min, slider.max] = range;
      on.bound(k, [...range]);
    });
    row.append(bound(0, "lower"), slider, bound(1, "upper"));
    return row;
  });
  root.replaceChildren(...rows);
}

export function show(root, at) {
  root.querySelectorAll(".parameter").forEach((row, k) => {
    for (const input of row.querySelectorAll(".value")) input.value = brief(at[k]);
  });
}

function field(attributes, label, change) {
  const input = element("input", { step: "any", "aria-label": label, ...attributes });
  input.addEventListener("input", () => {
    const value = Number(input.value);
    if (input.value !== "" && Number.isFinite(value)) change(value, input);
  });
  return input;
}
