// Level sets of values on a grid: levels, bands of color, and lines by marching squares.

const BANDS = 14;

// Levels that cut the values into parts of equal size, rounded so that they can be read.
export function levels(values, bands = BANDS) {
  const finite = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (finite.length === 0) return [];
  const found = [];
  for (let part = 1; part < bands; part += 1) {
    const value = finite[Math.floor((part / bands) * finite.length)];
    const level = Number(value.toPrecision(2));
    if (found.length === 0 || level > found[found.length - 1]) found.push(level);
  }
  // Rounding of what is zero in between is no level.
  return found.map((level, at) => {
    const [before, after] = [found[at - 1], found[at + 1]];
    return before < 0 && after > 0 && Math.abs(level) < 0.05 * Math.min(-before, after) ? 0 : level;
  });
}

// Segments [x0, y0, x1, y1, …] in units of the grid where the values pass through a level.
export function segments({ columns, rows, values }, level) {
  const lines = [];
  const crossing = (a, b) => (level - a) / (b - a);
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const at = row * columns + column;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
      if (a === null || b === null || c === null || d === null) continue;
      const above = (a > level) | ((b > level) << 1) | ((c > level) << 2) | ((d > level) << 3);
      if (above === 0 || above === 15) continue;
      const bottom = () => [column + crossing(a, b), row];
      const right = () => [column + 1, row + crossing(b, c)];
      const top = () => [column + crossing(d, c), row + 1];
      const left = () => [column, row + crossing(a, d)];
      const line = (from, to) => lines.push(...from(), ...to());
      switch (above > 7 ? 15 - above : above) {
        case 1: line(left, bottom); break;
        case 2: line(bottom, right); break;
        case 3: line(left, right); break;
        case 4: line(right, top); break;
        case 5:
          // Two corners across are above: the middle tells which pair is joined.
          if ((a + b + c + d) / 4 > level === (a > level)) { line(left, top); line(bottom, right); }
          else { line(left, bottom); line(right, top); }
          break;
        case 6: line(bottom, top); break;
        case 7: line(left, top); break;
      }
    }
  }
  return lines;
}

// Paints bands of color, one value per pixel of the canvas; `toGrid` maps a pixel to units of the grid.
export function paint(context, width, height, field, toGrid, low, high) {
  const image = context.createImageData(width, height);
  const { columns, rows, values, levels } = field;
  const colors = Array.from({ length: levels.length + 1 }, (_, at) => mixed(low, high, at / Math.max(1, levels.length)));
  const [x0, y0] = toGrid(0.5, 0.5);
  const [x1, y1] = toGrid(width + 0.5, height + 0.5);
  for (let py = 0; py < height; py += 1) {
    const y = y0 + ((y1 - y0) * py) / height;
    const row = Math.min(rows - 2, Math.floor(y));
    if (y < 0 || y > rows - 1) continue;
    for (let px = 0; px < width; px += 1) {
      const x = x0 + ((x1 - x0) * px) / width;
      if (x < 0 || x > columns - 1) continue;
      const column = Math.min(columns - 2, Math.floor(x));
      const at = row * columns + column;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + columns], values[at + columns + 1]];
      if (a === null || b === null || c === null || d === null) continue;
      const [u, v] = [x - column, y - row];
      const value = (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v;
      let band = 0;
      while (band < levels.length && value > levels[band]) band += 1;
      const color = colors[band];
      const pixel = 4 * (py * width + px);
      image.data[pixel] = color[0];
      image.data[pixel + 1] = color[1];
      image.data[pixel + 2] = color[2];
      image.data[pixel + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

export function mixed(low, high, part) {
  return low.map((channel, at) => Math.round(channel + (high[at] - channel) * part));
}
