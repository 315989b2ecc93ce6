/** Shared by the views of people: words for roles, rows of choices, and polled answers of the API. */
import { Signal } from "../../desk/signal.js"
import { make } from "../../elements/element.js"

const POLL_MS = 2000
export const PEOPLE = { name: "people" }

/** "Musician · Mix 2" */
export function roleWords(page, { role, mix }) {
	return [page.vocabulary.value.roles[role]?.name ?? role, mix && page.nameOf(mix)].filter(Boolean).join(" · ")
}

/** Says what was refused; true when all went well. */
export function well({ notices }, { ok, text }) {
	if (!ok) notices.say(text, "error")
	return ok
}

/** Draws the panel anew when this page's own role is another now. */
export function whileRole({ people, view }, panel, until) {
	const role = people.you.value?.role
	until(people.you.watch((you) => you?.role !== role && queueMicrotask(() => view.panel.value === panel && view.panel.set({ ...panel }))))
}

/** The answer of an API path, asked again every 2 s while the panel stands; null until it is known. */
export class Polled extends Signal {
	#page
	#path
	#timer = null
	#stopped = false

	constructor(page, path, until) {
		super(null)
		this.#page = page
		this.#path = path
		until(() => this.#stop())
		this.again()
	}

	/** Asks now. */
	async again() {
		clearTimeout(this.#timer)
		const { ok, data } = await this.#page.api("GET", this.#path)
		if (this.#stopped) return
		if (ok) this.set(data)
		clearTimeout(this.#timer)
		this.#timer = setTimeout(() => this.again(), POLL_MS)
	}

	#stop() {
		this.#stopped = true
		clearTimeout(this.#timer)
	}
}

/** A row of keys of which one is pressed: the one whose value the Signal `now` has; `options` are [value, word]. */
export function segments(title, options, now, choose = (value) => now.set(value)) {
	const keys = options.map(([value, word]) => make("button", { press: () => choose(value) }, word))
	now.watch((value) => keys.forEach((key, at) => key.setAttribute("aria-pressed", options[at][0] === value)))
	return make("fieldset", {}, make("legend", {}, title), make("div.segments", {}, ...keys))
}

export function selectOf(label, options, now, choose) {
	const box = make("select", { "aria-label": label }, ...options.map(([value, word]) => make("option", { value, selected: value === now }, word)))
	box.addEventListener("change", () => choose(box.value))
	return make("label.field.select", {}, label, box)
}
