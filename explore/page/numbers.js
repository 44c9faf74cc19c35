// Numbers for people: as many digits as tell something.

export function shown(value, digits = 6) {
  if (value === null || value === undefined || Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const text = exponent < -4 || exponent >= digits + 1
    ? value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e")
    : String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−");
}

export function place(point, digits = 5) {
  return `(${point.map((w) => shown(w, digits)).join(", ")})`;
}

// Round positions within bounds, about `count` of them, and the decimals they need.
export function ticks([lo, hi], count) {
  const rough = (hi - lo) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * power).find((part) => part >= rough * 0.999);
  const positions = [];
  for (let at = Math.ceil(lo / step - 1e-9); at * step <= hi + step * 1e-9; at += 1) {
    positions.push(at === 0 ? 0 : at * step);
  }
  const significant = Math.ceil(Math.log10(Math.max(Math.abs(lo), Math.abs(hi)) / step)) + 2;
  return positions.map((value) => ({ value, text: shown(value, Math.min(15, Math.max(2, significant))) }));
}

// As many digits as a field shows.
export function brief(value) {
  return Number(value.toPrecision(8));
}

// A value rounded so that it is exact on the scale of a window.
export function rounded(value, [lo, hi]) {
  const decimals = Math.min(15, Math.max(0, 3 - Math.floor(Math.log10(hi - lo))));
  return Number(value.toFixed(decimals));
}
