/** Two fingers on a plot: how far apart they are now, as a share of where they began. */
const SLOP_PX = 8
const LEAST_PX = 20

export class Pinch {
	#points = new Map()
	#from = null

	land(id, x, y) {
		if (this.#points.size === 2) return
		this.#points.set(id, { x, y })
		this.#from = this.#points.size === 2 ? { apart: this.#apart, begun: false } : null
	}

	/** Returns the share, or null while this is no pinch: one finger, or two that have not moved apart or together yet. */
	move(id, x, y) {
		if (!this.#points.has(id)) return null
		this.#points.set(id, { x, y })
		if (!this.#from) return null
		this.#from.begun ||= Math.abs(this.#apart - this.#from.apart) >= SLOP_PX
		return this.#from.begun ? this.#apart / this.#from.apart : null
	}

	/** Returns whether a pinch has ended. */
	lift(id) {
		const ended = this.#points.delete(id) && this.#from !== null
		this.#from = null
		return ended
	}

	get #apart() {
		const [one, other] = [...this.#points.values()]
		return Math.max(LEAST_PX, Math.hypot(one.x - other.x, one.y - other.y))
	}
}
