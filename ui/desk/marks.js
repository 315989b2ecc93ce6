/** State of a path beside its value: its holder, whether a move is pending, whether the value is an old one. */
export class Marks {
	/** Paths where a limit stopped a finger: no further up until `Hand` lets it go on. */
	stopped = new Set()
	#holders = new Map()
	#ghosts = new Map()
	#pending = new Set()
	#late = new Set()
	#remembered = new Set()
	#changed

	constructor(changed) {
		this.#changed = changed
	}

	stop(path) {
		this.stopped.add(path)
		this.#changed(path)
	}

	holder(path) {
		return this.#holders.get(path) ?? null
	}

	onItsWay(path) {
		return this.#pending.has(path) || this.#late.has(path)
	}

	fromEarlier(path) {
		return this.#remembered.has(path)
	}

	held(path, by) {
		if (by) this.#holders.set(path, by)
		else this.#holders.delete(path)
		this.#changed(path)
	}

	/** `{at, by}` of a real fader that has to meet the param first; null for none. */
	ghost(path) {
		return this.#ghosts.get(path) ?? null
	}

	/** A client's real fader stands at a position, 0–1, or has met the param (null). */
	stands(path, at, by) {
		if (at === null) this.#ghosts.delete(path)
		else this.#ghosts.set(path, { at, by })
		this.#changed(path)
	}

	/** Sets that the console has not confirmed, as the server reports. */
	pending(paths) {
		const before = this.#pending
		this.#pending = new Set(paths)
		this.#tell(before, this.#pending)
	}

	/** Sets that the server has not answered, by this page's own clock. */
	late(paths) {
		const before = this.#late
		this.#late = new Set(paths)
		this.#tell(before, this.#late)
	}

	/** Old values that the console has not confirmed since. */
	remembered(paths) {
		const before = this.#remembered
		this.#remembered = new Set(paths)
		this.#tell(before, this.#remembered)
	}

	open({ holds, pending, remembered }) {
		this.#holders = new Map(Object.entries(holds ?? {}))
		this.#pending = new Set(pending ?? [])
		this.#remembered = new Set(remembered ?? [])
		this.#late.clear()
		this.#ghosts.clear()
	}

	#tell(before, after) {
		for (const path of before) if (!after.has(path)) this.#changed(path)
		for (const path of after) if (!before.has(path)) this.#changed(path)
	}
}
