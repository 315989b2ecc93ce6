/** A button that steps through a choice param: PRE or POST of a send. Attributes: `data-path`. */
import { consoleOf } from "../desk/consoles.js"
import { make, mark, RmElement } from "./element.js"
import { onPress } from "./fingers.js"

const WORDS = { pre_fader: "PRE", post_fader: "POST", input: "IN" }

export class RmChoice extends RmElement {
  connectedCallback() {
    this.path = this.dataset.path
    mark(this, "role", "button")
    mark(this, "tabindex", "0")
    this.word = make("span")
    this.replaceChildren(this.word)
    this.bind(`${consoleOf(this.path)}/status`, () => this.draw())
    this.bind(this.path, () => this.draw())
    if (this.ready) return
    this.ready = true
    onPress(this, () => this.#next())
  }

  draw() {
    const { store } = this.here
    const value = store.get(this.path)
    mark(this, "data-value", value)
    mark(this, "data-way", store.onItsWay(this.path) ? "" : null)
    mark(this, "data-inert", store.live(this.path) ? null : "")
    this.word.textContent = WORDS[value] ?? value ?? "?"
  }

  #next() {
    const { store, consoles, notices } = this.here
    const { choices } = consoles.param(this.path)
    const next = choices[(choices.indexOf(store.get(this.path)) + 1) % choices.length]
    if (!store.set(this.path, next)) notices.say("Not connected: nothing was sent.", "error")
  }
}
