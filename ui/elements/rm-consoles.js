/** Each console by name, and its own status in words beside it. */
import { make, mark, RmElement } from "./element.js"

const WORDS = { online: "", offline: "offline", syncing: "reading" }

export class RmConsoles extends RmElement {
  #unwatch = []

  connectedCallback() {
    this.follow(this.here.consoles.list, (consoles) => this.#draw(consoles))
    this.until(() => this.#drop())
  }

  #drop() {
    for (const stop of this.#unwatch.splice(0)) stop()
  }

  #draw(consoles) {
    this.#drop()
    this.replaceChildren(...consoles.map((console) => this.#pill(console)))
  }

  #pill({ name, title, statusPath }) {
    const word = make("em")
    const pill = make("span.pill", { "data-console": name, "data-status": "online", role: "status" }, make("i"), make("b", {}, title || name), word)
    const unwatch = this.here.store.watch(statusPath, (status) => {
      mark(pill, "data-status", status)
      word.textContent = WORDS[status] ?? status
    })
    this.#unwatch.push(unwatch)
    return pill
  }
}
