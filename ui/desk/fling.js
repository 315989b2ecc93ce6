/** Momentum of a row that a finger scrolls: it goes on as fast as the finger left it, then slower and slower. */

/** Only what the finger did last counts: one that stops before it lifts leaves nothing. */
const LAST_MS = 100
const LEAST_PX_PER_MS = 0.05
/** After so long a third of the speed is left. */
const DECAY_MS = 325
const AT_REST_PX = 1

export class Fling {
	#points = []

	/** The finger has taken the row to `at` px, at a time in ms. */
	follow(at, time) {
		this.#points = [...this.#recent(time), { at, time }]
	}

	/** Px that the row still goes after a lift at this time; 0 where the finger had come to rest. */
	leave(time) {
		const [first, ...later] = this.#recent(time)
		if (later.length === 0) return 0
		const speed = (later[later.length - 1].at - first.at) / Math.max(1, time - first.time)
		return Math.abs(speed) < LEAST_PX_PER_MS ? 0 : speed * DECAY_MS
	}

	#recent(now) {
		return this.#points.filter(({ time }) => now - time <= LAST_MS)
	}
}

/** Px where a row stands so many ms after it was left on its way from one place to another; at the end exactly there. */
export function rolledTo(from, goal, elapsed) {
	const left = (goal - from) * Math.exp(-Math.max(0, elapsed) / DECAY_MS)
	return Math.abs(left) < AT_REST_PX ? goal : goal - left
}
