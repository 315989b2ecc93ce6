/** Connected people as initials in their colours; a tap opens the list. */
import { make, RmElement } from "./element.js"

const SHOWN = 4

export class RmFaces extends RmElement {
	connectedCallback() {
		this.button = make("button", { press: () => this.page.view.panel.set({ name: "people" }), "aria-label": "People" })
		this.replaceChildren(this.button)
		this.follow(this.page.people.list, (people) => this.#draw(people))
	}

	/** Somebody with several pages is one face. */
	#draw(pages) {
		const people = pages.filter(({ person }, at) => !person || pages.findIndex((other) => other.person === person) === at)
		const more = people.length - SHOWN
		this.button.replaceChildren(...people.slice(0, SHOWN).map(face), more > 0 ? make("span.more", {}, `+${more}`) : "")
	}
}

export function face({ initials, color }) {
	return make("span.face", { "data-color": color }, initials || "?")
}
