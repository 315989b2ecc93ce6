/** The pages of gate and compressor. */
import { make } from "../../elements/element.js"
import { rows } from "./rows.js"
import { wordFor } from "./table.js"

/** A gate's or a compressor's page: its curve, its gain reduction, that of the automatic mixing, its params. */
export function dynamicsPage(part, others = []) {
	return (page, strip, until, locals) => {
		const plotted = strip.has(`${part}/threshold`)
		const reductions = [part, ...others].filter((tap) => strip.gains.includes(tap)).map((tap) => reductionOf(strip, tap, part))
		const figure = (plotted || reductions.length > 0) && make("div.figure.law", {}, plotted && make("rm-dynamics.plot").lay(strip, part), ...reductions)
		return [figure, make("div.side", {}, ...rows(page, strip, locals, until))]
	}
}

/** What a part of a strip takes away; one that is not the page's own is named. */
function reductionOf({ path }, tap, own) {
	const name = tap === own ? "Gain reduction" : wordFor(tap)
	return make("rm-reduction", { "data-tap": `${path}/${tap}`, "data-name": tap === own ? null : name, words: true, role: "img", "aria-label": name })
}
