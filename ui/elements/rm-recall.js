/** The banner of a recall: how far it is; pause, finish now and back while it goes on, back for a while after. It pushes what stands below. */
import { titleOf } from "../desk/setlist.js"
import { stripOf } from "../desk/history.js"
import { make, mark, RmElement } from "./element.js"
import { whenStill } from "./fingers.js"
import { icon } from "./icon.js"

const SECOND_MS = 1000

export class RmRecall extends RmElement {
	#words = make("p", { role: "status" })
	#pause = this.#key("pause", "Pause", () => this.page.show.ask(this.page.show.recall.value?.paused ? "on" : "pause"))
	#finish = this.#key("finish", "Finish now", () => this.page.show.ask("finish"))
	#back = make("button.back-key", { press: () => this.#goBack() })
	#close = make("button", { press: () => this.page.show.close(), "aria-label": "Dismiss" }, icon("close"))
	#refused = ""
	#timer = null

	connectedCallback() {
		this.setAttribute("role", "region")
		this.label = "Recall"
		this.replaceChildren(this.#words, this.#pause, this.#finish, this.#back, this.#close)
		this.follow(this.page.show.recall, () => {
			this.#refused = ""
			whenStill(() => this.#draw())
		})
		this.#timer = setInterval(() => this.page.show.recall.value?.over && this.#draw(), SECOND_MS)
		this.until(() => clearInterval(this.#timer))
	}

	#key(name, word, press) {
		return make(`button.${name}-key`, { press, "aria-label": word, title: word }, icon(name), make("span", {}, word))
	}

	/** What others have moved since is said first; the second press puts that back too. */
	async #goBack() {
		this.#refused = await this.page.show.back(Boolean(this.#refused))
		this.#draw()
	}

	#draw() {
		const state = this.page.show.recall.value
		this.hidden = !state
		if (!state) return
		const { over, paused, of, left } = state
		this.style.setProperty("--done", over ? 1 : of ? state.done / of : 0)
		this.#pause.hidden = this.#finish.hidden = over
		this.#close.hidden = !over
		mark(this, "data-over", over)
		this.#pause.replaceChildren(icon(paused ? "play" : "pause"), make("span", {}, paused ? "Go on" : "Pause"))
		mark(this.#pause, "aria-label", paused ? "Go on" : "Pause")
		this.#back.replaceChildren(icon("undo"), this.#refused ? "Put back anyway" : "Back")
		const words = over ? this.#after(state) : `${paused ? "paused, " : ""}${left.toFixed(1)} s left`
		const text = this.#refused || [words, this.#lost(state)].filter(Boolean).join(" · ")
		if (this.#words.textContent !== this.#title(state) + text) this.#words.replaceChildren(make("b", {}, this.#title(state)), make("span", {}, text))
	}

	#title({ scene, name }) {
		return titleOf(this.page.show.find(scene) ?? { number: 0, name })
	}

	#after({ done, of, until }) {
		const seconds = Math.max(0, Math.ceil((until - this.page.clock.now()) / SECOND_MS))
		return `${done} of ${of} changed · back for ${seconds} s`
	}

	/** "Kick stays: FOH tablet moved it meanwhile." */
	#lost({ lost }) {
		const paths = Object.keys(lost)
		if (!paths.length) return ""
		return `${paths.length === 1 ? `${this.page.nameOf(stripOf(paths[0]))} stays` : `${paths.length} stay`}: ${lost[paths[0]]}`
	}
}
