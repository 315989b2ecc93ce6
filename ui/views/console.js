/** One console: how it is, what is amiss, and what it can be asked. */
import { make, mark } from "../elements/element.js"
import { askName, twice } from "./ask.js"
import { waysInto } from "./details/ways.js"
import { fresh } from "./fresh.js"
import { rows } from "./rows.js"

const STATUS_WORDS = { online: "Online", offline: "Offline", syncing: "Syncing" }
/** Actions with a key of their own: here, or at the takes. */
const ELSEWHERE = ["send_all", "stop_recording", "halt_take", "run_take", "live", "measure_latency"]
const SEND_ALL = "Overwrites the console's values with those of this page."

const INTERRUPTS = "A change starts the engine again: the sound stops for about a second. JACK has a block and a rate of its own."
const PORTS = "What is chosen is joined again when the other program comes back. “Usual” is the card, in its order."
const NOISE = "Lead a cable from output 1 to input 1, and switch the loudspeakers off: the mix stops for up to half a minute, and noise plays on output 1."
const [CARD, RATE, INPUT_CARD, PORT] = ["sound/card", "sound/rate", "sound/input_card", "port/"]
const SOUND = [
	[CARD, "Card"],
	["sound/inputs", "Inputs"],
	[INPUT_CARD, "Microphones"],
	["sound/block", "Block"],
	[RATE, "Rate"],
]

export function consoleView(page, { console: name }, until) {
	const body = make("div.sheet")
	fresh(page, name, body, until, (console, stop) => (console ? parts(page, console, stop) : [make("p.quiet", {}, "Console not available.")]))
	return { title: page.consoles.find(name)?.title ?? name, body }
}

function parts(page, console, until) {
	return [status(page, console, until), ways(page, console, until), transport(page, console), sound(page, console, until), sendAll(page, console), keys(page, console), rows(page, console), adding(page, console), files(page, console, until)]
}

function status({ store }, { name }, until) {
	const words = make("b")
	const notice = make("p.notice")
	const line = make("div.status.pill", { role: "status" }, make("i"), words)
	until(store.watch(`${name}/status`, (value) => [mark(line, "data-status", value), (words.textContent = STATUS_WORDS[value] ?? value)]))
	until(store.watch(`${name}/notice`, (text) => [(notice.textContent = text), (notice.hidden = !text)]))
	return make("div.field", {}, make("span", {}, `Console “${name}”`), line, notice)
}

function ways(page, console, until) {
	const rows = waysInto(page, console, { name: "console", console: console.name }, until)
	return rows.length ? make("div.rows", {}, ...rows) : null
}

function transport({ consoles }, { name }) {
	return consoles.hasTransport(name) ? make("div.field", {}, make("h3", {}, "Transport"), make("rm-transport", { "data-console": name })) : null
}

/** Which device plays, with how many inputs and frames, and what each of its outputs plays. */
function sound(page, { name, params, actions }, until) {
	const { store } = page
	if (!params.includes("sound/now")) return null
	const now = make("p.quiet", { role: "status" })
	until(store.watch(`${name}/sound/now`, (text) => (now.textContent = text ?? "")))
	const measured = make("p.quiet", { role: "status" })
	until(store.watch(`${name}/sound/measured`, (text) => [(measured.textContent = text ?? ""), (measured.hidden = !text)]))
	const latency = actions.get("measure_latency")
	const measure = latency && page.people.isHost ? make("details", {}, make("summary", {}, "Latency"), make("p.quiet", {}, NOISE), twice(latency.label, "Stop the mix, and play noise on output 1?", () => page.act(name, "measure_latency")), measured) : null
	const outputs = params.filter((local) => local.startsWith("output/"))
	const choice = (local, word) => make("div.pick", {}, make("span", {}, word), make("rm-chooser", { "data-path": `${name}/${local}`, "data-label": word, listed: [CARD, RATE, INPUT_CARD].includes(local) || local.startsWith(PORT) }))
	const patch = outputs.length ? make("details", {}, make("summary", {}, "Outputs"), ...outputs.map((local) => choice(local, `Output ${local.slice(local.indexOf("/") + 1)}`))) : null
	const ports = params.filter((local) => local.startsWith(PORT))
	const portWord = (local) => local.slice(PORT.length).replaceAll("_", " ")
	const joined = ports.length ? make("details", {}, make("summary", {}, "Ports of JACK"), make("p.quiet", {}, PORTS), ...ports.map((local) => choice(local, portWord(local)))) : null
	return make("div.field.sound", {}, make("h3", {}, "Sound"), now, ...SOUND.map(([local, word]) => choice(local, word)), make("p.quiet", {}, INTERRUPTS), patch, joined, measure)
}

function sendAll(page, { name, actions }) {
	const action = actions.get("send_all")
	if (!action) return null
	return make("div.field", {}, make("h3", {}, "Values"), make("p.quiet", {}, SEND_ALL), twice(action.label, "Overwrite all values of the console?", () => page.act(name, "send_all")))
}

/** Actions that take nothing and have no place of their own: `[action, {label}]`. */
export function plainActions({ actions }) {
	return [...actions].filter(([action, { params }]) => !Object.keys(params).length && !ELSEWHERE.includes(action))
}

function keys(page, console) {
	const plain = plainActions(console)
	if (!plain.length) return null
	return make("div.field", {}, make("h3", {}, "Actions"), ...plain.map(([action, { label }]) => make("button.wide", { press: () => page.act(console.name, action) }, label)))
}

function adding(page, { name, actions }) {
	const action = actions.get("add_layer")
	if (!action) return null
	return make("div.field", {}, make("h3", {}, "New layer"), askName("Layer name", "Add", action.params.name.length, (layer) => page.act(name, "add_layer", { name: layer })))
}

/** What became of each sound file. */
function files({ store }, { name, params }, until) {
	const lines = params.filter((local) => local.startsWith("files/"))
	if (!lines.length) return null
	const line = (local) => {
		const item = make("li")
		until(store.watch(`${name}/${local}`, (text) => [(item.textContent = text), (item.hidden = !text)]))
		return item
	}
	return make("div.field", {}, make("h3", {}, "Files"), make("ul.files", {}, ...lines.map(line)))
}
