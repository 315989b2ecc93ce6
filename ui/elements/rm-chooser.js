/**
 * All choices of a choice param: a few stand side by side, many open in a list. Attributes: `data-path`, `data-label`, `listed`
 * (in a list, however few: names may be long), `drawn` (the types of an equaliser's bands as little curves).
 */
import { consoleOf } from "../desk/consoles.js"
import { idleOf, idlePathsOf } from "../desk/reading.js"
import { make, mark, RmElement } from "./element.js"
import { BANDS, icon } from "./icon.js"

const MOST_BESIDE = 6

export class RmChooser extends RmElement {
	connectedCallback() {
		this.path = this.dataset.path
		this.choices = this.page.consoles.param(this.path).choices
		const beside = this.choices.length <= MOST_BESIDE && !this.hasAttribute("listed")
		this.replaceChildren(beside ? this.#segments() : this.#list())
		this.drawFor([`${consoleOf(this.path)}/status`, this.path, ...idlePathsOf(this.path)])
	}

	draw() {
		const { store } = this.page
		const value = store.get(this.path)
		mark(this, "data-way", store.marks.onItsWay(this.path))
		mark(this, "data-inert", !store.live(this.path))
		mark(this, "data-idle", idleOf(this.page, this.path) !== null)
		mark(this, "data-unknown", typeof value !== "string")
		if (this.list) this.list.value = value ?? ""
		for (const button of this.buttons ?? []) mark(button, "aria-pressed", String(button.dataset.choice === value))
	}

	#segments() {
		this.buttons = this.choices.map((choice) => {
			const drawn = this.hasAttribute("drawn") && choice in BANDS
			return make("button", { press: () => this.#set(choice), "data-choice": choice, "aria-label": drawn && wordOf(choice), title: drawn && wordOf(choice) }, drawn ? icon(choice) : wordOf(choice))
		})
		return make("div.segments", { role: "group", "aria-label": this.dataset.label }, ...this.buttons)
	}

	#list() {
		this.list = make("select", { "aria-label": this.dataset.label }, ...this.choices.map((choice) => make("option", { value: choice }, wordOf(choice))))
		this.list.addEventListener("change", () => this.#set(this.list.value))
		return this.list
	}

	#set(choice) {
		if (!this.page.store.set(this.path, choice)) this.page.notices.inert(this.path)
		this.draw()
	}
}

/** "pre_fader" → "pre fader"; how it is set off (capitals) is the sheet's business. */
export function wordOf(choice) {
	return choice.replaceAll("_", " ")
}
