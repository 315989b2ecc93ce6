/** The page's one animation loop: all meters on screen, one tick of the ballistics a frame. */
export class Loop {
	#meters = new Set()
	#running = false
	#readings
	#seen = new IntersectionObserver((entries) => {
		for (const { target, isIntersecting } of entries) target.visible = isIntersecting
	})

	constructor(readings) {
		this.#readings = readings
		readings.frames.watch(() => this.#wake())
		readings.clipped.watch(() => this.#showClips())
	}

	add(meter) {
		this.#meters.add(meter)
		this.#seen.observe(meter)
		this.#wake()
		return () => {
			this.#meters.delete(meter)
			this.#seen.unobserve(meter)
		}
	}

	#wake() {
		if (this.#running) return
		this.#running = true
		requestAnimationFrame((now) => this.#frame(now))
	}

	/** Runs while anything is lit; silence lets the page rest. */
	#frame(now) {
		this.#readings.tick(now)
		for (const meter of this.#meters) if (meter.visible) meter.draw(this.#readings)
		this.#running = !this.#readings.quiet
		if (this.#running) requestAnimationFrame((next) => this.#frame(next))
	}

	#showClips() {
		for (const meter of this.#meters) meter.showClip()
	}
}
