/**
 * The page's copy of the desk: what each path shows, and how true that is.
 *
 * A wish of this page may lie over a path's value. A finger's lives from `touch` until the `settle` that
 * answers its `release`, a tap's until the desk's own change has come. None outlives the link.
 */
import { Marks } from "./marks.js"
import { Watchers } from "./signal.js"

export class Store {
	marks = new Marks((path) => this.#wake(path))
	#truth = new Map()
	#wishes = new Map()
	#watchers = new Watchers()
	#free = []
	#out
	#live
	rev = 0
	me = ""

	/** `out` takes set/hold/release to the wire; `live(path)` says whether the way there is open. */
	constructor(out, live) {
		this.#out = out
		this.#live = live
	}

	/** What the page shows: this finger's wish, else the desk's value; undefined when there is none. */
	get(path) {
		const wish = this.#wishes.get(path)
		return wish ? wish.value : this.#truth.get(path)
	}

	truth(path) {
		return this.#truth.get(path)
	}

	holder(path) {
		const by = this.marks.holder(path)
		return by === this.me ? null : by
	}

	touched(path) {
		return Boolean(this.#wishes.get(path)?.held)
	}

	onItsWay(path) {
		return this.marks.onItsWay(path)
	}

	/** The value is from earlier, and the console has not been heard since; not while a finger or a tap says better. */
	remembered(path) {
		return !this.#wishes.has(path) && this.marks.fromEarlier(path)
	}

	live(path) {
		return this.#live(path)
	}

	watch(path, seen) {
		const unwatch = this.#watchers.add(path, seen)
		if (this.get(path) !== undefined) seen(this.get(path))
		return unwatch
	}

	/** By a finger or a tap; false when nothing was done, because the way to the console is down. */
	set(path, value) {
		if (!this.#live(path)) return false
		const wish = this.#wishes.get(path)
		if (wish) Object.assign(wish, { value, rev: undefined })
		else this.#wishes.set(path, { value, held: false, releases: 0 })
		this.#out.set(path, value)
		this.#wake(path)
		return true
	}

	/** A finger lands; `lost` is called if the hold ends before the finger lifts. */
	touch(path, lost = () => {}) {
		if (!this.#live(path) || this.holder(path)) return false
		const wish = this.#wishes.get(path) ?? { value: this.get(path), releases: 0 }
		this.#wishes.set(path, Object.assign(wish, { held: true, lost }))
		this.#out.hold(path)
		this.#wake(path)
		return true
	}

	release(path) {
		const wish = this.#wishes.get(path)
		if (!wish?.held) return
		wish.held = false
		wish.releases += 1
		this.#out.release(path)
		this.#wake(path)
		this.#tellFree()
	}

	/** Takes a path over from whoever holds it. */
	take(path) {
		if (this.#live(path)) this.#out.take(path)
	}

	/** Only this ends a hold: it says where the desk stands after the lift. */
	settle(path, value) {
		this.#truth.set(path, value)
		const wish = this.#wishes.get(path)
		if (wish) this.#settleWish(path, wish)
		this.#wake(path)
	}

	/** By the desk. A path under this page's finger keeps showing the finger; the ghost line shows the desk. */
	apply(values, rev = this.rev) {
		this.rev = rev
		for (const path in values) this.#truth.set(path, values[path])
		for (const [path, wish] of this.#wishes) if (wish.rev <= rev && isTap(wish)) this.#end(path)
		for (const path in values) this.#wake(path)
	}

	/** The desk took a set: a tap's wish ends as soon as the change itself is here. */
	accept(values, rev) {
		for (const path in values) {
			const wish = this.#wishes.get(path)
			if (!wish || !isTap(wish) || wish.value !== values[path]) continue
			if (rev <= this.rev) this.#end(path)
			else wish.rev = rev
		}
	}

	/** The page is hidden: no finger is down that a person could see. */
	letGoAll() {
		for (const [path, wish] of [...this.#wishes]) {
			if (!wish.held) continue
			this.release(path)
			wish.lost?.()
		}
	}

	/** The desk refused: back to the truth, finger or not. `gently`: the finger goes on from there. */
	refuse(paths, gently = false) {
		for (const path of paths) gently && this.touched(path) ? this.#setBack(path) : this.#end(path)
	}

	/** The whole desk anew (welcome), or what changed while away (resume). */
	open({ values, rev, whole, ...marks }) {
		if (whole) this.#truth.clear()
		this.marks.open(marks)
		this.apply(values, rev)
		this.wakeAll()
	}

	/** The link is gone: every wish with it. */
	drop() {
		for (const path of [...this.#wishes.keys()]) this.#end(path)
		this.marks.late([])
		this.wakeAll()
	}

	wakeAll() {
		for (const path of this.#watchers.paths) this.#wake(path)
	}

	/** Runs `act` as soon as no finger of this page is down. */
	whenFree(act) {
		this.#free.push(act)
		this.#tellFree()
	}

	#setBack(path) {
		this.#wishes.get(path).value = this.#truth.get(path)
		this.marks.stopped.add(path)
		this.#wake(path)
	}

	#settleWish(path, wish) {
		if (wish.releases > 0) wish.releases -= 1
		else if (wish.held) return this.#end(path)
		if (!wish.held && wish.releases === 0) this.#wishes.delete(path)
	}

	#end(path) {
		const wish = this.#wishes.get(path)
		this.#wishes.delete(path)
		if (wish?.held) wish.lost?.()
		this.#wake(path)
		this.#tellFree()
	}

	#tellFree() {
		if ([...this.#wishes.values()].some((wish) => wish.held)) return
		for (const act of this.#free.splice(0)) act()
	}

	#wake(path) {
		this.#watchers.wake(path, this.get(path))
	}
}

function isTap(wish) {
	return !wish.held && wish.releases === 0
}
