/**
 * A fader that this page may only ask about: it stays where it is, and a push on it asks the sound crew for more or less.
 * `lay({ask})`: `ask("more" | "less")` is what a push does.
 */
import { mark } from "./element.js"
import { RmFader } from "./rm-fader.js"

/** Share of the travel that counts as a push and not as a slip of the thumb. */
const MEANT = 0.06

export class RmAsk extends RmFader {
	#pushed = 0
	#ask = null

	lay({ ask }) {
		this.#ask = ask
		return this
	}

	/** Only a lifted finger sends a request, not one that the browser cancels, nor a redrawn page. */
	build() {
		super.build()
		this.listen(this, "pointercancel", () => (this.#pushed = 0))
	}

	disconnectedCallback() {
		this.#pushed = 0
		super.disconnectedCallback()
	}

	takeHold() {
		this.#pushed = 0
		const online = this.page.reaches(this.path)
		if (!online) this.page.notices.inert(this.path)
		return online
	}

	draw() {
		super.draw()
		const online = this.page.reaches(this.path)
		mark(this, "data-inert", !online)
		mark(this, "aria-disabled", online ? null : "true")
	}

	move(position) {
		this.#pushed = position - this.position
		this.#lean()
	}

	nudge(units) {
		this.#pushed = Math.sign(units)
	}

	glide() {}

	letGo() {
		const pushed = this.#pushed
		this.#pushed = 0
		this.#lean()
		if (Math.abs(pushed) >= MEANT) this.#ask(pushed > 0 ? "more" : "less")
	}

	/** Shows above the cap the request that the push would send. */
	#lean() {
		const want = Math.abs(this.#pushed) >= MEANT && (this.#pushed > 0 ? "more" : "less")
		mark(this, "data-push", want)
		if (want) this.bubble.textContent = want
	}
}
