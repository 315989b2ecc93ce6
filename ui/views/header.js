/** Top row: which mix, which consoles, which layer; and at the right transport, solo, people, messages, link. */
import { layersOf } from "../desk/layers.js"
import { make, mark, wear } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { requestsKey } from "./requests.js"

export function buildHeader(here) {
	return make("header", {}, buildWhere(here), make("rm-consoles"), buildLayers(here), buildTools(here))
}

/** "Main mix ▾" opens the list of mixes; in a mix one clear tap leads back. */
function buildWhere(here) {
	const { view, consoles } = here
	const where = make("div.where")
	let stop = null
	view.mix.watch((path) => {
		stop?.()
		const title = make("b", {}, "Main mix")
		const choose = make("button.mix", { press: () => view.panel.set({ name: "mixes" }) }, title, path && make("small", {}, "sends"), icon("down"))
		const back = make("button.back", { press: () => view.mix.set(null) }, icon("back"), make("span", {}, "Main mix"))
		where.replaceChildren(...(path ? [back, choose] : [choose]))
		stop = path && wear(here, consoles.strip(path), choose, title)
	})
	return where
}

function buildLayers(here) {
	const { prefs, consoles, view } = here
	const row = make("nav.layers", { "aria-label": "Layers" })
	const draw = () => {
		row.hidden = view.mix.value !== null || consoles.strips.length === 0
		row.replaceChildren(...layersOf(consoles.list.value, prefs.layers.value).map((layer) => tab(here, layer)), editKey(here))
	}
	prefs.layers.watch(draw)
	prefs.layer.watch(draw)
	consoles.list.watch(draw)
	view.mix.watch(draw)
	return row
}

function tab({ prefs }, { id, name }) {
	return make("button", { press: () => prefs.layer.set(id), "aria-pressed": String(prefs.layer.value === id) }, name)
}

function editKey({ view }) {
	return make("button.edit", { press: () => view.panel.set({ name: "layers" }), "aria-label": "Choose layers" }, icon("plus"))
}

function buildTools(here) {
	const tools = make("div.tools")
	const transports = make("div.transports")
	here.consoles.list.watch((consoles) => {
		const playing = consoles.filter(({ name }) => here.consoles.hasTransport(name))
		transports.replaceChildren(...playing.slice(0, 1).map(({ name }) => make("rm-transport", { "data-console": name })))
	})
	tools.append(make("rm-solos"), transports, make("rm-faces"), requestsKey(here), messagesKey(here), tool(here, "more", "More"), make("rm-link"))
	return tools
}

function tool({ view }, name, label) {
	const press = () => view.panel.set(view.panel.value?.name === name ? null : { name })
	return make("button.tool", { press, "aria-label": label, "data-tool": name }, icon(name))
}

function messagesKey(here) {
	const button = tool(here, "messages", "Messages")
	here.messages.unread.watch((count) => mark(button, "data-unread", count || null))
	return button
}
