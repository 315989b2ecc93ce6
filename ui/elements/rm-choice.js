/** A button that steps through a choice param: PRE or POST of a send. Attributes: `data-path`. */
import { mark } from "./element.js"
import { Key } from "./key.js"

const WORDS = { pre_fader: "PRE", post_fader: "POST", input: "IN" }

export class RmChoice extends Key {
	show(value) {
		mark(this, "data-value", value)
		this.word.textContent = WORDS[value] ?? value ?? "?"
	}

	press(value) {
		const { choices } = this.here.consoles.param(this.path)
		this.here.store.set(this.path, choices[(choices.indexOf(value) + 1) % choices.length])
	}
}
