/** Each console by name, and its own status in words beside it. */
import { make, mark, RmElement } from "./element.js"

const WORDS = { online: "", syncing: "reading" }

export class RmConsoles extends RmElement {
	connectedCallback() {
		this.follow(this.here.consoles.list, (consoles) => this.#draw(consoles))
	}

	#draw(consoles) {
		const pills = new Map(consoles.map(({ name, title, statusPath }) => [statusPath, pill(name, title || name)]))
		this.replaceChildren(...pills.values())
		this.rebind([...pills.keys()], (status, path) => {
			mark(pills.get(path), "data-status", status)
			pills.get(path).lastChild.textContent = WORDS[status] ?? status
		})
	}
}

function pill(name, title) {
	return make("span.pill", { "data-console": name, "data-status": "online", role: "status" }, make("i"), make("b", {}, title), make("em"))
}
