/** Each console by name, with its status and a mark where something is amiss; a tap opens its panel. */
import { make, mark, RmElement } from "./element.js"

const WORDS = { online: "", syncing: "syncing" }

export class RmConsoles extends RmElement {
	connectedCallback() {
		this.follow(this.page.consoles.list, (consoles) => this.#draw(consoles))
	}

	#draw(consoles) {
		const pills = new Map()
		for (const { name, title } of consoles) {
			const one = pill(this.page, name, title || name)
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

function pill({ view }, name, title) {
	const press = () => view.panel.set({ name: "console", console: name })
	return make("button.pill", { press, "data-console": name, "data-status": "online", "aria-haspopup": "dialog" }, make("i"), make("b", {}, title), make("em", { role: "status" }))
}
