/** The page's one h1, for those who listen to it: which mix the faders are. The console keeps that one truest. */
import { watchAll } from "../desk/signal.js"
import { make } from "../elements/element.js"

export function buildHeading(page) {
	const { view, mine, consoles, store } = page
	const heading = make("h1.unseen")
	let stops = []
	const draw = () => {
		for (const stop of stops) stop()
		const own = mine.page.value !== "mixer"
		const mix = own ? mine.mix.value : view.mix.value
		const say = () => (heading.textContent = mix ? `${own ? "Your mix:" : "Sends to"} ${page.nameOf(mix)}` : own ? "Remote Mixer" : "Main mix")
		stops = mix ? [store.watch(`${mix}/name`, say)] : []
		if (consoles.strip(mix)) stops.push(page.pictures.look(mix, () => {}))
		say()
	}
	watchAll([view.mix, mine.mix, mine.page, consoles.list], draw)
	return heading
}
