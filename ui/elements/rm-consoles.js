/** Each console, several by their nicknames, with its status and what is amiss in its own words; a tap opens its panel. */
import { mixersOf } from "../desk/mute-groups.js"
import { make, mark, RmElement } from "./element.js"

const WORDS = { online: "", syncing: "syncing" }

export class RmConsoles extends RmElement {
	connectedCallback() {
		this.follow(this.page.consoles.list, (consoles) => this.#draw(consoles))
	}

	#draw(consoles) {
		const pills = new Map()
		const mixers = mixersOf(consoles)
		for (const { name, title } of mixers) {
			const one = pill(this.page, name, mixers.length > 1 ? name : title || name)
			for (const local of ["status", "notice"]) pills.set(`${name}/${local}`, one)
		}
		this.replaceChildren(...new Set(pills.values()))
		this.rebind([...pills.keys()], (value, path) => show(pills.get(path), path.split("/")[1], value))
	}
}

function pill({ view }, name, title) {
	const press = () => view.panel.set({ name: "console", console: name })
	const attributes = { press, "data-console": name, "data-status": "online", "aria-label": title, "aria-haspopup": "dialog" }
	return make("button.pill", attributes, make("i"), make("b", {}, title), make("em", { role: "status" }), make("small"))
}

/** `what` is status or notice. */
function show(pill, what, value) {
	const [, name, status, notice] = pill.children
	mark(pill, `data-${what}`, value || null)
	if (what === "status") status.textContent = WORDS[value] ?? value
	else notice.textContent = value || ""
	mark(pill, "aria-label", [name.textContent, pill.dataset.status, notice.textContent].filter(Boolean).join(", "))
}
