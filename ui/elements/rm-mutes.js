/**
 * "FX mute" and "All but …": one tap mutes every strip of a kind that is open, as one move; the next opens those again, and no other.
 * Attributes: `data-kind` of the strips; `spares`: all but those of a layer that is chosen on this device, a long press chooses another.
 */
import { sparedLayer } from "../desk/mute-all.js"
import { isFor } from "../desk/place.js"
import { make, mark, RmElement } from "./element.js"
import { onPress } from "./fingers.js"

const NOT_BY_THIS_KEY = "These strips were not muted by this key. Unmute each on its own."

export class RmMutes extends RmElement {
	connectedCallback() {
		const { consoles, layers, prefs, mine, view } = this.page
		this.spares = this.hasAttribute("spares")
		this.button = make("button.pill", { "aria-description": this.spares && "long press: choose what stays open" })
		this.choose = () => view.panel.set({ name: "keys" })
		onPress(this.button, () => this.#press(), this.spares ? this.choose : null)
		this.replaceChildren(this.button)
		for (const signal of this.spares ? [consoles.list, mine.rights, layers.list, prefs.spared] : [consoles.list]) this.follow(signal, () => this.#find())
	}

	#find() {
		const { consoles, mine } = this.page
		this.layer = this.spares ? sparedLayer(this.page) : null
		const strips = consoles.strips.filter((strip) => strip.kind === this.dataset.kind && strip.has("mute"))
		this.all = strips.map(({ path }) => `${path}/mute`)
		this.paths = this.all.filter((path, at) => !this.layer?.holds(strips[at]))
		this.hidden = strips.length === 0 || (this.spares && !isFor("keys", { page: "mixer", role: mine.role }))
		this.button.textContent = this.spares ? `All but ${this.layer?.name ?? "…"}` : "FX mute"
		mark(this.button, "aria-label", this.spares && `Mute all but ${this.layer?.name ?? "…"}`)
		this.rebind(this.all, () => this.#draw())
		this.#draw()
	}

	/** What somebody has opened meanwhile this key has not closed any more. */
	#draw() {
		const { store, prefs } = this.page
		const closed = prefs.hushed.value.filter((path) => store.get(path) !== false)
		if (closed.length < prefs.hushed.value.length) prefs.hushed.set(closed)
		mark(this.button, "aria-pressed", String(this.paths.length > 0 && this.paths.every((path) => store.get(path) === true)))
	}

	#press() {
		if (this.spares && !this.layer) return this.choose()
		const { store, prefs, notices } = this.page
		const open = this.paths.filter((path) => store.get(path) === false)
		const mine = open.length ? open : prefs.hushed.value.filter((path) => this.all.includes(path))
		const moved = mine.filter((path) => store.set(path, open.length > 0))
		if (mine.length === 0) notices.say(NOT_BY_THIS_KEY)
		else if (moved.length === 0) notices.inert(mine[0])
		else if (open.length) prefs.hushed.set([...prefs.hushed.value, ...moved])
	}
}
