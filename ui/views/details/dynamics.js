/** A gate's or a compressor's page: its curve, what it takes away now, and its params. */
import { make } from "../../elements/element.js"
import { rows } from "./rows.js"

export function dynamicsPage(part) {
	return (page, strip, until, locals) => {
		const plotted = strip.has(`${part}/threshold`)
		const reduction = strip.gains.includes(part) && make("rm-reduction", { "data-tap": `${strip.path}/${part}`, words: true, role: "img", "aria-label": "Gain reduction" })
		const figure = (plotted || reduction) && make("div.figure.law", {}, plotted && make("rm-dynamics.plot").lay(strip, part), reduction)
		return [figure, make("div.side", {}, ...rows(page, strip, locals, until))]
	}
}
