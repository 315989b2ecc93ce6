/**
 * The keys of a console's transport, as many as it has, and where it stands. Attributes: `data-console`.
 * A console that has a stop key shows what is lit; one without stops by a second press on play.
 */
import { isRecorder, turnRecording } from "../desk/takes.js"
import { make, mark, RmElement, say } from "./element.js"
import { icon } from "./icon.js"

const KEYS = [["transport/rewind", "Rewind"], ["transport/forward", "Fast forward"], ["transport/stop", "Stop"], ["transport/play", "Play"], ["transport/record", "Record"], ["transport/cycle", "Loop"]]

export class RmTransport extends RmElement {
	connectedCallback() {
		this.console = this.dataset.console
		const keys = KEYS.filter(([local]) => this.#has(local)).map(([local, word]) => this.#key(local, word))
		const words = [this.#word("flip", "FLIP", "FLIP", "Flip faders and knobs"), this.#word("transport/beats", "SMPTE", "BEATS", "Time in beats")]
		this.replaceChildren(this.#start(), ...keys, this.#recorder(), ...words, this.#time())
		this.bind(`${this.console}/status`, (status) => mark(this, "data-inert", status !== "online"))
	}

	#has(local) {
		return this.page.consoles.param(`${this.console}/${local}`)
	}

	#start() {
		const position = this.#has("transport/position")
		if (!position || position.read_only) return ""
		return make("button.tool", { press: () => this.#set("transport/position", 0), "aria-label": "Return to start" }, icon("start"))
	}

	#key(local, word) {
		const name = local.split("/")[1]
		const alone = name === "play" && !this.#has("transport/stop")
		const key = make("button.tool", { press: () => this.#turn(local), "data-key": name, "aria-label": word }, icon(name))
		this.bind(`${this.console}/${local}`, (lit) => {
			key.setAttribute("aria-pressed", lit === true)
			if (!alone) return
			mark(key, "aria-label", lit ? "Stop" : word)
			key.replaceChildren(icon(lit ? "stop" : name))
		})
		return key
	}

	/** One key that records a take and ends it, for the crew. */
	#recorder() {
		const console = this.page.consoles.find(this.console)
		if (!console || !isRecorder(console) || !this.page.people.isCrew) return ""
		const key = make("button.tool", { press: () => turnRecording(this.page, this.console), "data-key": "record" }, icon("record"))
		this.bind(`${this.console}/recorder/file`, (file) => {
			mark(key, "aria-pressed", String(Boolean(file)))
			mark(key, "aria-label", file ? "Stop recording" : "Record a take")
		})
		return key
	}

	/** A key that says in a word how it stands. */
	#word(local, off, on, label) {
		return this.#has(local) ? make("rm-toggle.flip", { "data-path": `${this.console}/${local}`, off, on, "aria-label": label }) : ""
	}

	/** In the console's own words where it has any, else as minutes and seconds. */
	#time() {
		const time = make("time")
		if (this.#has("transport/time")) this.bind(`${this.console}/transport/time`, (text) => say(time, text || ""))
		else if (this.#has("transport/position")) this.bind(`${this.console}/transport/position`, (seconds) => say(time, clock(seconds)))
		else return ""
		return time
	}

	#turn(local) {
		this.#set(local, this.page.store.get(`${this.console}/${local}`) !== true)
	}

	#set(local, value) {
		if (!this.page.store.set(`${this.console}/${local}`, value)) this.page.notices.inert()
	}
}

/** Seconds as m:ss. */
export function clock(seconds) {
	const whole = Math.max(0, Math.floor(seconds ?? 0))
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`
}
