/** Everything that has no key of its own in the header or below. */
import { mixersOf } from "../desk/mute-groups.js"
import { isFor } from "../desk/place.js"
import { make } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { waysInto } from "./details/ways.js"
import { lockPage } from "./lock.js"

const SHOW = ["show", "Scenes", "recall, save, set list"]
/** Panels that the crew may open from here: name, title, words. Scenes stand above the consoles, in sight on the lowest screen. */
export const ROWS = [
	SHOW,
	["wall", "All meters", "every strip at a glance"],
	["help", "Help", "gestures, keys, search"],
	["requests", "Requests", "from musicians"],
	["history", "History", "who moved what, put it back"],
	["people", "People", "connected, your name"],
	["groups", "Groups", "DCAs and mutes over consoles"],
	["join", "Join", "QR codes and PIN"],
	["find", "Find consoles", "search the network"],
	["layers", "Layers", "your own rows of strips"],
	["keys", "Quick keys", "mute all but …"],
	["surfaces", "Surfaces", "real faders and keys, Learn"],
	["announced", "Home automation", "what Home Assistant finds"],
	["settings", "Settings", "theme, text, meters, side"],
	["traffic", "Traffic", "network log"],
	["doctor", "Report a bug", "what to send with it"],
]

const MORE = { name: "more" }

export function moreView(page, panel, until) {
	const { view, consoles, server } = page
	const shown = ROWS.filter(([name]) => isFor(name, { page: "mixer", role: page.mine.role }))
	const rows = shown.map(([name, title, words]) => row(name, title, words, () => view.panel.set({ name, from: MORE })))
	const above = shown.includes(SHOW) ? 1 : 0
	const lock = row("lock", "Lock page", "against accidental touches", () => lockPage(page))
	const open = mixersOf(consoles.list.value).map(({ name, title }) => row("console", title, "status and setup", () => view.panel.set({ name: "console", console: name, from: MORE })))
	const ways = consoles.list.value.flatMap((console) => waysInto(page, console, MORE, until))
	const withTransport = consoles.list.value.filter(({ name }) => consoles.hasTransport(name))
	const transports = withTransport.map(({ name, title }) => make("div.row.transport", {}, make("b", {}, title), make("rm-transport", { "data-console": name })))
	const version = make("p.quiet", {}, `Remote Mixer ${server.value?.version ?? ""}`)
	return { title: "More", body: [make("div.rows", {}, ...transports, ...rows.slice(0, above), ...ways, ...open, ...rows.slice(above), lock), version] }
}

function row(name, title, words, press) {
	return make("button.row", { press }, icon(name), make("b", {}, title), make("small", {}, words))
}
