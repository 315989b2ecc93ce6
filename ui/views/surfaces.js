/** Control surfaces: whether each is connected, and the map of a MIDI controller, which it learns by being moved. */
import { KINDS, targetWords } from "../desk/surfaces.js"
import { make } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { learn, nameOf } from "./learn.js"
import { Polled, selectOf, well } from "./people/common.js"
import { counted } from "./words.js"

const WORDS = "Real faders, knobs, keys and pedals. Start the server with one of these to add one:"
const EXAMPLES = ["remote-mixer --surface FOH=mackie:X-Touch", "remote-mixer --surface Nano=midi:port=nanoKONTROL2"]
const MACKIE = "Its keys and faders are those of a Mackie Control; nothing has to be learned."

export function surfacesView(page, panel, until) {
	const asked = new Polled(page, "surfaces", until)
	const body = make("div.sheet")
	let draw = null
	let drawn = null
	until(asked.watch((answer) => {
		const surface = answer?.surfaces.find(({ name }) => name === panel.surface)
		const now = JSON.stringify(surface ?? answer)
		if (!answer || now === drawn) return // asked again and again: what is being chosen stays
		draw ??= surface ? one(page, panel, answer, asked, body) : all(page, body)
		draw(surface ?? answer)
		drawn = now
	}))
	return { title: panel.surface ?? "Surfaces", body }
}

/** Fills the body; returns what draws an answer. */
function all({ view }, body) {
	const list = make("div.rows")
	const open = (surface) => view.panel.set({ name: "surfaces", surface, from: { name: "surfaces" } })
	body.append(list, make("div.found", {}, make("p.quiet", {}, WORDS), ...EXAMPLES.map((line) => make("code", {}, line))))
	return ({ surfaces }) => list.replaceChildren(...surfaces.map(({ name, state, controls, file }) => {
		const words = [state, file && counted(controls.length, "control")].filter(Boolean).join(" · ")
		return make("button.row", { press: () => open(name), "data-surface": name }, icon("surfaces"), make("b", {}, name), make("small", {}, words))
	}))
}

/** As `all`, for one surface. */
function one(page, panel, { surfaces, orders }, asked, body) {
	const { name, spec, file } = surfaces.find((surface) => surface.name === panel.surface)
	const state = make("p.quiet", { role: "status" })
	const map = make("div.field")
	body.append(state, ...(file ? [learn(page, panel, name, orders, asked), map, make("p.quiet", {}, `Kept in ${file}`)] : [make("p.quiet", {}, MACKIE)]))
	return (surface) => {
		state.textContent = `${spec} · ${surface.state}`
		if (file) map.replaceChildren(...listed(page, surface, asked))
	}
}

// What is in the map

function listed(page, surface, asked) {
	const ask = async (method, path, form) => well(page, await page.api(method, `surfaces/${encodeURIComponent(surface.name)}/${path}`, form)) && asked.again()
	const rows = surface.controls.map((control) => row(page, control, ask))
	const undo = make("button.wide", { press: () => ask("POST", "undo", {}), disabled: !surface.can_undo }, "Undo the last change")
	const none = rows.length ? "" : make("p.quiet", {}, "Nothing is learned yet.")
	return [make("h3", {}, "Controls"), none, make("ul.learned", {}, ...rows), undo]
}

function row(page, control, ask) {
	const { id, message, kind, kinds, do: order } = control
	const words = targetWords(control, (path) => nameOf(page, path))
	const choice = kinds.length > 1 ? selectOf(`Kind of ${message}`, kinds.map((one) => [one, KINDS[one]]), kind, (now) => ask("PUT", `controls/${id}`, { kind: now })) : order && order !== "tap" ? "" : make("small", {}, KINDS[kind] ?? kind)
	const gone = make("button.tool", { press: () => ask("DELETE", `controls/${id}`), "aria-label": `Delete ${message}, ${words}` }, icon("close"))
	return make("li", { "data-control": id }, make("b", {}, words), make("small", {}, message), choice, gone)
}
