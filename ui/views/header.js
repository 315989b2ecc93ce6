/** Top row: which mix, which consoles, which layer; and at the right transport, solo, people, messages, link. */
import { layersOf, showLayer } from "../desk/layers.js"
import { watchAll } from "../desk/signal.js"
import { make, mark, wear } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { buildHeading } from "./heading.js"
import { buildUndo } from "./history/undo.js"
import { watchPull } from "./pull.js"
import { requestsKey } from "./requests.js"
import { spillTab } from "./spill.js"

export function buildHeader(page) {
	return watchPull(page, make("header", {}, buildHeading(page), buildWhere(page), make("rm-consoles"), buildLayers(page), buildTools(page)))
}

/** "Main mix"; in a mix "Sends to Singer" in that mix's colour, and one clear tap leads back. */
function buildWhere(page) {
	const { view, consoles } = page
	const where = make("div.where")
	let stop = null
	const draw = () => {
		const path = view.mix.value
		stop?.()
		const title = make("b", {}, "Main mix")
		const words = make("div.mix", {}, path && make("span", {}, "Sends to"), title)
		const back = make("button.back", { press: () => view.showMix(null), "aria-label": "Main mix" }, icon("back"), make("span", {}, "Main mix"))
		where.replaceChildren(...(path ? [back, words] : [words]))
		stop = path && wear(page, consoles.strip(path) ?? { path, label: "Mix" }, words, title)
	}
	view.mix.watch(draw)
	consoles.list.watch(() => view.mix.value && page.store.whenFree(draw))
	return where
}

function buildLayers(page) {
	const { prefs, layers, consoles, view, vocabulary } = page
	const row = make("nav.layers", { "aria-label": "Layers" })
	const stops = []
	let drawn = ""
	const draw = () => {
		row.hidden = view.mix.value !== null || (consoles.strips.length === 0 && !page.awaitsStrips)
		const all = layersOf(consoles.list.value, layers.list.value, vocabulary.value.kinds)
		const now = JSON.stringify([prefs.layer.value, all.map(({ id, name }) => [id, name])])
		// A welcome tells consoles, server and layers one after another: the same keys stay.
		if (now === drawn && !view.spill.value && stops.length === 0) return
		drawn = now
		for (const stop of stops.splice(0)) stop()
		row.replaceChildren(...spillTab(page, (stop) => stops.push(stop)), ...all.map((layer) => tab(page, layer)), rowKey(page, "wall", "All meters", "wall"), rowKey(page, "layers", "Edit layers", "plus"))
		// The first stands in sight without a look at the layout.
		if (prefs.layer.value !== "all") row.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" })
	}
	watchAll([view.spill, layers.list, prefs.layer, consoles.list, page.server, view.mix], draw)
	return row
}

function tab(page, { id, name }) {
	const pressed = !page.view.spill.value && page.prefs.layer.value === id
	return make("button", { press: () => showLayer(page, id), "aria-pressed": String(pressed) }, name)
}

function rowKey({ view }, name, label, symbol) {
	return make("button.edit", { press: () => view.panel.set({ name }), "aria-label": label, "data-opens": name }, icon(symbol))
}

function buildTools(page) {
	const tools = make("div.tools")
	tools.append(buildUndo(page), make("rm-talks"), make("rm-solos"), buildTransports(page), make("rm-faces"), requestsKey(page), messagesKey(page), tool(page, "help", "Help"), tool(page, "more", "More"), make("rm-link"))
	return tools
}

/** One console's transport; where several have one, its nickname is the key to the next. */
function buildTransports({ consoles, prefs }) {
	const place = make("div.transports")
	const draw = () => {
		const all = consoles.list.value.filter(({ name }) => consoles.hasTransport(name))
		const at = Math.max(0, all.findIndex(({ name }) => name === prefs.transport.value))
		const next = all[(at + 1) % all.length]
		const turn = all.length > 1 && make("button.turn", { press: () => prefs.transport.set(next.name), "aria-label": `Transport of ${all[at].title}: show that of ${next.title}` }, all[at].name)
		place.replaceChildren(...all.slice(at, at + 1).flatMap(({ name }) => [turn || "", make("rm-transport", { "data-console": name })]))
	}
	watchAll([consoles.list, prefs.transport], draw)
	return place
}

function tool({ view }, name, label) {
	const press = () => view.panel.set(view.panel.value?.name === name ? null : { name })
	return make("button.tool", { press, "aria-label": label, "data-tool": name }, icon(name))
}

function messagesKey(page) {
	const button = tool(page, "messages", "Messages")
	page.messages.unread.watch((count) => mark(button, "data-unread", count || null))
	return button
}
