/** Choose a mix: the main one, or a bus whose sends then come under the faders. */
import { buses } from "../desk/layers.js"
import { make, mark, wear } from "../elements/element.js"

export function mixesView(page, panel, until) {
	const rows = make("div.rows")
	until(page.consoles.list.watch((consoles) => rows.replaceChildren(row(page, null, until), ...buses(consoles).map((bus) => row(page, bus, until)))))
	until(page.view.mix.watch((mix) => rows.childNodes.forEach((one) => mark(one, "aria-current", one.dataset.mix === (mix ?? "") ? "true" : null))))
	const words = make("p.quiet", {}, "Select a mix to control its sends with the faders, until you return to the main mix.")
	return { title: "Mixes", body: [rows, words] }
}

function row(page, bus, until) {
	const title = make("b", {}, bus?.label ?? "Main mix")
	const press = () => {
		page.view.showMix(bus?.path ?? null)
		page.view.panel.set(null)
	}
	const words = make("small", {}, bus ? "" : "front of house")
	const one = make("button.row", { press, "data-mix": bus?.path ?? "" }, make("i.swatch"), title, words)
	if (!bus) return one
	until(wear(page, bus, one, title))
	until(page.store.watch(`${bus.path}/name`, (name) => (words.textContent = about(page, bus, name))))
	return one
}

/** Beside its name: whose mix it is where there are several consoles, and its number where the name is another one. */
function about({ consoles }, { console, label }, name) {
	return [consoles.list.value.length > 1 && consoles.find(console).title, name && name !== label && label].filter(Boolean).join(" · ")
}
