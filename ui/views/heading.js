/** The page's one h1, for those who listen to it: which mix the faders are. */
import { watchAll } from "../desk/signal.js"
import { make } from "../elements/element.js"

export function buildHeading(page) {
	const { view, mine, consoles, store } = page
	const heading = make("h1.unseen")
	let stop = () => {}
	const draw = () => {
		stop()
		const own = mine.page.value !== "mixer"
		const mix = own ? mine.mix.value : view.mix.value
		const say = () => (heading.textContent = mix ? `${own ? "Your mix:" : "Sends to"} ${page.nameOf(mix)}` : own ? "Remote Mixer" : "Main mix")
		stop = mix ? store.watch(`${mix}/name`, say) : () => {}
		say()
	}
	watchAll([view.mix, mine.mix, mine.page, consoles.list], draw)
	return heading
}
