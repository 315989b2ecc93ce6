/** A strip that a group silences. */
import { silencersOf } from "../desk/mute-groups.js"
import { mark } from "./element.js"

/** Marks a strip that an active mute group or a muted DCA silences: "G" on its mute key, which itself stays as the hand left it. */
export function followGroups(element) {
	const [pairs, { store }] = [silencersOf(element.strip), element.page]
	const draw = () => {
		const grouped = pairs.some((pair) => pair.every((path) => store.get(path) === true))
		mark(element, "data-grouped", grouped)
		mark(element.heading.parentElement, "aria-description", grouped && "muted by a group")
	}
	for (const path of pairs.flat()) element.bind(path, draw)
}
