/** "FX mute": one tap mutes every effect return that is open, as one move; the next opens those again, and no other. */
import { make, mark, RmElement } from "./element.js"

const NOT_BY_THIS_KEY = "These returns were not muted by this key. Unmute each on its strip."

export class RmFx extends RmElement {
	connectedCallback() {
		this.button = make("button.pill", { press: () => this.#press() }, "FX mute")
		this.replaceChildren(this.button)
		this.follow(this.page.consoles.list, () => this.#find())
	}

	#find() {
		this.paths = this.page.consoles.strips.filter((strip) => strip.kind === "return" && strip.has("mute")).map(({ path }) => `${path}/mute`)
		this.hidden = this.paths.length === 0
		this.rebind(this.paths, () => this.#draw())
		this.#draw()
	}

	#which(value) {
		return this.paths.filter((path) => this.page.store.get(path) === value)
	}

	#draw() {
		mark(this.button, "aria-pressed", String(this.paths.length > 0 && this.#which(true).length === this.paths.length))
	}

	#press() {
		const { store, prefs, notices } = this.page
		const open = this.#which(false)
		const mine = open.length ? open : this.paths.filter((path) => prefs.hushed.value.includes(path))
		const moved = mine.filter((path) => store.set(path, open.length > 0))
		if (mine.length === 0) notices.say(NOT_BY_THIS_KEY)
		else if (moved.length === 0) notices.inert(mine[0])
		else prefs.hushed.set(open.length ? moved : [])
	}
}
