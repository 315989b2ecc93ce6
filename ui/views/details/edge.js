/** The edge of the channel view: the bank's own strip, so that a finger finds the same fader there as in the bank. */
import { make, mark, wear } from "../../elements/element.js"

/** The strip as the bank shows it: in a mix its send into that mix, in the mix's colour and with its name above. */
export function edge(page, strip, rim, until) {
	const words = make("small")
	const to = make("div.to", { hidden: true }, words)
	const place = make("div.at-edge")
	let stop = null
	const draw = () => page.store.whenFree(() => {
		stop?.()
		const mix = mixFor(page, strip)
		mark(rim, "data-tinted", mix !== null)
		to.hidden = mix === null
		stop = mix && wear(page, mix, to, words)
		place.replaceChildren(make("rm-strip.edge").lay(strip, mix))
	})
	until(page.view.mix.watch(draw))
	until(() => stop?.())
	return [to, place]
}

/** The mix that the page shows, where this strip sends into it or is it. */
function mixFor({ consoles, view }, strip) {
	const mix = consoles.mix(view.mix.value)
	const sent = mix && strip.console === mix.console && strip.has(`send/${mix.id}/level`)
	return sent || mix?.path === strip.path ? mix : null
}
