/** The scenes of the consoles: which stands, which there are, and whether a console went to another one by itself. */
import { Signal } from "./signal.js"

/** A recall that this page asked for is no surprise for so long. */
const OURS_MS = 10_000

export class Scenes {
	/** console → the scene it went to without us, until somebody looks. */
	moved = new Signal(new Map())
	#page
	#stops = []
	#last = new Map()
	#asked = new Map()

	constructor(page) {
		this.#page = page
		page.consoles.list.watch(() => this.#follow())
	}

	/** The consoles that have scenes. */
	get consoles() {
		return this.#page.consoles.list.value.filter(({ params }) => params.includes("scene/current"))
	}

	/** The number of the scene that stands, or null. */
	current(console) {
		const number = this.#page.store.truth(`${console}/scene/current`)
		return typeof number === "number" && number >= 0 ? number : null
	}

	/** The number of the scene that is highlighted at the console, or null; a line of another list is none. */
	highlighted(console) {
		const [number, list] = ["highlighted", "list"].map((local) => this.#page.store.truth(`${console}/scene/${local}`))
		return typeof number === "number" && number >= 0 && list === "scenes" ? number : null
	}

	/** The scenes of a console that have a name, and the one that stands, by number. */
	list({ name, params }) {
		const numbers = params.flatMap((local) => /^scene\/(\d+)\/name$/.exec(local)?.[1] ?? []).map(Number)
		const scenes = numbers.map((number) => ({ number, name: this.nameOf(name, number) }))
		return scenes.filter((scene) => scene.name || scene.number === this.current(name)).sort((one, other) => one.number - other.number)
	}

	nameOf(console, number) {
		return this.#page.store.truth(`${console}/scene/${number}/name`) ?? ""
	}

	/** Whether a console recalls the scene of this number on request. */
	canRecall({ actions }, number) {
		const numbers = actions.get("recall")?.params.scene
		return Boolean(numbers) && numbers.low <= number && number <= numbers.high
	}

	recall(console, number) {
		this.#asked.set(console, { number, at: this.#page.clock.now() })
		return this.#page.act(console, "recall", { scene: number })
	}

	seen(console) {
		if (!this.moved.value.has(console)) return
		this.moved.set(new Map([...this.moved.value].filter(([name]) => name !== console)))
	}

	#follow() {
		for (const stop of this.#stops.splice(0)) stop()
		this.#stops = this.consoles.map(({ name }) => this.#page.store.watch(`${name}/scene/current`, () => this.#see(name)))
	}

	#see(console) {
		const [before, now] = [this.#last.get(console), this.#page.store.truth(`${console}/scene/current`)]
		this.#last.set(console, now)
		if (typeof before !== "number" || typeof now !== "number" || before === now || now < 0) return
		const asked = this.#asked.get(console)
		this.#asked.delete(console)
		if (asked?.number === now && this.#page.clock.now() - asked.at < OURS_MS) return
		this.moved.set(new Map([...this.moved.value, [console, now]]))
		this.#page.notices.say(`The console is now at ${this.wordsFor(console, now)}.`)
	}

	/** "scene 7, Encore". */
	wordsFor(console, number) {
		const name = this.nameOf(console, number)
		return name ? `scene ${number}, ${name}` : `scene ${number}`
	}
}
