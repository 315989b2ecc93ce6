/** The mute groups of a console as large keys: red while they silence, with how many strips belong to each. */
import { membersOf, muteGroupsOf, stripsIn } from "../../desk/mute-groups.js"
import { make } from "../../elements/element.js"
import { muteGroupKey } from "../mute-key.js"
import { counted } from "../words.js"

export function mutesView(page, { console: name }, until) {
	const console = page.consoles.find(name)
	if (!console) return { title: "Mute groups", body: make("p.quiet", {}, "Console not available.") }
	return { title: "Mute groups", body: make("div.mutes", {}, ...muteGroupsOf(console).map((group) => key(page, console, group, until))) }
}

function key(page, console, group, until) {
	const { store, view } = page
	const path = `${console.name}/mutegroup/${group}`
	const spill = make("button.spill", { press: () => [view.showSpill(path), view.panel.set(null)] }, "Show only these")
	const count = make("small")
	const members = membersOf(console, `mutegroup/${group}`)
	const draw = () => {
		const strips = stripsIn(console, `mutegroup/${group}`, store).length
		count.textContent = counted(strips)
		spill.hidden = strips === 0
	}
	for (const member of members) until(store.watch(member, draw))
	draw()
	return make("div", {}, muteGroupKey(page, console.name, group, until), count, spill)
}
