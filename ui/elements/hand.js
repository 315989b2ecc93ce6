/** Pointers on one slider: the first drags it, a second one on the strip makes it fine. */
import { DoubleTap, Drag } from "../desk/drag.js"
import { Fling } from "../desk/fling.js"
import { dragging, secondFinger, stripOf } from "./fingers.js"
import { rollOn } from "./roll.js"

/** Pause after a limit stopped the finger: a cap that retried at each move would tremble. */
const STOP_MS = 1000

export class Hand {
	#slider
	#strip
	#drag = null
	#pointer = null
	#downAt = 0
	#double = new DoubleTap()
	#scrolled = 0
	#fling = null
	#left = null
	#stoppedAt = null

	constructor(slider) {
		this.#slider = slider
		this.#strip = stripOf(slider) ?? slider
		slider.listen(slider, "pointerdown", (event) => this.#down(event))
		slider.listen(slider, "pointermove", (event) => event.pointerId === this.#pointer && this.#move(event))
		slider.listen(slider, "contextmenu", (event) => event.preventDefault())
		for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
			slider.listen(slider, type, (event) => event.pointerId === this.#pointer && this.#lift(event))
		}
	}

	get busy() {
		return this.#pointer !== null
	}

	/** The hold was taken from under the finger: what it does from here on moves nothing. */
	lose() {
		this.#pointer = null
		this.#drag = null
		dragging.delete(this.#strip)
		this.#bank?.classList.remove("dragged")
	}

	get #bank() {
		return this.#slider.closest(".bank, .sends-list")
	}

	#down(event) {
		if (event.button !== 0 || this.#pointer !== null || event.target.closest("button")) return
		if (!this.#slider.takeHold()) return
		const lock = event.pointerType === "mouse" ? 0 : undefined
		const { position, travel } = this.#slider
		this.#drag = new Drag({ position, travel, at: event.timeStamp, lock })
		if (lock === 0) this.#drag.move(...this.#point(event))
		this.#pointer = event.pointerId
		this.#downAt = event.timeStamp
		this.#scrolled = 0
		this.#fling = new Fling()
		this.#left = this.#stoppedAt = null
		this.#goOn()
		dragging.add(this.#strip)
		this.#slider.setPointerCapture(event.pointerId)
	}

	#move(event) {
		const [along, across] = this.#point(event)
		const fine = event.ctrlKey || secondFinger(this.#strip, event.pointerId)
		const [stopped, stands] = [this.#isStopped(event), this.#slider.position]
		if (stopped || (this.#left !== null && this.#left !== stands)) this.#drag.from(stands)
		const position = this.#drag.move(along, across, fine)
		if (position !== null && !(stopped && position > stands)) this.#go(position)
		else if (!this.#slider.sideways) this.#scroll(this.#drag.sideways(across), event.timeStamp)
	}

	#isStopped({ timeStamp }) {
		if (!this.#slider.paths.some((path) => this.#stopped.has(path))) return false
		this.#stoppedAt ??= timeStamp
		if (timeStamp - this.#stoppedAt < STOP_MS) return true
		this.#stoppedAt = null
		this.#goOn()
		return false
	}

	/** The paths that a limit has stopped. */
	get #stopped() {
		return this.#slider.page.store.marks.stopped
	}

	#goOn() {
		for (const path of this.#slider.paths) this.#stopped.delete(path)
	}

	/** Moves, and notes the position: another one at the next move means that the desk has set it back. */
	#go(position) {
		this.#slider.move(position)
		this.#left = this.#slider.position
	}

	/** A clear sideways move takes the bank along and leaves the fader where it is. */
	#scroll(sideways, at) {
		if (sideways === this.#scrolled) return
		this.#fling.follow(-sideways, at)
		this.#bank?.classList.add("dragged")
		this.#bank?.scrollBy({ left: this.#scrolled - sideways, behavior: "instant" })
		this.#scrolled = sideways
	}

	#lift(event) {
		const tap = event.type === "pointerup" && this.#drag.isTap(event.timeStamp)
		const double = tap && this.#double.tapped(this.#downAt, event.timeStamp)
		if (!tap) this.#double.forget()
		if (event.type === "pointerup" && this.#scrolled !== 0) rollOn(this.#bank, this.#fling.leave(event.timeStamp))
		this.lose()
		this.#slider.letGo()
		if (double) this.#slider.glide(this.#slider.rest)
	}

	#point({ clientX, clientY }) {
		return this.#slider.sideways ? [clientX, clientY] : [-clientY, clientX]
	}
}
