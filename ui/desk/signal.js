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
		const stop = this.onChange(seen)
		seen(this.#value)
		return stop
	}

	/** Calls `seen` after each change; returns the way to stop. */
	onChange(seen) {
		this.#watchers.add(seen)
		return () => this.#watchers.delete(seen)
	}
}

/** Calls `seen` once now, and after each change of any of these; returns the way to stop. */
export function watchAll(signals, seen) {
	const stops = signals.map((signal) => signal.onChange(() => seen()))
	seen()
	return () => stops.forEach((stop) => stop())
}

/** Watchers by path: a change wakes only its own elements. */
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

	/** `read(path)` → value. */
	wakeAll(read) {
		for (const path of [...this.#byPath.keys()]) this.wake(path, read(path))
	}

	#remove(path, seen) {
		const watching = this.#byPath.get(path)
		watching?.delete(seen)
		if (watching?.size === 0) this.#byPath.delete(path)
	}
}

/** A function that acts once for all calls of one moment. */
export function once(act) {
	let asked = false
	return () => {
		if (!asked) queueMicrotask(() => [(asked = false), act()])
		asked = true
	}
}
