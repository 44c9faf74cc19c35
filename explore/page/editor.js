// The text of the error function, with what is wrong underlined in it.

export class Editor {
  constructor(text, marks, list, onChange) {
    Object.assign(this, { text, marks, list, onChange });
    this.complaints = [];
    text.addEventListener("input", () => {
      // Places in the old text mean nothing in the new one.
      this.show([]);
      onChange();
    });
    text.addEventListener("scroll", () => this.follow());
    new ResizeObserver(() => this.follow()).observe(text);
  }

  get value() {
    return this.text.value;
  }

  set value(value) {
    this.text.value = value;
    this.show([]);
  }

  // Underlines the places, and lists what is wrong with a button for each edit proposed.
  show(complaints) {
    this.complaints = complaints;
    const { value } = this.text;
    const pieces = [];
    let at = 0;
    const placed = complaints.filter(({ start }) => start !== undefined).sort((a, b) => a.start - b.start);
    for (const { start, end } of placed) {
      // A place that is empty or a line break is shown by what precedes it.
      const from = Math.max(at, value.slice(start, end).trim() === "" ? start - 1 : start);
      const to = Math.max(from, end);
      if (from < at || from === to) continue;
      pieces.push(value.slice(at, from), element("mark", {}, value.slice(from, to)));
      at = to;
    }
    pieces.push(value.slice(at), "\n");
    this.marks.replaceChildren(...pieces);
    this.text.setAttribute("aria-invalid", String(complaints.length > 0));
    this.list.replaceChildren(...complaints.slice(0, 5).map((complaint) => this.item(complaint)));
    this.grow();
  }

  item({ message, label, help, fix }) {
    const item = element("li", {}, ...prose(`${message}${label ? `: ${label}` : ""}.`), " ");
    if (fix) {
      const button = element("button", { type: "button" }, ...prose(capital(help ?? `write \`${fix.replacement}\``)));
      button.addEventListener("click", () => this.apply(fix));
      item.append(button);
    } else if (help) {
      item.append(element("span", { class: "help" }, ...prose(`${capital(help)}.`)));
    }
    return item;
  }

  apply({ start, end, replacement }) {
    const { value } = this.text;
    this.text.value = value.slice(0, start) + replacement + value.slice(end);
    this.text.focus();
    this.text.setSelectionRange(start + replacement.length, start + replacement.length);
    this.show([]);
    this.onChange();
  }

  // As high as its text, up to what the style allows.
  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
    this.follow();
  }

  follow() {
    this.marks.scrollTop = this.text.scrollTop;
    this.marks.scrollLeft = this.text.scrollLeft;
  }
}

export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

// Text with its backquoted parts as code.
export function prose(text) {
  return text.split("`").map((part, at) => (at % 2 === 1 ? element("code", {}, part) : part));
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
