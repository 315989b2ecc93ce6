/**
 * A fader as long as the screen allows, lying or standing: name and level before it, its meter beside it, its mute behind it.
 * `lay({strip, name, fader, taps, press, quiet, asks, mute})`: `strip` gives name and colour (else `name`), `quiet` are paths that
 * silence it, `press` is what a tap on its name does, `asks` what the keys less and more do, `mute` the path of its mute.
 */
import { make, mark, RmElement, say, wear } from "./element.js"
import { rove } from "./roving.js"

export class RmLine extends RmElement {
	lay(what) {
		return Object.assign(this, what)
	}

	connectedCallback() {
		const { page, strip, fader, taps = [], press, quiet = [] } = this
		this.heading = make("b", {}, this.name ?? strip.label)
		this.value = make("small", {}, "")
		this.follow(fader.reading, () => this.#hush())
		const sideways = fader.hasAttribute("sideways")
		mark(fader, "data-at", "fader")
		const meter = taps.length > 0 && make("rm-meter", { "data-taps": taps.join(" "), sideways, "aria-hidden": "true" })
		const tag = make(press ? "button.tag" : "div.tag", { press, "aria-haspopup": press && "dialog", "data-at": "plate" }, this.heading, this.value)
		this.replaceChildren(tag, make("div.lane", {}, fader, meter), ...(this.asks ? this.#keys() : []), this.#mute())
		mark(this, "data-standing", !sideways)
		mark(this, "data-keys", this.asks ? "asks" : this.mute && "mute")
		rove(this)
		if (strip) this.until(wear(page, strip, this, this.name ? null : this.heading))
		if (strip) this.bind(`${strip.path}/name`, () => this.#label())
		for (const path of quiet) this.bind(path, () => this.#hush())
		this.follow(page.requests.list, () => this.#hush())
		this.#label()
	}

	#mute() {
		return this.mute ? make("rm-toggle.mute", { "data-path": this.mute, off: "MUTE", on: "MUTED", "data-at": "mute" }) : ""
	}

	#label() {
		this.label = this.heading.textContent
		for (const mute of this.querySelectorAll(".mute")) mute.label = `${this.heading.textContent} mute`
		this.fader.label = `${this.heading.textContent} ${this.what ?? "send"}`
		for (const key of this.querySelectorAll(".ask")) mark(key, "aria-label", `Ask for ${key.dataset.want} of ${this.heading.textContent}`)
	}

	#keys() {
		const key = (want, sign) => make("button.ask", { press: () => this.asks(want), "data-want": want }, sign)
		return [key("less", "−"), key("more", "+")]
	}

	/** Below the name: what was asked of it, that it is silent, or its level. */
	#hush() {
		const silent = this.silent?.() ?? false
		const news = this.says?.()
		const words = news ?? (silent ? "muted" : this.fader.reading.value)
		mark(this, "data-muted", silent)
		mark(this, "data-news", Boolean(news))
		say(this.value, words ?? "")
	}
}
