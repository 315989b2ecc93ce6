/** The page's one animation loop: all meters on screen, one tick of the ballistics a frame. */
class Loop {
	#meters = new Set()
	#running = false
	#page = null
	#seen = new IntersectionObserver((entries) => {
		for (const { target, isIntersecting } of entries) target.visible = isIntersecting
	})

	start(page) {
		this.#page = page
		page.onmeters = () => this.#wake()
		page.meters.onclip = () => this.#showClips()
		this.#wake()
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
		if (this.#running || !this.#page) return
		this.#running = true
		requestAnimationFrame((now) => this.#frame(now))
	}

	/** Runs while anything is lit; silence lets the page rest. */
	#frame(now) {
		const { meters } = this.#page
		meters.tick(now)
		for (const meter of this.#meters) if (meter.visible) meter.draw(meters)
		this.#running = !meters.quiet
		if (this.#running) requestAnimationFrame((next) => this.#frame(next))
	}

	#showClips() {
		for (const meter of this.#meters) meter.showClip()
	}
}

export const loop = new Loop()
