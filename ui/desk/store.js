/** The page's copy of the desk: what each path shows, and how far that is confirmed. */
import { Marks } from "./marks.js"
import { Outbox } from "./outbox.js"
import { Watchers } from "./signal.js"
import { Wishes } from "./wishes.js"

export class Store {
	marks = new Marks((path) => this.#wake(path))
	outbox
	rev = 0
	me = ""
	#truth = new Map()
	#wishes = new Wishes((path) => this.#wake(path))
	#watchers = new Watchers()

	/** `live(path)`: whether this page may move a path now; `frame(callback)` calls back at the next animation frame. */
	constructor({ link, clock, frame, live }) {
		this.outbox = new Outbox({ link, clock, frame, store: this })
		this.live = live
	}

	/** The value shown: this page's wish, else the desk's value; undefined when there is none. */
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
		return this.#wishes.isHeld(path)
	}

	/** Whether the value is an old one that the console has not confirmed since, and no finger or tap lies over it. */
	remembered(path) {
		return !this.#wishes.get(path) && this.marks.fromEarlier(path)
	}

	/** Calls `seen` now, where there is a value, and after each change of a path; with `later` only then. Returns the way to stop. */
	watch(path, seen, later = false) {
		if (!later && this.get(path) !== undefined) seen(this.get(path))
		return this.#watchers.add(path, seen)
	}

	/** By a finger or a tap; false when nothing was done, because the way to the console is down. */
	set(path, value) {
		if (!this.live(path)) return false
		this.#wishes.set(path, value)
		this.outbox.set(path, value)
		this.#wake(path)
		return true
	}

	/** A finger lands; `lost` is called if the hold ends before the finger lifts. */
	touch(path, lost = () => {}) {
		if (!this.live(path) || this.holder(path)) return false
		this.#wishes.touch(path, this.get(path), lost)
		this.outbox.hold(path)
		this.#wake(path)
		return true
	}

	release(path) {
		if (!this.touched(path)) return
		this.#wishes.release(path)
		this.outbox.release(path)
		this.#wake(path)
		this.#wishes.runFree()
	}

	/** Takes a path over from whoever holds it. */
	take(path) {
		if (this.live(path)) this.outbox.take(path)
	}

	/** Only this ends a hold: it says where the desk stands after the lift. */
	settle(path, value) {
		this.#truth.set(path, value)
		if (this.#wishes.settle(path)) this.#wishes.end(path)
		if (!this.touched(path)) this.outbox.rest(path)
		this.#wake(path)
	}

	/** The console has given a value that was only remembered: the finger on it goes on from there. */
	rebase(path, value) {
		this.#truth.set(path, value)
		if (this.#wishes.rebase(path, value)) this.outbox.rebased(path)
		this.#wake(path)
	}

	/** The desk's changes. A path under this page's finger keeps showing the finger; the ghost line shows the desk. */
	apply(values, rev = this.rev) {
		this.rev = rev
		for (const path in values) this.#truth.set(path, values[path])
		this.#wishes.endAnswered(rev)
		for (const path in values) this.#wake(path)
	}

	/** The desk took a set: a tap's wish ends as soon as the change itself is here. */
	accept(values, rev) {
		this.#wishes.accept(values, rev)
		this.#wishes.endAnswered(this.rev)
	}

	/** The page is hidden: no finger is on it any more. */
	letGoAll() {
		for (const path of this.#wishes.held) {
			const { lost } = this.#wishes.get(path)
			this.release(path)
			lost?.()
		}
	}

	/** The desk refused: back to its value, finger or not. `gently`: the finger goes on from there. */
	refuse(paths, gently = false) {
		for (const path of paths) gently && this.#wishes.rebase(path, this.truth(path)) ? this.marks.stop(path) : this.#wishes.end(path)
	}

	/** The whole desk anew (welcome), or what changed while away (resume). */
	open({ values, rev, whole, ...marks }) {
		if (whole) this.#truth.clear()
		this.marks.open(marks)
		this.apply(values, rev)
		this.#watchers.wakeAll((path) => this.get(path))
	}

	/** The link is lost, or this page has other rights now: no wish and nothing waiting survives. */
	drop() {
		this.outbox.drop()
		for (const path of this.#wishes.paths) this.#wishes.end(path)
		this.marks.late([])
		this.#watchers.wakeAll((path) => this.get(path))
	}

	/** Runs `act` as soon as no finger of this page is down. */
	whenFree(act) {
		this.#wishes.whenFree(act)
	}

	#wake(path) {
		this.#watchers.wake(path, this.get(path))
	}
}
