/** Everything that has no key of its own in the header or below. */
import { isFor } from "../desk/place.js"
import { make } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { waysInto } from "./details/ways.js"
import { lockPage } from "./lock.js"

/** Panels that everybody of the crew may open from here: name, title, words. */
export const ROWS = [
	["help", "Help", "gestures, keys, search"],
	["requests", "Requests", "from musicians"],
	["show", "Scenes", "recall, save, set list"],
	["history", "History", "who moved what, put it back"],
	["people", "People", "connected, your name"],
	["join", "Join", "QR codes and PIN"],
	["find", "Find consoles", "search the network"],
	["layers", "Layers", "custom sets of strips"],
	["settings", "Settings", "theme, text, meters, side"],
	["traffic", "Traffic", "network log"],
	["doctor", "Report a bug", "what to send with it"],
]

const MORE = { name: "more" }

export function moreView(page, panel, until) {
	const { view, consoles, server } = page
	const rows = ROWS.filter(([name]) => isFor(name, { page: "mixer", role: page.mine.role })).map(([name, title, words]) => row(name, title, words, () => view.panel.set({ name, from: MORE })))
	const lock = row("lock", "Lock page", "against accidental touches", () => lockPage(page))
	const open = consoles.list.value.map(({ name, title }) => row("console", title, "status and setup", () => view.panel.set({ name: "console", console: name, from: MORE })))
	const ways = consoles.list.value.flatMap((console) => waysInto(page, console, MORE, until))
	const withTransport = consoles.list.value.filter(({ name }) => consoles.hasTransport(name))
	const transports = withTransport.map(({ name, title }) => make("div.row.transport", {}, make("b", {}, title), make("rm-transport", { "data-console": name })))
	const version = make("p.quiet", {}, `Remote Mixer ${server.value?.version ?? ""}`)
	return { title: "More", body: [make("div.rows", {}, ...transports, ...ways, ...open, ...rows, lock), version] }
}

function row(name, title, words, press) {
	return make("button.row", { press }, icon(name), make("b", {}, title), make("small", {}, words))
}
