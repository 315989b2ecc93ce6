/** The oldest hint, in a row between header and mixer: never over a fader, and moved only while no finger is near. */
import { Hints } from "../desk/hints.js"
import { make } from "../elements/element.js"
import { whenStill } from "../elements/fingers.js"
import { icon } from "../elements/icon.js"

export function showHints(page) {
	const { store } = page
	const hints = new Hints(page)
	const row = make("section.tray.hint", { role: "status", "aria-label": "Hints", hidden: true })
	let waits = false
	const draw = () => {
		waits = false
		const [hint, ...more] = hints.list.value
		row.hidden = !hint
		row.replaceChildren(...(hint ? [rowOf(hints, hint, more.length)] : []))
	}
	hints.list.watch(() => {
		if (waits) return
		waits = true
		whenStill(() => store.whenFree(draw))
	})
	page.mine.page.watch(() => document.querySelector(".trays")?.append(row)) // a musician's page has none
}

function rowOf(hints, hint, more) {
	const count = more > 0 && make("em", { "aria-label": `and ${more} more` }, `+${more}`)
	const words = make("p", {}, icon("warn"), make("b", {}, hint.text), count)
	const help = hint.values && make("button", { press: () => hints.help(hint) }, hint.word)
	return make("div.tray-row", {}, words, make("div.gives", {}, help, make("button", { press: () => hints.dismiss(hint) }, "Dismiss")))
}
