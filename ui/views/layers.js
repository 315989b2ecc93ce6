/** Own layers: choose strips, give them a name; kept on this device only. */
import { showLayer } from "../desk/layers.js"
import { make } from "../elements/element.js"

const LONGEST = 16

export function layersView(page, { edit }, until) {
	const own = page.prefs.layers.value.find(({ id }) => id === edit)
	return own || edit === "new" ? editor(page, own) : chooser(page, until)
}

function chooser({ prefs, view }, until) {
	const rows = make("div.rows")
	const fresh = make("button.wide", { press: () => view.panel.set({ name: "layers", edit: "new", from: { name: "layers" } }) }, "New layer")
	until(prefs.layers.watch((own) => rows.replaceChildren(...own.map((layer) => row(view, layer)))))
	const words = make("p.quiet", {}, "A layer is a set of strips, in the order you tap them. Saved on this device only.")
	return { title: "Layers", body: [words, rows, fresh] }
}

function row(view, { id, name, strips }) {
	const press = () => view.panel.set({ name: "layers", edit: id, from: { name: "layers" } })
	return make("button.row", { press }, make("b", {}, name), make("small", {}, `${strips.length} strips`))
}

function editor(page, own) {
	const chosen = [...(own?.strips ?? [])]
	const box = make("input", { type: "text", maxlength: LONGEST, placeholder: "Drums", "aria-label": "Layer name" })
	box.value = own?.name ?? ""
	const strips = page.consoles.strips.filter(({ kind }) => kind !== "main")
	const choices = make("div.choices", {}, ...strips.map((strip) => choice(page, strip, chosen)))
	const form = make("form.rename", {}, make("label", {}, "Name", box), make("button", { type: "submit" }, "Save"))
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		keep(page, own, box.value.trim() || "My layer", chosen)
	})
	return { title: own ? "Edit layer" : "New layer", body: [form, choices, own ? drop(page, own) : ""] }
}

function choice(page, strip, chosen) {
	const draw = () => one.setAttribute("aria-pressed", chosen.includes(strip.path))
	const press = () => {
		const at = chosen.indexOf(strip.path)
		if (at < 0) chosen.push(strip.path)
		else chosen.splice(at, 1)
		draw()
	}
	const one = make("button", { press, "data-color": page.store.get(`${strip.path}/color`) }, page.nameOf(strip.path))
	draw()
	return one
}

function keep(page, own, name, strips) {
	const { prefs, view, clock, notices } = page
	if (strips.length === 0) return notices.say("Select at least one strip.")
	const id = own?.id ?? `own${Math.round(clock.now() * 1000)}`
	const others = prefs.layers.value.filter((layer) => layer.id !== id)
	prefs.layers.set([...others, { id, name, strips }])
	showLayer(page, id)
	view.panel.set(null)
}

function drop({ prefs, view }, own) {
	const press = () => {
		prefs.layers.set(prefs.layers.value.filter(({ id }) => id !== own.id))
		prefs.layer.set("all")
		view.panel.set({ name: "layers" })
	}
	return make("button.wide.away", { press }, "Delete layer")
}
