/** Play, stop and where we are, for a console that has a transport. Attributes: `data-console`. */
import { make, mark, RmElement } from "./element.js"
import { icon } from "./icon.js"

export class RmTransport extends RmElement {
	connectedCallback() {
		const prefix = `${this.dataset.console}/transport`
		this.play = `${prefix}/play`
		this.position = `${prefix}/position`
		const start = make("button.tool", { press: () => this.#set(this.position, 0), "aria-label": "To the start" }, icon("start"))
		this.key = make("button.tool.play", { press: () => this.#set(this.play, this.here.store.get(this.play) !== true) })
		this.time = make("time")
		this.replaceChildren(start, this.key, this.time)
		this.bind(this.play, (playing) => this.#drawPlay(playing))
		this.bind(this.position, (seconds) => (this.time.textContent = clock(seconds)))
	}

	#drawPlay(playing) {
		this.key.setAttribute("aria-pressed", playing === true)
		mark(this.key, "aria-label", playing ? "Stop" : "Play")
		this.key.replaceChildren(icon(playing ? "stop" : "play"))
	}

	#set(path, value) {
		if (!this.here.store.set(path, value)) this.here.notices.inert()
	}
}

/** Seconds as m:ss. */
export function clock(seconds) {
	const whole = Math.max(0, Math.floor(seconds ?? 0))
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`
}
