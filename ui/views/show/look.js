/** Looks at the plan of a scene: what the server would change, asked again while things change below it. */
import { STAYS } from "../../desk/plan.js"
import { make } from "../../elements/element.js"
import { whenStill } from "../../elements/fingers.js"
import { counted } from "../words.js"

/** Shortest time between two looks. */
const AGAIN_MS = 3000

/**
 * Asks at once, and again whenever something has changed since, but never often; no row changes under a finger. Returns
 * the way to stop. `wish` is a Signal of what the plan depends on beside the desk.
 */
export function lookAgain(page, ask, take, wish = null) {
	let [rev, stopped] = [null, false]
	const look = async () => {
		rev = page.store.rev
		const wished = wish?.value
		const answer = await ask()
		if (answer && !stopped && wished === wish?.value) whenStill(() => !stopped && take(answer))
	}
	const timer = setInterval(() => page.store.rev !== rev && page.link.online && look(), AGAIN_MS)
	const stops = [page.show.list.watch(look), wish?.watch((value) => value && look())]
	return () => {
		stopped = true
		clearInterval(timer)
		for (const stop of stops) stop?.()
	}
}

/** The scope of all that a scene keeps. */
export function everything({ names }) {
	return { consoles: null, strips: null, sections: Object.keys(names) }
}

/** "313 will change on 17 strips", and below how many stay, by reason. */
export function countsOf({ will, strips, stays }, words = "will change") {
	const first = make("p", {}, make("b", {}, `${will}`), ` ${words}${will ? ` on ${counted(strips)}` : ""}`)
	const others = Object.entries(STAYS).filter(([verdict]) => stays[verdict]).map(([verdict, [word]]) => make("span", { "data-verdict": verdict }, `${stays[verdict]} ${word}`))
	return [first, make("p", {}, ...others)]
}

export function changesText(count) {
	return counted(count, "change")
}
