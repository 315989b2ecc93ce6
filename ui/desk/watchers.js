/** Who looks at which path: a change wakes only its own elements. */
export class Watchers {
	#byPath = new Map()

	add(path, seen) {
		if (!this.#byPath.has(path)) this.#byPath.set(path, new Set())
		this.#byPath.get(path).add(seen)
		return () => this.#remove(path, seen)
	}

	wake(path, value) {
		for (const seen of this.#byPath.get(path) ?? []) seen(value)
	}

	get paths() {
		return [...this.#byPath.keys()]
	}

	#remove(path, seen) {
		const watching = this.#byPath.get(path)
		watching?.delete(seen)
		if (watching?.size === 0) this.#byPath.delete(path)
	}
}
