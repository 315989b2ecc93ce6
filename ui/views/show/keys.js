/** Keys of the set list, for the crew: Shift+G is GO, Shift+N and Shift+P only say where we are. */
import { nextOf, previousOf } from "../../desk/setlist.js"

const TYPING = "input, textarea, select"
const ACTS = {
	G: (show) => nextOf(show.list.value) && show.ask("go"),
	N: (show) => mark(show, nextOf(show.list.value)),
	P: (show) => mark(show, previousOf(show.list.value)),
}

/** Call once. A key that is held down is one press; two GOs within 0.3 s are one for the server. */
export function watchShowKeys({ show, people }, target = window) {
	target.addEventListener("keydown", (event) => {
		const act = event.shiftKey && ACTS[event.key]
		if (!act || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
		if (!people.isCrew || document.body.inert || event.target.closest?.(TYPING)) return
		event.preventDefault()
		act(show)
	})
}

function mark(show, scene) {
	return scene && show.ask("mark", { scene: scene.id })
}
