/**
 * A button for a toggle param: mute, solo. Attributes: `data-path`, `off` and `on` (its two words),
 * `guard` (switching off needs a second press within 3 s: un-muting main).
 */
import { mark } from "./element.js"
import { Key } from "./key.js"

const ARMED_SECONDS = 3

export class RmToggle extends Key {
	/** Seconds left of an armed key, else 0. */
	#left = 0
	#timer = null

	disconnectedCallback() {
		this.#disarm()
		super.disconnectedCallback()
	}

	show(value) {
		if (value !== true) this.#disarm()
		const known = typeof value === "boolean"
		mark(this, "aria-pressed", known ? String(value) : "mixed")
		mark(this, "data-unknown", !known)
		mark(this, "data-armed", this.#left || null)
		mark(this.word, "data-left", this.#left || null)
		this.word.textContent = this.#left ? "AGAIN" : this.getAttribute(value ? "on" : "off")
	}

	press(value) {
		const armed = this.#left > 0
		this.#disarm()
		if (value === true && this.hasAttribute("guard") && !armed) this.#arm()
		else this.page.store.set(this.path, value !== true)
		this.draw()
	}

	/** An edge that shrinks shows the time left; screen readers hear of it by the notice. */
	#arm() {
		this.page.notices.say(`Press again within ${ARMED_SECONDS} s to unmute the main mix.`)
		this.#left = ARMED_SECONDS
		this.#timer = setInterval(() => this.#tick(), 1000)
	}

	#tick() {
		this.#left -= 1
		if (this.#left === 0) this.#disarm()
		this.draw()
	}

	#disarm() {
		clearInterval(this.#timer)
		this.#left = 0
	}
}
