/** Rights in the own mix, and the page for a role. The server enforces them; the page only shows them. */
import { consoleOf } from "./consoles.js"
import { Signal } from "./signal.js"

const OWN_SENDS = ["level", "mute", "pan"]
const OWN_MASTER = ["fader", "mute"]
const POSITION_DIGITS = 1e5
/** Rights without a mix, and before the server has sent any. */
const NO_RIGHTS = { sends: "look", fader: "look", mute: "look", ceiling: null }

export class Mine {
	/** Which page this is: "mixer", "mine" (a musician's own mix) or "waiting" (a musician who has none yet). */
	page
	/** The path of the own bus, "" for none. */
	mix = new Signal("")
	/** Rights in it: `{sends, fader, mute, ceiling}`; a new object whenever it changes. */
	rights = new Signal(NO_RIGHTS)
	role = "engineer"
	#known = ""

	/** `first` is the page this device had last: nothing flashes past before the server has said who this is. */
	constructor(first = "mixer") {
		this.page = new Signal(first)
	}

	/** Takes role, mix and rights from the server; false when nothing is new. */
	be(you) {
		const { role = "engineer", mix, rights } = you ?? {}
		const known = JSON.stringify([role, mix, rights])
		if (!you || known === this.#known) return false
		this.#known = known
		this.role = role
		this.rights.set({ ...NO_RIGHTS, ...rights })
		this.mix.set(mix ?? "")
		this.page.set(pageOf(role, mix, this.rights.value))
		return true
	}

	/** move, ask or look: what this page may do with a path. */
	may(path) {
		if (this.role !== "musician" && this.role !== "guest") return "move"
		return this.rights.value[partOf(path, this.mix.value)] ?? "look"
	}

	/** The highest level in dB that a part (sends, fader) reaches; Infinity where its own end is the limit. */
	ceiling(part) {
		return this.rights.value.ceiling?.[part === "sends" ? "send_db" : "bus_db"] ?? Infinity
	}

	/** The highest position that a path can be given, on the console's own steps. */
	most(path, { taper, steps } = {}) {
		const db = this.ceiling(partOf(path, this.mix.value))
		if (taper?.unitName !== "dB" || db >= taper.high) return 1
		const grid = steps > 1 ? steps - 1 : POSITION_DIGITS
		return Math.floor(taper.position(db) * grid + 1e-6) / grid
	}
}

function pageOf(role, mix, { sends, fader, mute }) {
	if (role === "musician") return mix ? "mine" : "waiting"
	const more = [sends, fader, mute].some((granted) => granted !== "look")
	return role === "guest" && mix && more ? "mine" : "mixer"
}

/** Which part of a mix (`band/bus2`) a path is: sends, fader, mute, or "" for none of it. */
export function partOf(path, mix) {
	if (!mix || consoleOf(path) !== consoleOf(mix)) return ""
	const [, strip, local, bus, end, ...rest] = path.split("/")
	const id = mix.slice(mix.indexOf("/") + 1)
	if (strip === id) return bus === undefined && OWN_MASTER.includes(local) ? local : ""
	return local === "send" && bus === id && rest.length === 0 && OWN_SENDS.includes(end) ? "sends" : ""
}

/** Explains why a touch on a path without rights does nothing. */
export function whyNot({ role, mix }, may) {
	if (role === "guest") return "View only. Ask the sound crew for changes."
	if (!mix.value) return "No mix yet. The sound crew will assign you one."
	return may === "ask" ? "The sound crew sets this. Ask for more or less." : "The sound crew sets this. You can only view it."
}
