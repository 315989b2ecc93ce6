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
	const words = make("small", {}, bus?.label ?? "front of house")
	const one = make("button.row", { press, "data-mix": bus?.path ?? "" }, make("i.swatch"), title, words)
	if (bus) until(wear(page, bus, one, title))
	return one
}
