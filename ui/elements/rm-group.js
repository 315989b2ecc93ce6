/** A group's fader: its cap stands where the loudest does, and moves them all by the same decibels. `lay({paths, most})`. */
import { UNKNOWN } from "../desk/reading.js"
import { Together } from "../desk/ganged.js"
import { RmFader } from "./rm-fader.js"

export class RmGroup extends RmFader {
	lay({ paths, most }) {
		this.all = paths
		this.mostOf = most
		this.dataset.path = paths[0]
		return this
	}

	get paths() {
		return this.all
	}

	get rest() {
		return 0
	}

	get position() {
		return this.together.position
	}

	build() {
		const { store } = this.page
		this.together = new Together(this.all, this.param, (path) => store.get(path), this.mostOf)
		super.build()
	}

	/** Holds the paths that nobody else holds; false when there are none. */
	takeHold() {
		const { store, notices } = this.page
		if (this.#held.length) return true
		const mine = this.all.filter((path) => store.touch(path, () => this.#lost()))
		if (mine.length) this.together.begin(mine)
		else if (this.all.some((path) => store.live(path))) notices.say("Others are using these faders.")
		else notices.inert(this.path)
		return mine.length > 0
	}

	put(position) {
		const { store } = this.page
		const moved = this.together.move(position)
		for (const path of this.#held) if (path in moved) store.set(path, moved[path])
	}

	letGo() {
		for (const path of this.all) this.page.store.release(path)
	}

	face() {
		const { store } = this.page
		const { position, taper } = this
		const known = this.all.some((path) => typeof store.get(path) === "number")
		const truth = Math.max(0, ...this.all.map((path) => store.truth(path) ?? 0))
		const words = known ? { text: taper.text(position), spoken: taper.spoken(position) } : { text: UNKNOWN, spoken: "unknown" }
		const held = this.#held.length > 0
		return { ...words, known, position, ghost: held ? truth : null, held, by: null }
	}

	get #held() {
		return this.all.filter((path) => this.page.store.touched(path))
	}

	#lost() {
		if (this.#held.length === 0) this.hand.lose()
	}
}
