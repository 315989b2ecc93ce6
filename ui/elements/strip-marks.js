/** What a strip shows beside its own controls: that a mute group silences it, and what its compressor takes away. */
import { silencersOf } from "../desk/mute-groups.js"
import { make, mark } from "./element.js"

/** Marks a strip that an active mute group silences: "G" on its mute key, which itself stays as the hand left it. */
export function followGroups(element) {
	const [pairs, { store }] = [silencersOf(element.strip), element.page]
	const draw = () => {
		const grouped = pairs.some((pair) => pair.every((path) => store.get(path) === true))
		mark(element, "data-grouped", grouped)
		mark(element.querySelector(".plate"), "aria-description", grouped && "silenced by a mute group")
	}
	for (const path of pairs.flat()) element.bind(path, draw)
}

export function reductionOf({ path, gains }) {
	return gains.includes("dyn") ? make("rm-reduction", { "data-tap": `${path}/dyn`, "aria-hidden": "true" }) : null
}
