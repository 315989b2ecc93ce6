/**
 * A button for a toggle param: mute, solo. Attributes: `data-path`, `off` and `on` (its two words),
 * `guard` (switching off needs a second tap within 500 ms: un-muting main).
 */
import { mark } from "./element.js"
import { Key } from "./key.js"

const SECOND_TAP_MS = 500

export class RmToggle extends Key {
	#armed = null

	show(value) {
		const known = typeof value === "boolean"
		mark(this, "aria-pressed", known ? String(value) : "mixed")
		mark(this, "data-unknown", !known)
		mark(this, "data-armed", this.#armed !== null)
		this.word.textContent = this.#armed ? "AGAIN" : this.getAttribute(value ? "on" : "off")
	}

	press(value) {
		const armed = this.#armed
		this.#disarm()
		if (value === true && this.hasAttribute("guard") && !armed) this.#arm()
		else this.page.store.set(this.path, value !== true)
	}

	#arm() {
		this.page.notices.say("Tap twice to unmute the main mix.")
		this.#armed = setTimeout(() => this.#disarm(), SECOND_TAP_MS)
		this.draw()
	}

	#disarm() {
		clearTimeout(this.#armed)
		this.#armed = null
		this.draw()
	}
}
