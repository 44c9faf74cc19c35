// What is still to come: work put off, and questions without an answer. `data-pending` of the document counts them, for whoever drives the page.

const open = new Set();

export function begun(task) {
  open.add(task);
  tell();
}

export function done(task) {
  open.delete(task);
  tell();
}

// Work that is done once nobody has asked for it for a while.
export class Later {
  #work;
  #delay;
  #timer;

  constructor(delay, work) {
    this.#delay = delay;
    this.#work = work;
  }

  ask() {
    clearTimeout(this.#timer);
    begun(this);
    this.#timer = setTimeout(() => {
      this.#work();
      done(this);
    }, this.#delay);
  }

  forget() {
    clearTimeout(this.#timer);
    done(this);
  }
}

function tell() {
  document.documentElement.dataset.pending = String(open.size);
}
