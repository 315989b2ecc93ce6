/**
 * A strip, top to bottom: name, input meter, pan, solo, mute, fader with its meter, value.
 * `lay(strip, mix, group)` says which; with a mix its fader is the send into that bus; `group` names its console.
 */
import { roadsOf } from "../desk/consoles.js"
import { make, mark, RmElement } from "./element.js"

const KIND_WORDS = { bus: "MIX", main: "MAIN", dca: "DCA", matrix: "MTX", return: "RTN", channel: "CH" }

export class RmStrip extends RmElement {
	lay(strip, mix, group = null) {
		return Object.assign(this, { strip, mix, group })
	}

	connectedCallback() {
		const { path, kind } = this.strip
		this.dataset.strip = path
		this.dataset.kind = kind
		this.roads = roadsOf(this.strip, this.mix)
		this.replaceChildren(this.#plate(), this.#input(), this.#pan(), this.#upperKey(), this.#mute(), this.#throw(), this.#readout())
		this.bind(`${path}/color`, (color) => mark(this, "data-color", color ?? "grey"))
		this.bind(`${path}/name`, (name) => this.#name(name))
		this.bind(`${path}/${this.roads.mute}`, (muted) => mark(this, "data-muted", muted ))
	}

	#plate() {
		const { kind, number, label } = this.strip
		this.heading = make("b", {}, label)
		const place = make("small", {}, this.group ?? `${KIND_WORDS[kind]} ${number ?? ""}`)
		const plate = make("button.plate", { press: () => this.here.view.panel.set({ name: "strip", path: this.strip.path }), "aria-haspopup": "dialog" }, place, this.heading)
		return plate
	}

	#name(name) {
		this.heading.textContent = name || this.strip.label
		for (const slider of this.querySelectorAll("rm-fader, rm-pan, rm-toggle")) this.#label(slider)
	}

	#label(control) {
		mark(control, "aria-label", `${this.heading.textContent} ${control.dataset.what}`)
	}

	#control(tag, local, what, attributes = {}) {
		if (!local || !this.strip.has(local)) return make("span.none")
		const control = make(tag, { "data-path": `${this.strip.path}/${local}`, "data-what": what, ...attributes })
		this.#label(control)
		return control
	}

	#input() {
		if (!this.strip.taps?.includes("input")) return make("span.none.input")
		return make("rm-meter.input", { "data-taps": `${this.strip.path}/input`, sideways: true })
	}

	#pan() {
		return this.#control("rm-pan", this.roads.pan, "pan")
	}

	#upperKey() {
		if (this.roads.tap) return this.#control("rm-choice", this.roads.tap, "send taken")
		if (this.strip.kind === "bus") return this.#sends()
		return this.#control("rm-toggle.solo", "solo", "solo", { off: "SOLO", on: "SOLO" })
	}

	#sends() {
		if (this.mix) return make("span.none")
		return make("button.sends", { press: () => this.here.view.mix.set(this.strip.path) }, "SENDS")
	}

	#mute() {
		const guard = this.strip.kind === "main"
		return this.#control("rm-toggle.mute", this.roads.mute, "mute", { off: "MUTE", on: "MUTED", guard })
	}

	#throw() {
		const { path, taps = [], kind } = this.strip
		const shown = taps.length > 1 ? taps.filter((tap) => tap !== "input") : taps
		const meter = make("rm-meter", {
			"data-taps": shown.map((tap) => `${path}/${tap}`).join(" "),
			"data-fader": `${path}/fader`,
			clears: kind === "main",
		})
		return make("div.throw", {}, this.#control("rm-fader", this.roads.level, this.roads.tap ? "send" : "fader"), shown.length ? meter : null)
	}

	#readout() {
		return this.#control("rm-readout", this.roads.level, "value")
	}
}
