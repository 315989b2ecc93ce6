/** The rows that lead to a console's takes, scenes and mute groups; none where it has none of them. */
import { muteGroupsOf } from "../../desk/mute-groups.js"
import { isFor } from "../../desk/place.js"
import { timeWords } from "../../desk/take-words.js"
import { isRecorder } from "../../desk/takes.js"
import { make, mark } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"

export function waysInto(page, console, from, until = () => {}) {
	const go = (name) => () => page.view.panel.set({ name, console: console.name, from })
	const several = page.consoles.list.value.length > 1
	const row = (name, symbol, title, words) => make("button.row", { press: go(name), "data-way-to": name }, icon(symbol), make("b", {}, several ? `${title} · ${console.title}` : title), words)
	return [isFor("takes", { page: "mixer", role: page.mine.role }) && isRecorder(console) && row("takes", "record", "Takes", taken(page, console, until)), console.params.includes("scene/current") && row("scenes", "scenes", "Console scenes", current(page, console, until)), muteGroupsOf(console).length > 0 && row("mutes", "mutes", "Mute groups", active(page, console, until))].filter(Boolean)
}

/** "3 Main set", with a mark while the console went there by itself and nobody has looked. */
function current({ store, scenes }, { name }, until) {
	const words = make("small")
	const draw = () => {
		const number = scenes.current(name)
		words.textContent = number === null ? "" : `${number} ${scenes.nameOf(name, number)}`
		mark(words, "data-moved", scenes.moved.value.has(name))
	}
	until(store.watch(`${name}/scene/current`, draw))
	until(scenes.moved.watch(draw))
	return words
}

/** "3:12 recorded", "Gig.wav plays". */
function taken({ store }, { name }, until) {
	const words = make("small")
	const draw = () => {
		const [recorded, played] = ["recorder", "soundcheck"].map((part) => store.get(`${name}/${part}/file`))
		words.textContent = recorded ? `recording ${timeWords(store.get(`${name}/recorder/seconds`))}` : played ? `${played} plays` : "record, virtual soundcheck"
	}
	for (const local of ["recorder/file", "recorder/seconds", "soundcheck/file"]) until(store.watch(`${name}/${local}`, draw))
	draw()
	return words
}

function active({ store }, console, until) {
	const words = make("small")
	const groups = muteGroupsOf(console)
	const draw = () => {
		const on = groups.filter((group) => store.get(`${console.name}/mutegroup/${group}`) === true)
		words.textContent = on.length ? `active: ${on.join(", ")}` : "none active"
	}
	for (const group of groups) until(store.watch(`${console.name}/mutegroup/${group}`, draw))
	draw()
	return words
}
