/** Spill: the members of a DCA or a mute group stand alone in the bank, until the tab with the group's name leads back. */
import { consoleOf, localOf } from "../desk/consoles.js"
import { groupName, membersOf } from "../desk/mute-groups.js"
import { once } from "../desk/signal.js"
import { make } from "../elements/element.js"
import { icon } from "../elements/icon.js"

export const NOBODY = ["No strip in this group", "Strips come here as soon as the console has them in it."]

/** Draws the bank again when strips join or leave the group: once, however many do at a time. */
export function followMembers({ store, consoles, view }, draw) {
	const [stops, drawOnce] = [[], once(draw)]
	const follow = () => {
		for (const stop of stops.splice(0)) stop()
		const group = view.spill.value
		const console = group && consoles.find(consoleOf(group))
		if (console) stops.push(...membersOf(console, localOf(group)).map((path) => store.watch(path, drawOnce, true)))
	}
	for (const signal of [consoles.list, view.spill]) signal.watch(follow)
}

/** The tab of the group, among those of the layers; none while no group is spilled. */
export function spillTab(page, until) {
	const path = page.view.spill.value
	if (!path) return []
	const name = make("span")
	const tab = make("button.spilled", { press: () => page.view.showSpill(null), "aria-pressed": "true" }, name, icon("close"))
	const draw = () => {
		name.textContent = groupName(page, path)
		tab.setAttribute("aria-label", `Only ${name.textContent}: show all again`)
	}
	until(page.store.watch(`${path}/name`, draw))
	draw()
	return [tab]
}
