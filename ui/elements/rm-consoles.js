/** Each console by name, with its status; a mark where something is amiss, and a tap tells what. */
import { make, mark, RmElement } from "./element.js"

const WORDS = { online: "", syncing: "reading" }

export class RmConsoles extends RmElement {
	connectedCallback() {
		this.follow(this.here.consoles.list, (consoles) => this.#draw(consoles))
		this.listen(this, "click", ({ target }) => {
			const amiss = target.closest("[data-notice]")
			if (amiss) this.here.notices.say(amiss.dataset.notice)
		})
	}

	#draw(consoles) {
		const pills = new Map()
		for (const { name, title } of consoles) {
			const one = pill(name, title || name)
			for (const local of ["status", "notice"]) pills.set(`${name}/${local}`, one)
		}
		this.replaceChildren(...new Set(pills.values()))
		this.rebind([...pills.keys()], (value, path) => {
			if (path.endsWith("notice")) return mark(pills.get(path), "data-notice", value || null)
			mark(pills.get(path), "data-status", value)
			pills.get(path).lastChild.textContent = WORDS[value] ?? value
		})
	}
}

function pill(name, title) {
	return make("span.pill", { "data-console": name, "data-status": "online", role: "status" }, make("i"), make("b", {}, title), make("em"))
}
