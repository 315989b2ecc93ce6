/** A slider's glide to a position, as after a double-tap; any touch on the page stops it. */
import { glideAt, GLIDE_MS } from "../desk/drag.js"

export class Glide {
	#slider
	#frame = null
	#stop = () => this.stop()

	constructor(slider) {
		this.#slider = slider
	}

	get running() {
		return this.#frame !== null
	}

	/** Moves there, then lets go. */
	start(to) {
		if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.#land(to)
		let [from, start, left] = [this.#slider.position, performance.now(), this.#slider.position]
		const step = (now) => {
			if (this.#slider.position !== left) [from, start] = [this.#slider.position, now] // set back by the desk
			if (now - start >= GLIDE_MS) return this.#land(to)
			this.#slider.move(glideAt(from, to, now - start))
			left = this.#slider.position
			this.#frame = requestAnimationFrame(step)
		}
		this.#frame = requestAnimationFrame(step)
		addEventListener("pointerdown", this.#stop, { capture: true, once: true })
	}

	stop() {
		if (this.running) this.#end()
	}

	#land(to) {
		this.#slider.move(to)
		this.#end()
	}

	#end() {
		cancelAnimationFrame(this.#frame)
		this.#frame = null
		removeEventListener("pointerdown", this.#stop, { capture: true })
		this.#slider.letGo()
	}
}
