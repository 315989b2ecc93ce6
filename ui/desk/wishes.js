/**
 * Values that this page has set and the desk has not answered yet, by path.
 *
 * A finger's wish lives from `touch` until the `settle` that answers its `release`, a tap's until the desk's own change
 * has come. Each is `{value, held, releases, rev, lost}`: `releases` counts those that the desk has not answered yet.
 */
export class Wishes {
	#byPath = new Map()
	#free = []
	#changed

	/** `changed(path)` is called when a wish has ended. */
	constructor(changed) {
		this.#changed = changed
	}

	get(path) {
		return this.#byPath.get(path)
	}

	isHeld(path) {
		return Boolean(this.get(path)?.held)
	}

	get paths() {
		return [...this.#byPath.keys()]
	}

	get held() {
		return this.paths.filter((path) => this.isHeld(path))
	}

	set(path, value) {
		const wish = this.get(path)
		if (wish) Object.assign(wish, { value, rev: undefined })
		else this.#byPath.set(path, { value, held: false, releases: 0 })
	}

	touch(path, value, lost) {
		const wish = this.get(path) ?? { value, releases: 0 }
		this.#byPath.set(path, Object.assign(wish, { held: true, lost }))
	}

	/** Moves the wish under a finger; false where there is none. */
	rebase(path, value) {
		if (this.isHeld(path)) this.get(path).value = value
		return this.isHeld(path)
	}

	release(path) {
		const wish = this.get(path)
		wish.held = false
		wish.releases += 1
	}

	/** Counts the desk's answer to one release; true when the desk ended the hold by itself. */
	settle(path) {
		const wish = this.get(path)
		if (wish?.releases > 0) wish.releases -= 1
		else if (wish?.held) return true
		if (wish && isTap(wish)) this.#byPath.delete(path)
		return false
	}

	/** Notes the revision at which the desk took a tap's values. */
	accept(values, rev) {
		for (const path in values) {
			const wish = this.get(path)
			if (wish && isTap(wish) && wish.value === values[path]) wish.rev = rev
		}
	}

	/** Ends the taps that the desk's own changes up to a revision have answered. */
	endAnswered(rev) {
		for (const path of this.paths) if (this.get(path).rev <= rev && isTap(this.get(path))) this.end(path)
	}

	/** Ends a wish, and tells the finger that held it. */
	end(path) {
		const wish = this.get(path)
		this.#byPath.delete(path)
		if (wish?.held) wish.lost?.()
		this.#changed(path)
		this.runFree()
	}

	/** Runs `act` as soon as no finger of this page is down. */
	whenFree(act) {
		this.#free.push(act)
		this.runFree()
	}

	runFree() {
		if (this.held.length) return
		for (const act of this.#free.splice(0)) act()
	}
}

function isTap({ held, releases }) {
	return !held && releases === 0
}
