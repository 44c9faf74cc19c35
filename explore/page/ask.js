// Questions to the server. A channel has one question open; an answer to an older one is never seen.

import { begun, done } from "./pending.js";

export class Channel {
  #latest = 0;
  #abort = null;

  // The answer, or nothing where a newer question was asked meanwhile.
  async ask(request) {
    this.forget();
    const number = this.#latest;
    this.#abort = new AbortController();
    begun(this);
    let answer;
    try {
      const response = await fetch("answer", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(request),
        signal: this.#abort.signal,
      });
      answer = await response.json();
    } catch {
      answer = refused("there was no answer: does `hesse serve` still run?");
    }
    if (number !== this.#latest) return undefined;
    done(this);
    return answer;
  }

  // Whatever is still to come is not wanted any more.
  forget() {
    this.#latest += 1;
    this.#abort?.abort();
    done(this);
  }
}

function refused(message) {
  return { refused: "computation", complaints: [{ message }] };
}

export function reason(answer) {
  return answer.complaints.map((complaint) => complaint.message).join("\n");
}
