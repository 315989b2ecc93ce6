/**
 * A button for a toggle param: mute, solo, play. Attributes: `data-path`, `off` and `on` (its two words),
 * `guard` (switching off needs a second tap within 500 ms: un-muting main).
 */
import { consoleOf } from "../desk/consoles.js"
import { make, mark, RmElement } from "./element.js"
import { onPress } from "./fingers.js"

const SECOND_TAP_MS = 500

export class RmToggle extends RmElement {
  #armed = null

  connectedCallback() {
    this.path = this.dataset.path
    mark(this, "role", "button")
    mark(this, "tabindex", "0")
    this.word = make("span")
    this.replaceChildren(this.word)
    this.bind(`${consoleOf(this.path)}/status`, () => this.draw())
    this.bind(this.path, () => this.draw())
    this.draw()
    if (this.ready) return
    this.ready = true
    onPress(this, () => this.#press())
  }

  draw() {
    const { store } = this.here
    const value = store.get(this.path)
    const live = store.live(this.path)
    mark(this, "aria-pressed", value === true ? "true" : "false")
    mark(this, "data-unknown", typeof value === "boolean" ? null : "")
    mark(this, "data-way", store.onItsWay(this.path) ? "" : null)
    mark(this, "data-inert", live ? null : "")
    mark(this, "aria-disabled", live ? null : "true")
    this.word.textContent = this.getAttribute(value ? "on" : "off")
  }

  #press() {
    const { store, link, notices } = this.here
    const on = store.get(this.path) === true
    if (!store.live(this.path)) {
      notices.say(link.online ? "The console is offline: nothing was sent." : "No link to the mixer: nothing was sent.", "error")
    } else if (on && this.hasAttribute("guard") && !this.#armed) this.#arm()
    else this.#switch(!on)
  }

  #switch(on) {
    this.#disarm()
    this.here.store.set(this.path, on)
  }

  #arm() {
    mark(this, "data-armed", "")
    this.word.textContent = "AGAIN"
    this.here.notices.say("Tap twice to un-mute the main mix.")
    this.#armed = setTimeout(() => this.#disarm(), SECOND_TAP_MS)
  }

  #disarm() {
    clearTimeout(this.#armed)
    this.#armed = null
    mark(this, "data-armed", null)
    this.draw()
  }
}
