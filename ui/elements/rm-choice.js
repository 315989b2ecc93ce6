/** A button that steps through a choice param: PRE or POST of a send. Attributes: `data-path`, `data-label`. */
import { UNKNOWN } from "../desk/reading.js"
import { mark } from "./element.js"
import { Key } from "./key.js"

const WORDS = { pre_fader: "PRE", post_fader: "POST", input: "IN" }

export class RmChoice extends Key {
	show(value) {
		mark(this, "data-value", value)
		mark(this, "data-unknown", value === null || value === undefined)
		this.word.textContent = WORDS[value] ?? value ?? UNKNOWN
		mark(this, "aria-label", `${this.dataset.label ?? ""} ${this.word.textContent}`.trim())
	}

	set label(words) {
		this.dataset.label = words
		if (this.word) this.draw()
	}

	press(value) {
		const { choices } = this.page.consoles.param(this.path)
		this.page.store.set(this.path, choices[(choices.indexOf(value) + 1) % choices.length])
	}
}
