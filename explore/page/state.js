// What the page shows, in the fragment of its address: a link brings it back.
//
// f formula, d data, x the two parameters drawn, r bounds of each parameter, p the point, m methods, s whether
// stationary points were searched for.

export function read(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  if (!fields.has("f")) return null;
  const bounds = numbers(fields.get("r"));
  return {
    formula: fields.get("f"),
    data: fields.get("d") ?? "",
    axes: numbers(fields.get("x")),
    ranges: bounds.flatMap((lo, at) => (at % 2 === 0 && lo < bounds[at + 1] ? [[lo, bounds[at + 1]]] : [])),
    at: numbers(fields.get("p")),
    methods: (fields.get("m") ?? "").split(",").filter((name) => name !== ""),
    isSearched: fields.get("s") === "1",
  };
}

export function written(state) {
  const fields = new URLSearchParams({ f: state.formula });
  if (state.data.trim() !== "") fields.set("d", state.data);
  if (state.names.length > 0) {
    fields.set("x", state.axes.join(","));
    fields.set("r", state.ranges.flat().join(","));
    fields.set("p", state.at.join(","));
  }
  if (state.methods.length > 0) fields.set("m", state.methods.join(","));
  if (state.isSearched) fields.set("s", "1");
  return `#${fields}`;
}

// Makes axes, bounds and point fit the parameters, keeping what fits already.
export function fitted(state, names) {
  const n = names.length;
  const isSame = state.names.length === 0 || String(state.names) === String(names);
  const keep = (list, other) => names.map((_, at) => (isSame && list[at] !== undefined ? list[at] : other));
  const ranges = keep(state.ranges, [-2, 2]);
  const axes = state.axes.filter((axis) => Number.isInteger(axis) && axis >= 0 && axis < n);
  const isPair = axes.length === 2 && (axes[0] !== axes[1] || n === 1);
  return {
    ...state,
    names,
    ranges,
    axes: isSame && isPair ? axes : [0, Math.min(1, n - 1)],
    at: keep(state.at, 0.5),
  };
}

function numbers(text) {
  if (!text) return [];
  const list = text.split(",").map(Number);
  return list.every(Number.isFinite) ? list : [];
}
