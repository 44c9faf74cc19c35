// The methods chosen, and the paths they take from the point.

import { Channel } from "./ask.js";
import { element } from "./editor.js";
import { runs as table } from "./results.js";

export class Descents {
  #channels = new Map();
  #runs = new Map();
  #methods = [];

  // `on.request()` has formula, data and start; `on.chosen(names)` is told of a choice, `on.draw()` of news.
  constructor(buttons, list, on) {
    Object.assign(this, { buttons, list, on });
    this.names = [];
  }

  // The methods there are for an error function; those chosen that are not among them are dropped.
  offer(methods, names) {
    this.#methods = methods.map((method, at) => ({ ...method, number: at + 1 }));
    this.names = this.#known(names);
    this.buttons.replaceChildren(...this.#methods.map(({ name, title, number }) => {
      const label = [element("span", { class: "number" }, String(number)), ` ${title}`];
      const button = element("button", { type: "button", class: `run-${number}`, "data-method": name }, ...label);
      button.addEventListener("click", () => this.toggle(name));
      return button;
    }));
    this.#press();
  }

  // One entry per method chosen, with its answer and the part of its path that is drawn.
  get chosen() {
    return this.#methods
      .filter(({ name }) => this.names.includes(name))
      .map((method) => ({ ...method, ...this.#runs.get(method.name) }));
  }

  all() {
    this.choose(this.#methods.map(({ name }) => name));
  }

  toggle(name) {
    this.choose(this.names.includes(name) ? this.names.filter((other) => other !== name) : [...this.names, name]);
  }

  choose(names) {
    const added = names.filter((name) => !this.names.includes(name));
    for (const name of this.names) if (!names.includes(name)) this.#drop(name);
    this.names = this.#known(names);
    this.#press();
    this.on.chosen(this.names);
    this.walk(added);
  }

  // Lets methods walk, each on a channel of its own.
  walk(names = this.names) {
    for (const name of names) this.#drop(name);
    this.#news();
    for (const name of names) this.#ask(name);
  }

  forget() {
    for (const name of this.#runs.keys()) this.#drop(name);
    for (const channel of this.#channels.values()) channel.forget();
  }

  async #ask(name) {
    if (!this.#channels.has(name)) this.#channels.set(name, new Channel());
    const answer = await this.#channels.get(name).ask({ ask: "descend", ...this.on.request(), method: name });
    if (!answer) return;
    const run = { answer, part: 0 };
    this.#runs.set(name, run);
    this.#news();
    this.#animate(name, run);
  }

  // Draws the path as it was walked.
  #animate(name, run) {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const length = Math.min(1200, 60 * (run.answer.path?.length ?? 0));
    const start = performance.now();
    const step = (now) => {
      if (this.#runs.get(name) !== run) return;
      run.part = isStill || length === 0 ? 1 : Math.min(1, Math.max(0, now - start) / length);
      this.on.draw();
      if (run.part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  #known(names) {
    return this.#methods.map(({ name }) => name).filter((name) => names.includes(name));
  }

  #drop(name) {
    this.#channels.get(name)?.forget();
    this.#runs.delete(name);
  }

  #press() {
    for (const button of this.buttons.children) {
      button.setAttribute("aria-pressed", String(this.names.includes(button.dataset.method)));
    }
  }

  #news() {
    table(this.list, this.chosen);
    this.on.draw();
  }
}
