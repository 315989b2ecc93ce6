/**
 * A lying fader as long as the screen allows: name and level before it, its meter below.
 * `lay({strip, name, fader, taps, press, quiet, asked})`: `strip` gives name and colour (else `name`), `quiet` are paths that
 * silence it, `press` is what a tap on its name does, `asks` what the keys less and more do.
 */
import { make, mark, RmElement, wear } from "./element.js"

export class RmLine extends RmElement {
	lay(what) {
		return Object.assign(this, what)
	}

	connectedCallback() {
		const { page, strip, fader, taps = [], press, quiet = [] } = this
		this.heading = make("b", {}, this.name ?? strip.label)
		this.value = make("small", {}, "")
		this.follow(fader.reading, () => this.#hush())
		const meter = taps.length > 0 && make("rm-meter", { "data-taps": taps.join(" "), sideways: true, "aria-hidden": "true" })
		const tag = make(press ? "button.tag" : "div.tag", { press, "aria-haspopup": press && "dialog" }, this.heading, this.value)
		this.replaceChildren(tag, make("div.lane", {}, fader, meter), ...(this.asks ? this.#keys() : []))
		if (strip) this.until(wear(page, strip, this, this.name ? null : this.heading))
		if (strip) this.bind(`${strip.path}/name`, () => this.#label())
		for (const path of quiet) this.bind(path, () => this.#hush())
		this.follow(page.requests.list, () => this.#hush())
		this.#label()
	}

	#label() {
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
		if (this.value.textContent !== words) this.value.textContent = words ?? ""
	}
}
