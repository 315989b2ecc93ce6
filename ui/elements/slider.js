/** The base of faders and pans: an ARIA slider for the position of `data-path`. A subclass has `build` and `show`. */
import { rounded, stepped } from "../desk/drag.js"
import { consoleOf } from "../desk/consoles.js"
import { caveatOf, coarseness, idleOf, idlePathsOf, readingOf } from "../desk/reading.js"
import { Glide } from "./glide.js"
import { Hand } from "./hand.js"
import { listenToKeys } from "./keys.js"
import { mark, RmElement } from "./element.js"
import { offerTake } from "./take.js"

export class Slider extends RmElement {
	/** Px between both ends, kept by a subclass from a ResizeObserver. */
	travel = 300
	#glide = new Glide(this)

	connectedCallback() {
		this.path = this.dataset.path
		this.param = this.page.consoles.param(this.path)
		this.taper = this.param?.taper
		this.build()
		this.#speak()
		this.hand = new Hand(this)
		listenToKeys(this)
		this.drawFor([`${consoleOf(this.path)}/status`, ...this.paths.flatMap((path) => [path, `${path}/text`, ...idlePathsOf(path)])])
	}

	disconnectedCallback() {
		this.#glide.stop()
		this.hand.lose()
		this.letGo()
		super.disconnectedCallback()
	}

	get sideways() {
		return this.hasAttribute("sideways")
	}

	get position() {
		return this.page.store.get(this.path) ?? 0
	}

	/** The paths it moves: several for a group's fader. */
	get paths() {
		return [this.path]
	}

	/** Target of a double-tap: 0 dB, the centre, or 0 for none. With the attribute `calm` never upwards: somebody listens. */
	get rest() {
		const rest = this.taper?.rest || 0
		return this.hasAttribute("calm") && this.position < rest ? 0 : rest
	}

	/** Takes hold; false, with a notice, when that is not possible. */
	takeHold() {
		this.#glide.stop()
		const { store } = this.page
		if (store.touched(this.path)) return true
		if (store.touch(this.path, () => this.#lost())) return true
		const by = store.holder(this.path)
		if (store.live(this.path) && by) this.#offer(by)
		else this.page.notices.inert(this.path)
		return false
	}

	letGo() {
		this.page.store.release(this.path)
	}

	/** Ends the hold of keys and wheel; a finger or a glide keeps its own. */
	rested() {
		if (!this.hand.busy && !this.#glide.running) this.letGo()
	}

	move(position) {
		this.put(Math.min(rounded(position, this.param?.steps), Math.max(this.most, this.position)))
	}

	put(position) {
		this.page.store.set(this.path, position)
	}

	/** Highest position, from the attribute `data-most`; a value above it may stay or go down. */
	get most() {
		return Number(this.dataset.most ?? 1)
	}

	/** Moves by so many units (dB, %). */
	nudge(units) {
		const to = this.taper ? this.taper.step(this.position, units) : this.position + units / 100
		this.move(stepped(this.position, to, this.param?.steps))
	}

	/** Glides to a position and lets go there; to 0 never. */
	glide(to) {
		if (to && this.takeHold()) this.#glide.start(to)
	}

	draw() {
		const { store } = this.page
		const [face, any] = [this.face(), (test) => this.paths.some((path) => test(path))]
		const live = any((path) => store.live(path))
		mark(this, "data-unknown", !face.known)
		mark(this, "data-remembered", any((path) => store.remembered(path)))
		mark(this, "data-held", face.held)
		mark(this, "data-by", face.by?.color)
		mark(this, "data-ghost", face.ghost !== null)
		mark(this, "data-way", any((path) => store.marks.onItsWay(path)))
		mark(this, "data-inert", !live)
		mark(this, "data-idle", idleOf(this.page, this.path) !== null)
		mark(this, "aria-disabled", live ? null : "true")
		this.#say(face)
		this.show(face)
	}

	/** The state to draw; `ghost` is the desk's own value under a finger, else where a real fader stands that has to meet it. */
	face() {
		const { store, people } = this.page
		const by = store.holder(this.path)
		const { known, text, spoken } = readingOf(this.page, this.path)
		const held = store.touched(this.path)
		const ghost = held ? (store.truth(this.path) ?? 0) : (store.marks.ghost(this.path)?.at ?? null)
		return { known, text, spoken, position: known ? store.get(this.path) : 0, held, ghost, by: by ? people.mark(by) : null }
	}

	#lost() {
		this.#glide.stop()
		this.hand.lose()
		const by = this.page.store.holder(this.path)
		if (by) this.#offer(by)
	}

	#offer(by) {
		offerTake(this, this.page.people.mark(by), () => this.page.store.take(this.path))
	}

	#speak() {
		const range = { "aria-valuemin": this.taper?.low ?? 0, "aria-valuemax": this.taper?.high ?? 1 }
		const attributes = { role: "slider", tabindex: "0", "aria-orientation": this.sideways ? "horizontal" : "vertical", ...range }
		for (const [name, value] of Object.entries(attributes)) mark(this, name, value)
	}

	#say({ position, spoken }) {
		const unit = this.taper ? this.taper.unit(position) : position
		mark(this, "aria-valuenow", Math.max(this.taper?.low ?? 0, Math.round(unit * 100) / 100))
		mark(this, "aria-valuetext", spoken)
		const coarse = coarseness(this.param)
		mark(this, "aria-description", [caveatOf(this.page, this.path), coarse && `coarse: ${coarse}`].filter(Boolean).join("; ") || null)
	}
}
