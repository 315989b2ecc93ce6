/** Banner of what is recorded, and of a take that plays in place of the inputs: never hidden while it does. It pushes what stands below. */
import { roomWords, timeWords } from "../desk/take-words.js"
import { isRecorder, setMark } from "../desk/takes.js"
import { make, mark, RmElement, say } from "./element.js"
import { icon } from "./icon.js"

const READINGS = ["recorder/file", "recorder/seconds", "recorder/left", "recorder/fill", "recorder/note", "soundcheck/file", "soundcheck/position", "soundcheck/seconds", "soundcheck/runs", "soundcheck/note"]

export class RmTakes extends RmElement {
	#rows = []
	/** Sentences that stay after a take, and that were read on this device. */
	#seen = new Set()

	connectedCallback() {
		this.setAttribute("role", "region")
		this.label = "Takes"
		this.follow(this.page.consoles.list, () => this.#build())
	}

	#build() {
		const consoles = this.page.consoles.list.value.filter(isRecorder)
		this.#rows = consoles.flatMap((console) => [this.#soundcheck(console), this.#recording(console)])
		this.replaceChildren(...this.#rows.map(({ row }) => row))
		this.rebind(consoles.flatMap(({ name }) => READINGS.map((local) => `${name}/${local}`)), () => this.#draw())
		this.#draw()
	}

	#row(name, ...keys) {
		const [title, words] = [make("b"), make("span")]
		const crew = this.page.people.isCrew ? keys : []
		return { title, words, row: make(`div.${name}`, { hidden: true }, make("i"), make("p", { role: "status" }, title, words), ...crew) }
	}

	/** Puts a sentence away that says what has ended. */
	#away(note) {
		return make("button", { press: () => [this.#seen.add(note()), this.#draw()], "aria-label": "Read" }, icon("close"))
	}

	#soundcheck({ name }) {
		const act = (action) => () => this.page.act(name, action)
		const halt = make("button", { press: () => this.page.act(name, this.#read(name, "soundcheck/runs") ? "halt_take" : "run_take") })
		const live = make("button.live-key", { press: act("live") }, "Live again")
		const away = this.#away(() => this.#read(name, "soundcheck/note"))
		const row = this.#row("plays", halt, live, away)
		return { ...row, draw: () => {
			const [file, note, runs] = ["file", "note", "runs"].map((local) => this.#read(name, `soundcheck/${local}`))
			row.row.hidden = !file && (!note || this.#seen.has(note))
			away.hidden = Boolean(file)
			halt.hidden = live.hidden = !file
			mark(row.row, "data-halted", Boolean(file) && !runs)
			mark(halt, "aria-label", runs ? "Pause the take" : "Go on with the take")
			if (halt.dataset.runs !== String(runs)) [halt.dataset.runs = String(runs), halt.replaceChildren(icon(runs ? "pause" : "play"))]
			const place = `${timeWords(this.#read(name, "soundcheck/position"))} of ${timeWords(this.#read(name, "soundcheck/seconds"))}`
			say(row.title, file ? "Virtual soundcheck: inputs are off" : "Inputs are live")
			say(row.words, file ? [`${file} ${place}`, runs ? "" : "stopped, silent", note].filter(Boolean).join(" · ") : note)
		} }
	}

	#recording({ name }) {
		const marker = make("button", { press: () => setMark(this.page, name), "aria-label": "Set a marker" }, "Marker")
		const stop = make("button", { press: () => this.page.act(name, "stop_recording"), "aria-label": "Stop recording" }, icon("stop"))
		const away = this.#away(() => this.#read(name, "recorder/note"))
		const row = this.#row("records", marker, stop, away)
		return { ...row, draw: () => {
			const [file, note, fill, left] = ["file", "note", "fill", "left"].map((local) => this.#read(name, `recorder/${local}`))
			row.row.hidden = !file && (!note || this.#seen.has(note))
			away.hidden = Boolean(file)
			marker.hidden = stop.hidden = !file
			mark(row.row, "data-note", Boolean(note))
			say(row.title, file ? `Recording ${timeWords(this.#read(name, "recorder/seconds"))}` : "Recording")
			say(row.words, (file ? [note, file, `${roomWords(left)} left on the disk`, fill > 5 && `${Math.round(fill)} % wait for the disk`] : [note]).filter(Boolean).join(" · "))
		} }
	}

	#read(name, local) {
		return this.page.store.get(`${name}/${local}`)
	}

	#draw() {
		for (const { draw } of this.#rows) draw()
		this.hidden = this.#rows.every(({ row }) => row.hidden)
	}
}
