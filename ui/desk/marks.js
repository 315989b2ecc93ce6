/** What is known of a path beside its value: who holds it, whether a move is on its way, whether it is from earlier. */
export class Marks {
	/** Where a limit stopped a finger: up it goes no further until it is let go on. */
	stopped = new Set()
	#holders = new Map()
	#pending = new Set()
	#late = new Set()
	#remembered = new Set()
	#changed

	constructor(changed) {
		this.#changed = changed
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

	/** What the console has not confirmed, by the server's word. */
	pending(paths) {
		const before = this.#pending
		this.#pending = new Set(paths)
		this.#tell(before, this.#pending)
	}

	/** What the server has not answered, by this page's own clock. */
	late(paths) {
		const before = this.#late
		this.#late = new Set(paths)
		this.#tell(before, this.#late)
	}

	/** Values that are known from earlier only: the console may stand elsewhere. */
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
	}

	#tell(before, after) {
		for (const path of before) if (!after.has(path)) this.#changed(path)
		for (const path of after) if (!before.has(path)) this.#changed(path)
	}
}
