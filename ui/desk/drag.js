/**
 * A finger's travel along a control becomes a position. Relative: the cap never jumps to the finger.
 *
 * `along` grows with the position (up for a fader, right for a pan), `across` is the other axis; CSS px.
 * The first move only anchors; the first 8 px move nothing and decide the axis.
 */
const LOCK_PX = 8
const FINE = 0.1
const TAP_MS = 300
const DOUBLE_LEAST_MS = 50
const DOUBLE_MOST_MS = 300

export class Drag {
	axis = null
	#position
	#travel
	#point = null
	#lock
	#wandered = false
	#downAt

	/** `travel` is the px between both ends; a mouse needs no lock (`lock` 0). */
	constructor({ position, travel, at = 0, lock = LOCK_PX }) {
		this.#position = position
		this.#travel = travel
		this.#lock = lock
		this.#downAt = at
	}

	/** Returns the new position, or null while the cap stays. */
	move(along, across, fine = false) {
		if (!this.#point) return this.#anchor(along, across)
		if (!this.axis) this.#decide(along, across)
		if (this.axis !== "along") return null
		const moved = along - this.#point.along
		if (moved !== 0) this.#wandered = true
		this.#position += (moved / this.#travel) * (fine ? FINE : 1)
		this.#point = { along, across }
		return Math.min(1, Math.max(0, this.#position))
	}

	/** The control was put elsewhere under the finger: what follows moves it from there. */
	from(position) {
		this.#position = position
	}

	/** Px moved sideways since the axis was locked. */
	sideways(across) {
		return this.axis === "across" ? across - this.#point.across : 0
	}

	/** A touch that neither wandered nor lingered. */
	isTap(at) {
		return !this.#wandered && at - this.#downAt <= TAP_MS
	}

	#anchor(along, across) {
		this.#point = { along, across }
		if (this.#lock === 0) this.axis = "along"
		return null
	}

	#decide(along, across) {
		const [up, side] = [Math.abs(along - this.#point.along), Math.abs(across - this.#point.across)]
		if (Math.max(up, side) < this.#lock) return
		this.axis = up >= side ? "along" : "across"
		this.#wandered = true
		if (this.axis === "along") this.#point.along += Math.sign(along - this.#point.along) * this.#lock
		else this.#point.across += Math.sign(across - this.#point.across) * this.#lock
	}
}

/** Two taps close together, but not a bounce of one. */
export class DoubleTap {
	#lastUp = -Infinity

	/** Takes each tap's touch and lift in ms; true for the second of two. */
	tapped(down, up) {
		const pause = down - this.#lastUp
		const double = pause >= DOUBLE_LEAST_MS && pause <= DOUBLE_MOST_MS
		this.#lastUp = double ? -Infinity : up
		return double
	}

	forget() {
		this.#lastUp = -Infinity
	}
}

export const GLIDE_MS = 300

/** Position of a glide after `elapsed` ms: fast start, soft landing. */
export function glideAt(from, to, elapsed) {
	const rest = 1 - Math.min(1, Math.max(0, elapsed / GLIDE_MS))
	return from + (to - from) * (1 - rest ** 3)
}

/** Target of a small step: at least the console's next own step, or the value would never change. */
export function stepped(from, to, steps) {
	if (!(steps > 1) || to === from) return to
	const grid = 1 / (steps - 1)
	return Math.abs(to - from) >= grid ? to : Math.min(1, Math.max(0, from + Math.sign(to - from) * grid))
}

/** A position as it travels: the console's own steps if it has any, else five decimals. */
export function rounded(position, steps) {
	if (steps > 1) return Number((Math.round(position * (steps - 1)) / (steps - 1)).toFixed(5))
	return Number(position.toFixed(5))
}
