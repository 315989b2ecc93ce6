/**
 * Newest value per path on its way to the desk, one `set` per animation frame.
 *
 * While an answer is overdue the newest values wait here; one that waited too long is never sent.
 */
const STALE_MS = 2000
const OVERDUE_MS = 300
const LATE_MS = 150
const HOLD_AGAIN_MS = 3000
const TAKEN_MS = 4000

export class Outbox {
	#waiting = new Map()
	#flying = new Map()
	#resting = new Map()
	#asked = false
	#nextId = 1
	#link
	#clock
	#frame
	#store

	constructor({ link, clock, frame, store }) {
		this.#link = link
		this.#clock = clock
		this.#frame = frame
		this.#store = store
	}

	set(path, value) {
		this.#waiting.set(path, { value, at: this.#clock.now() })
		this.#ask()
	}

	/** Holds, and says so again every 3 s for as long as the finger rests. */
	hold(path) {
		this.rest(path)
		this.#link.send({ type: "hold", path })
		this.#resting.set(path, this.#clock.setTimeout(() => this.hold(path), HOLD_AGAIN_MS))
	}

	/** Says that from here on the finger counts from the value of a `rebase`: the desk shifts what was sent before. */
	rebased(path) {
		this.#waiting.delete(path)
		this.#link.send({ type: "hold", path, rebased: true })
	}

	/** Takes a path over; if no finger comes to it soon, it is free again. */
	take(path) {
		this.rest(path)
		this.#link.send({ type: "hold", path, take: true })
		this.#resting.set(path, this.#clock.setTimeout(() => this.release(path), TAKEN_MS))
	}

	/** The last value always leaves before the release. */
	release(path) {
		this.#flush(true)
		this.rest(path)
		this.#link.send({ type: "release", path })
	}

	/** The hold is over: nothing more is said about it. */
	rest(path) {
		this.#clock.clearTimeout(this.#resting.get(path))
		this.#resting.delete(path)
	}

	accepted({ id, rev }) {
		const flight = this.#flying.get(id)
		this.#flying.delete(id)
		if (flight) this.#store.accept(flight.values, rev)
		this.#tellLate()
	}

	/** A refusal takes its own path back to the truth; innocent neighbours of the same frame go again. A limit ends no hold. */
	refused({ id, path, code }) {
		const flight = this.#flying.get(id)
		this.#flying.delete(id)
		const values = flight?.values ?? (path ? { [path]: null } : {})
		const guilty = path && path in values ? [path] : Object.keys(values)
		for (const other in values) if (!guilty.includes(other)) this.#again(other, flight.at)
		const gently = code === "limit"
		for (const one of guilty) this.#forget(one, gently && this.#store.touched(one))
		this.#store.refuse(guilty, gently)
		this.#tellLate()
	}

	drop() {
		this.#waiting.clear()
		this.#flying.clear()
		for (const path of [...this.#resting.keys()]) this.rest(path)
	}

	#again(path, at) {
		if (!this.#waiting.has(path)) this.#waiting.set(path, { value: this.#store.get(path), at })
		this.#ask()
	}

	#forget(path, held = false) {
		this.#waiting.delete(path)
		if (!held) this.rest(path)
	}

	#ask() {
		if (this.#asked) return
		this.#asked = true
		this.#frame(() => {
			this.#asked = false
			this.#flush(false)
		})
	}

	#flush(last) {
		const now = this.#clock.now()
		for (const [id, { at }] of this.#flying) if (now - at > STALE_MS) this.#flying.delete(id)
		for (const [path, { at }] of this.#waiting) if (now - at > STALE_MS) this.#expire(path)
		if (this.#waiting.size === 0) return
		if (!last && this.#overdue(now)) return this.#ask()
		const values = Object.fromEntries([...this.#waiting].map(([path, { value }]) => [path, value]))
		this.#waiting.clear()
		this.#send(values, now)
	}

	#send(values, at) {
		const id = this.#nextId++
		if (!this.#link.send({ type: "set", id, values })) return this.#store.refuse(Object.keys(values))
		this.#flying.set(id, { values, at })
		this.#clock.setTimeout(() => this.#tellLate(), LATE_MS)
	}

	#expire(path) {
		this.#forget(path)
		this.#store.refuse([path])
	}

	#overdue(now) {
		const [oldest] = this.#flying.values()
		return oldest !== undefined && now - oldest.at > OVERDUE_MS
	}

	#tellLate() {
		const now = this.#clock.now()
		const late = [...this.#flying.values()].filter(({ at }) => now - at >= LATE_MS)
		this.#store.marks.late(late.flatMap(({ values }) => Object.keys(values)))
	}
}
