/** "More me": the own send up, all others down a little, in one move; and its undo. */
import { rounded } from "./drag.js"

export const UP_DB = 3
export const DOWN_DB = 1
/** Level of an own send that was off. */
const FIRST_DB = -20
const KEPT = 20
const HALF_STEP = 0.5
const WIRE_STEP = 1e-4

/** `[{path, from, to}]`; `sends` are `{path, own, position, param, most}`. What is off stays off, and nothing falls silent. */
export function moreMe(sends) {
	return sends.filter(isLevel).map((send) => ({ path: send.path, from: send.position, to: send.own ? raised(send) : lowered(send) })).filter(({ from, to }) => from !== to)
}

function isLevel({ position, param }) {
	return typeof position === "number" && param?.taper?.unitName === "dB"
}

function raised({ position, param: { taper, steps }, most }) {
	const off = taper.offAtZero && position <= 0
	const to = rounded(taper.position(off ? FIRST_DB : taper.unit(position) + UP_DB), steps)
	return Math.max(position, Math.min(to, most))
}

function lowered({ position, param: { taper, steps } }) {
	if (position <= 0) return position
	return Math.min(position, rounded(taper.position(taper.unit(position) - DOWN_DB), steps) || position)
}

/** Whether a path still stands where it was put; a console's own rounding is no move. */
export function stillThere(position, put, steps) {
	return Math.abs(position - put) <= (steps > 1 ? HALF_STEP / (steps - 1) : WIRE_STEP)
}

/** Moves that can be undone, newest last. */
export class Undo {
	#done = []

	/** Paths that the next undo would move. */
	get paths() {
		return (this.#done[this.#done.length - 1] ?? []).map(({ path }) => path)
	}

	get possible() {
		return this.#done.length > 0
	}

	keep(moves) {
		this.#done.push(moves)
		if (this.#done.length > KEPT) this.#done.shift()
	}

	/**
	 * Undoes the newest move: `{values, left}`, `left` being how many were changed since and stay. A value that never
	 * changed is in neither. `read(path)` → position, `steps(path)`.
	 */
	back(read, steps) {
		const away = (this.#done.pop() ?? []).filter(({ path, from }) => !stillThere(read(path), from, steps(path)))
		const ours = away.filter(({ path, to }) => stillThere(read(path), to, steps(path)))
		return { values: Object.fromEntries(ours.map(({ path, from }) => [path, from])), left: away.length - ours.length }
	}

	forget() {
		this.#done = []
	}
}
