/** The mute groups of a console as large keys: red while they silence, with how many strips belong to each. */
import { membersOf, muteGroupsOf } from "../../desk/mute-groups.js"
import { make } from "../../elements/element.js"

export function mutesView(page, { console: name }, until) {
	const console = page.consoles.find(name)
	if (!console) return { title: "Mute groups", body: make("p.quiet", {}, "Console not available.") }
	return { title: "Mute groups", body: make("div.mutes", {}, ...muteGroupsOf(console).map((group) => key(page, console, group, until))) }
}

function key({ store }, console, group, until) {
	const path = `${console.name}/mutegroup/${group}`
	const word = `Mute ${group}`
	const toggle = make("rm-toggle.mute", { "data-path": path, on: word, off: word, "aria-label": `Mute group ${group}` })
	const count = make("small")
	const members = membersOf(console, group)
	const draw = () => {
		const strips = members.filter((member) => store.get(member) === true).length
		count.textContent = strips === 1 ? "1 strip" : `${strips} strips`
	}
	for (const member of members) until(store.watch(member, draw))
	until(
		store.watch(`${path}/name`, (name) => {
			for (const attribute of ["on", "off"]) toggle.setAttribute(attribute, name || word)
			if (toggle.isConnected) toggle.draw()
		}),
	)
	draw()
	return make("div", {}, toggle, count)
}
