/**
 * A strip, top to bottom: name, input meter, pan, record, solo, mute, fader with its meter, value.
 * `lay(strip, mix, group)` says which; with a mix its fader is the send into that bus; `group` names its console. Outlined and in sight while its channel view is open, at whose `edge` it has no plate.
 * One that `waits` only takes its place until `build()`.
 */
import { roadsOf } from "../desk/consoles.js"
import { make, mark, RmElement, wear } from "./element.js"
import { followGroups } from "./grouped.js"
import { layMissing, MISSING } from "./missing.js"
import { rove } from "./roving.js"
import { throwOf } from "./throw.js"

const LABELLED = "rm-fader, rm-pan, rm-toggle, rm-choice, rm-readout"

export class RmStrip extends RmElement {
	waits = false

	lay(strip, mix, group = null) {
		return Object.assign(this, { strip, mix, group })
	}

	connectedCallback() {
		this.dataset.strip = this.strip.path
		this.dataset.kind = this.strip.kind
		if (!this.waits) this.#build()
	}

	/** Builds the parts of one that waits; none where it has left the page meanwhile. */
	build() {
		if (this.waits && this.isConnected) this.#build()
		this.waits = false
	}

	#build() {
		const { path } = this.strip
		this.roads = roadsOf(this.strip, this.mix)
		if (this.strip.kind === MISSING) return layMissing(this)
		const [plate, edge] = [this.#plate(), this.#isEdge]
		this.replaceChildren(edge ? "" : plate, this.#input(), this.#pan(), this.#record(), this.#upperKey(), this.#mute(), this.#throw(), this.#readout())
		if (!edge) rove(this)
		followGroups(this)
		this.listen(this.parentElement, "fitted", () => this.#comeIntoSight())
		if (!edge) this.follow(this.page.view.panel, (panel) => this.#opened(panel?.name === "strip" && panel.path === path))
		this.until(wear(this.page, this.strip, this))
		this.bind(`${path}/name`, (name) => this.#name(name))
		const silencers = [`${path}/${this.roads.mute}`, `${path}/mute`, `${path}/${this.roads.tap}`]
		for (const one of new Set(silencers)) this.bind(one, () => this.#hush())
	}

	get #isEdge() {
		return this.classList.contains("edge")
	}

	/** "CH 3", or its console. */
	get kindWords() {
		const { kind, number } = this.strip
		return this.group ?? `${this.page.vocabulary.value.kinds[kind]?.short ?? kind} ${number ?? ""}`.toUpperCase()
	}

	#plate() {
		this.heading = make("b", {}, this.strip.label)
		this.place = make("small", {}, this.kindWords)
		return make("button.plate", { press: () => this.#open(), "aria-haspopup": "dialog" }, this.place, this.heading)
	}

	#open(tab) {
		if (tab) this.page.view.tab.set(tab)
		this.page.view.panel.set({ name: "strip", path: this.strip.path })
	}

	#opened(open) {
		mark(this, "data-open", open)
		this.#comeIntoSight()
	}

	/** The channel view narrows the bank first, which then fits its strips anew. */
	#comeIntoSight() {
		if (this.hasAttribute("data-open")) requestAnimationFrame(() => this.scrollIntoView({ block: "nearest", inline: "nearest" }))
	}

	#name(name) {
		this.label = this.heading.textContent = name || this.strip.label
		for (const control of this.querySelectorAll(LABELLED)) this.#label(control)
	}

	#label(control) {
		control.label = `${this.heading.textContent} ${control.dataset.what}`
	}

	/** Dims a muted strip; in a mix also when the channel's own mute comes before the send. */
	#hush() {
		const value = (local) => local && this.page.store.get(`${this.strip.path}/${local}`)
		const { mute, tap, level } = this.roads
		const after = (value(tap) ?? "post_fader") === "post_fader"
		const before = level !== "fader" && value("mute") === true && after
		mark(this, "data-muted", value(mute) === true || before)
		mark(this, "data-silent", before)
		this.place.textContent = before ? "MUTED" : this.kindWords
	}

	/** A control of this strip in its place, or a gap where the strip has none. */
	#control(at, tag, local, what, attributes = {}) {
		if (!local || !this.strip.has(local)) return gap(at)
		const control = make(tag, { "data-path": `${this.strip.path}/${local}`, "data-what": what, "data-at": at, ...attributes })
		this.#label(control)
		return control
	}

	#input() {
		if (!this.strip.taps?.includes("input")) return gap("input")
		return make("rm-meter.input", { "data-taps": `${this.strip.path}/input`, "data-at": "input", sideways: true })
	}

	#pan() {
		const { kind, path } = this.strip
		if (kind === "dca" && !this.#isEdge) return make("button.sends", { press: () => this.page.view.showSpill(path), "data-at": "pan" }, "SPILL")
		return this.#control("pan", "rm-pan", this.roads.pan, "pan")
	}

	#record() {
		return this.#control("rec", "rm-toggle.rec", !this.mix && "rec", "record", { off: "REC", on: "REC" })
	}

	#upperKey() {
		if (this.roads.tap) return this.#control("key", "rm-choice", this.roads.tap, "send tap")
		if (this.strip.kind === "bus" && !this.#isEdge) return this.#sends()
		if (this.strip.pictures?.includes("loudness") && !this.#isEdge) return make("rm-lufs", { "data-strip": this.strip.path, "data-at": "key" })
		return this.#control("key", "rm-toggle.solo", "solo", "solo", { off: "SOLO", on: "SOLO" })
	}

	#sends() {
		return this.mix ? gap("key") : make("button.sends", { press: () => this.page.view.showMix(this.strip.path), "data-at": "key" }, "SENDS")
	}

	#mute() {
		const guard = this.strip.kind === "main"
		return this.#control("mute", "rm-toggle.mute", this.roads.mute, "mute", { off: "MUTE", on: "MUTED", guard })
	}

	#throw() {
		const fader = this.#control("fader", "rm-fader", this.roads.level, this.roads.tap ? "send" : "fader")
		return throwOf(this, fader, () => this.#open("more"))
	}

	#readout() {
		return this.#control("value", "rm-readout", this.roads.level, this.roads.tap ? "send level" : "level")
	}
}

const gap = (at) => make("span.none", { "data-at": at })
