/** A strip that a group silences. */
import { houseOf, listed, silencersOf } from "../desk/mute-groups.js"
import { mark } from "./element.js"

/**
 * Marks a strip that an active mute group or a muted DCA silences: "G" on its mute key. A console's own group leaves the
 * key as the hand left it; one of ours, over consoles, has set it.
 */
export function followGroups(element) {
	const { strip, page: { store, consoles } } = element
	const pairs = silencersOf(strip)
	const house = houseOf(consoles.list.value)
	const muted = house && `${house.name}/muted`
	const draw = () => {
		const taken = muted && listed(store.get(muted)).includes(strip.path)
		const grouped = taken || pairs.some((pair) => pair.every((path) => store.get(path) === true))
		mark(element, "data-grouped", grouped)
		mark(element.heading.parentElement, "aria-description", grouped && "muted by a group")
	}
	for (const path of [...pairs.flat(), ...(muted ? [muted] : [])]) element.bind(path, draw)
}
