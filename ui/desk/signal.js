/** One value that tells its watchers when it changes. */
export class Signal {
	#value
	#watchers = new Set()

	constructor(value) {
		this.#value = value
	}

	get value() {
		return this.#value
	}

	set(value) {
		if (Object.is(value, this.#value)) return
		this.#value = value
		this.tell()
	}

	tell() {
		for (const seen of [...this.#watchers]) seen(this.#value)
	}

	/** Calls `seen` at once and after each change; returns the way to stop. */
	watch(seen) {
		this.#watchers.add(seen)
		seen(this.#value)
		return () => this.#watchers.delete(seen)
	}
}
